"""What a killed runner left is ended and removed; what a living one works at is not, though a journal names it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from journals import DIGEST, TRIALS, open_journal

from driftlang.run import runner
from driftlang.run.journal import Journal
from driftlang.run.places import take_place
from driftlang.run.reaping import MARKER_NAME, new_marker


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def marker() -> str:
    return new_marker()


@pytest.fixture
def server(marker: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that stands for the runner's server."""
    with subprocess.Popen(["sleep", "600"], env={**os.environ, MARKER_NAME: marker}) as process:
        yield process
        process.kill()


def _clean_up_after(journal: Journal) -> None:
    runner._reap_killed(journal)


def test_what_a_killed_runner_left_is_ended_and_removed(tmp_path: Path, marker: str, server: "subprocess.Popen[bytes]"):
    with take_place("t1", "shop") as place:
        pass
    place.work_tree.mkdir(parents=True)
    with open_journal(tmp_path) as journal:
        journal.begin("t1", marker, place.key)
        _clean_up_after(journal)
        assert journal.cut_attempts() == ()
    assert server.wait(10) == -9
    assert not place.holder.exists()


def test_a_copied_run_folder_does_not_end_the_server_of_the_runner_at_work(
    tmp_path: Path, marker: str, server: "subprocess.Popen[bytes]"
):
    first, copy = tmp_path / "first", tmp_path / "copy"
    first.mkdir()
    with take_place("t1", "shop") as place:
        with open_journal(first) as journal:
            journal.begin("t1", marker, place.key)
        shutil.copytree(first, copy)
        with Journal(copy, DIGEST, TRIALS) as journal:
            _clean_up_after(journal)
            assert len(journal.cut_attempts()) == 1, "it is left for the next time"
        assert server.poll() is None
        assert place.root.is_dir()


def test_what_a_runner_left_that_was_killed_right_behind_the_end_of_an_attempt_is_removed(
    tmp_path: Path, marker: str, server: "subprocess.Popen[bytes]"
):
    with take_place("t1", "shop") as place:
        pass
    place.work_tree.mkdir(parents=True)
    place.root.mkdir()
    with open_journal(tmp_path) as journal:
        journal.end(journal.begin("t1", marker, place.key), "", 1.0, ())
        _clean_up_after(journal)
        assert journal.statuses()["t1"] == "finished"
    assert server.wait(10) == -9
    assert not place.holder.exists()
    assert not place.root.exists()
