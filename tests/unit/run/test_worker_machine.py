"""What a worker keeps on its machine: plans by their digest, and notes of attempts under way."""

import os
import subprocess
from pathlib import Path

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.run.cluster import plan_store
from driftlang.run.cluster.left_behind import LeftBehind
from driftlang.run.cluster.plan_store import find_plan, keep_plan, pack_plan
from driftlang.run.folder import digest_folder
from driftlang.run.places import take_place
from driftlang.run.reaping import MARKER_NAME, new_marker


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(plan_store, "_known", {})
    plan_store._store.cache_clear()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "plan"
    (folder / "repos").mkdir(parents=True)
    (folder / "plan.toml").write_text("[study]\n")
    (folder / "repos" / "run.sh").write_text("#!/bin/sh\n")
    (folder / "repos" / "run.sh").chmod(0o755)
    (folder / "repos" / "link").symlink_to("run.sh")
    return folder


def test_a_plan_on_a_shared_folder_is_used_where_it_is(plan: Path):
    assert find_plan(digest_folder(plan), plan) == plan


def test_a_plan_that_was_sent_is_kept_as_it_was(plan: Path):
    digest = digest_folder(plan)
    assert find_plan(digest, Path("/nowhere/plan")) is None
    keep_plan(digest, pack_plan(plan))
    found = find_plan(digest, Path("/nowhere/plan"))
    assert found is not None
    assert found != plan
    assert digest_folder(found) == digest
    assert os.access(found / "repos" / "run.sh", os.X_OK)


def test_a_plan_that_was_sent_twice_is_kept_once(plan: Path, tmp_path: Path):
    digest = digest_folder(plan)
    for _ in range(2):
        keep_plan(digest, pack_plan(plan))
    assert [path.name for path in (tmp_path / "cache" / "driftlang" / "plans").iterdir()] == [digest]


def test_a_folder_at_the_same_path_with_other_files_is_not_taken_for_the_plan(plan: Path):
    digest = digest_folder(plan)
    (plan / "plan.toml").write_text("[other]\n")
    assert find_plan(digest, plan) is None


def test_files_that_are_not_those_of_the_digest_are_refused_and_not_kept(plan: Path, tmp_path: Path):
    with pytest.raises(Failure, match="not the plan that was sent"):
        keep_plan("0" * 64, pack_plan(plan))
    assert list((tmp_path / "cache" / "driftlang" / "plans").iterdir()) == []


def test_what_a_dead_worker_left_is_ended_and_removed():
    left, marker = LeftBehind(), new_marker()
    with take_place("t1", "shop") as place:
        pass
    left.note(place.key, marker)
    place.work_tree.mkdir(parents=True)
    with subprocess.Popen(["sleep", "600"], env={**os.environ, MARKER_NAME: marker}) as process:
        try:
            left.clear()
            assert process.wait(10) == -9
        finally:
            process.kill()
    assert not place.holder.exists()
    assert list(left._folder.iterdir()) == []


def test_an_attempt_under_way_is_left_alone():
    left, marker = LeftBehind(), new_marker()
    with (
        take_place("t1", "shop") as place,
        subprocess.Popen(["sleep", "600"], env={**os.environ, MARKER_NAME: marker}) as process,
    ):
        try:
            left.note(place.key, marker)
            left.clear()
            assert process.poll() is None
            assert place.root.is_dir()
        finally:
            process.kill()
    left.forget(place.key)
    assert list(left._folder.iterdir()) == []
