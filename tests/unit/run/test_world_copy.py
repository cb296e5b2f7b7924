"""A world is copied whole and made again in place."""

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from driftlang.run import world_copy
from driftlang.run.server import AttemptError
from driftlang.run.world_copy import Folder, WorldCopy, keep_world


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with what a copy can lose: modes, times, links, an empty folder, a hole."""
    tree = tmp_path / "ledger"
    (tree / "src" / "empty").mkdir(parents=True)
    (tree / "src" / "a.py").write_text("a = 1\n")
    (tree / "run.sh").write_text("#!/bin/sh\n")
    (tree / "run.sh").chmod(0o750)
    (tree / "link").symlink_to("src/a.py")
    (tree / "away").symlink_to("/nowhere/at/all")
    (tree / "twin.sh").hardlink_to(tree / "run.sh")
    with (tree / "hole").open("wb") as file:
        file.truncate(1 << 30)
    os.utime(tree / "src" / "a.py", ns=(1_700_000_000_000_000_123, 1_700_000_000_000_000_456))
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    return tree


def keep(tree: Path) -> WorldCopy:
    return keep_world((Folder(tree),), tree.parent / "kept")


def look(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that a reader can tell of a folder; the holes of a large file are not read."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content: object = None
        if path.is_symlink():
            content = path.readlink()
        elif path.is_file() and status.st_size < 1 << 20:
            content = path.read_bytes()
        mtime = status.st_mtime_ns if not stat.S_ISLNK(status.st_mode) else 0
        links = 0 if stat.S_ISDIR(status.st_mode) else status.st_nlink
        size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
        found[path.relative_to(folder).as_posix()] = (oct(status.st_mode), size, mtime, links, content)
    return found


def test_a_world_that_was_changed_in_every_way_is_as_it_was(tree: Path):
    before, inode = look(tree), tree.stat().st_ino
    world = keep(tree)
    (tree / "src" / "a.py").write_text("a = 2\n")
    (tree / "run.sh").chmod(0o644)
    (tree / "link").unlink()
    (tree / "link").mkdir()
    (tree / "new").write_text("new\n")
    (tree / "src" / "empty").rmdir()
    (tree / ".git" / "HEAD").write_text("ref: refs/heads/other\n")
    assert world.restore()
    assert look(tree) == before
    assert tree.stat().st_ino == inode, "a server and a sandbox hold on to the folder itself"


def test_a_hole_stays_a_hole(tree: Path):
    world = keep(tree)
    (tree / "new").write_text("new\n")
    world.restore()
    assert (tree / "hole").stat().st_blocks * 512 < 1 << 20


def test_a_world_that_was_not_changed_is_not_touched(tree: Path):
    inodes = {path: path.lstat().st_ino for path in tree.rglob("*")}
    assert not keep(tree).restore()
    assert {path: path.lstat().st_ino for path in tree.rglob("*")} == inodes


def test_a_world_can_be_made_again_more_than_once(tree: Path):
    before, world = look(tree), keep(tree)
    for text in ("a = 2\n", "a = 3\n"):
        (tree / "src" / "a.py").write_text(text)
        assert world.restore()
        assert look(tree) == before
        assert not world.restore()


def test_a_change_that_keeps_size_and_time_is_seen(tree: Path):
    world, file = keep(tree), tree / "src" / "a.py"
    times = file.stat()
    file.write_text("a = 9\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert world.restore()
    assert file.read_text() == "a = 1\n"


def test_folders_that_were_closed_are_removed_all_the_same(tree: Path):
    world = keep(tree)
    (tree / "closed" / "inner").mkdir(parents=True)
    (tree / "closed" / "inner" / "file").write_text("x")
    (tree / "closed" / "inner").chmod(0o000)
    (tree / "closed").chmod(0o000)
    world.restore()
    assert not (tree / "closed").exists()


def test_folders_that_stay_are_the_same_folders(tree: Path):
    """Something may be mounted on one of them where the agent is."""
    inodes = {path: path.stat().st_ino for path in tree.rglob("*") if path.is_dir() and not path.is_symlink()}
    world = keep(tree)
    for path in (path for path in inodes if ".git" not in path.parts):
        (path / "new").write_text("new\n")
        path.chmod(0o700)
    assert world.restore()
    assert {path: path.stat().st_ino for path in inodes} == inodes


def test_what_is_somebody_else_s_is_left_alone(tree: Path):
    world = keep_world((Folder(tree, frozenset({"src", "run.sh"})),), tree.parent / "kept")
    (tree / "src" / "a.py").write_text("a = 2\n")
    (tree / "run.sh").unlink()
    assert not (tree.parent / "kept" / "0" / "src").exists()
    (tree / "new").write_text("new\n")
    assert world.restore()
    assert ((tree / "src" / "a.py").read_text(), (tree / "run.sh").exists(), (tree / "new").exists()) == (
        *("a = 2\n", False, False),
    )


def test_several_folders_are_one_world(tree: Path, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".profile").write_text("one\n")
    world = keep_world((Folder(tree), Folder(home)), tmp_path / "kept")
    (home / ".profile").write_text("two\n")
    assert world.restore()
    assert (home / ".profile").read_text() == "one\n"
    world.remove()
    assert not (tmp_path / "kept").exists()


def test_what_cannot_be_copied_ends_the_attempt_and_leaves_no_copy(tmp_path: Path):
    with pytest.raises(AttemptError, match="could not be copied"):
        keep_world((Folder(tmp_path / "gone"),), tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_full_disk_is_the_machine_s_trouble(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cp"
    program.write_text("#!/bin/sh\necho \"cp: error writing 'a': No space left on device\" >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setitem(world_copy._PLAIN_WORDS, "PATH", str(tmp_path / "bin"))
    with pytest.raises(OSError, match="No space left on device") as trouble:
        keep(tree)
    assert trouble.value.errno == errno.ENOSPC
    assert not (tree.parent / "kept").exists()
