"""What a server leaves behind is found by its marker and ended; nothing else is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from driftlang.run import reaping
from driftlang.run.reaping import MARKER_NAME, marked, new_marker, reap

#: Starts a grandchild in a session of its own, as OpenCode's shell does, says its id, and ends.
PARENT = """
import subprocess, sys
child = subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(child.pid, flush=True)
"""


def _orphan(marker: str) -> int:
    """A process that outlived its parent and left its session; its id."""
    environment = {**os.environ, MARKER_NAME: marker}
    ended = subprocess.run([sys.executable, "-c", PARENT], env=environment, capture_output=True, check=True, text=True)
    return int(ended.stdout)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_orphan_in_its_own_session_is_ended():
    marker = new_marker()
    orphan = _orphan(marker)
    assert marked(marker) == (orphan,)
    assert reap(marker) == 1
    assert not _is_alive(orphan)
    assert marked(marker) == ()


def test_a_process_with_another_marker_is_left_alone():
    mine, other = new_marker(), new_marker()
    orphan = _orphan(other)
    try:
        assert reap(mine) == 0
        assert reap(mine[:-1]) == 0
        assert reap(other[:-1]) == 0, "a marker is compared whole"
        assert _is_alive(orphan)
    finally:
        reap(other)


def test_an_id_that_became_another_process_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    """Between the list and the signal an id can pass to somebody else."""
    other = new_marker()
    orphan = _orphan(other)
    monkeypatch.setattr(reaping, "marked", lambda _: (orphan,))
    try:
        assert reap(new_marker()) == 0
        assert _is_alive(orphan)
    finally:
        monkeypatch.undo()
        reap(other)


def test_no_marker_means_no_process():
    assert (reap(""), marked("")) == (0, ())


def test_markers_differ():
    assert len({new_marker() for _ in range(100)}) == 100
