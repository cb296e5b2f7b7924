"""A folder that appears whole: the steps between, and builds that are killed in them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from driftlang.build.staging import MANIFEST_FILE, write_whole
from driftlang.diagnostics.failure import ExitStatus, Failure

#: A build that is killed at the rename of this number.
_KILLED = """
import os, signal, sys
from pathlib import Path
from driftlang.build import staging

rename, done = Path.rename, []

def rename_or_die(self, target):
    done.append(target)
    if len(done) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)

Path.rename = rename_or_die
staging.write_whole(Path(sys.argv[1]), lambda folder: (folder / staging.MANIFEST_FILE).write_text("new") and None)
"""


def write(target, words):
    write_whole(target, lambda folder: (folder / MANIFEST_FILE).write_text(words) and None)


def kill_build(target, rename):
    done = subprocess.run([sys.executable, "-c", _KILLED, target, str(rename)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("rename", [1, 2])
def test_what_a_killed_build_put_aside_comes_back_with_the_next_one(tmp_path, rename):
    target = tmp_path / "demo"
    write(target, "old")
    kill_build(target, rename)

    def refuse(_):
        raise OSError(28, os.strerror(28))

    with pytest.raises(Failure, match="no space left"):
        write_whole(target, refuse)
    assert (target / MANIFEST_FILE).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_the_next_build_removes_what_a_killed_one_left_and_nothing_else(tmp_path):
    target = tmp_path / "demo"
    write(target, "old")
    (tmp_path / ".demo.20250101").mkdir()
    kill_build(target, 2)
    write(target, "newer")
    assert (target / MANIFEST_FILE).read_text() == "newer"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".demo.20250101", "demo"]


def test_where_the_new_folder_cannot_take_the_place_the_old_one_comes_back(tmp_path, monkeypatch):
    target, rename, done = tmp_path / "demo", Path.rename, []
    write(target, "old")

    def refuse_second(self, goal):
        done.append(goal)
        if len(done) == 2:
            raise OSError(13, os.strerror(13))
        return rename(self, goal)

    monkeypatch.setattr(Path, "rename", refuse_second)
    with pytest.raises(Failure, match="permission denied") as failure:
        write(target, "new")
    assert failure.value.status == ExitStatus.INFRASTRUCTURE
    assert (target / MANIFEST_FILE).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
