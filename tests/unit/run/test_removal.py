"""Whatever an agent left in a folder, the folder can be removed."""

import os
from pathlib import Path

from driftlang.run.removal import remove_tree


def test_folders_in_each_other_deeper_than_any_path_reaches(tmp_path: Path):
    folder = tmp_path / "tree"
    folder.mkdir()
    here = os.open(folder, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("folder", dir_fd=here)
        inner = os.open("folder", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    remove_tree(folder)
    assert list(tmp_path.iterdir()) == []


def test_closed_folders_and_names_that_are_taken(tmp_path: Path):
    folder = tmp_path / "tree"
    inner = folder / "closed" / "inner"
    inner.mkdir(parents=True)
    (folder / "0.left").mkdir()
    (inner / "file").write_bytes(b"x")
    (inner / "file").chmod(0)
    inner.chmod(0)
    inner.parent.chmod(0o500)
    remove_tree(folder)
    assert list(tmp_path.iterdir()) == []


def test_what_a_link_points_to_stays(tmp_path: Path):
    kept, folder = tmp_path / "kept", tmp_path / "tree"
    kept.mkdir()
    (kept / "file").write_bytes(b"x")
    folder.mkdir()
    (folder / "link").symlink_to(kept)
    remove_tree(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (kept / "file").read_bytes() == b"x"


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path):
    remove_tree(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
