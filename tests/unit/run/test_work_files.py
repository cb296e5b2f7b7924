"""Files of a work tree are looked through and opened whatever an agent, or what it left running, made of them."""

import os
from pathlib import Path

import pytest

from driftlang.run.work_files import paths_of, read_file, rewrite_file


def _deep(folder: Path, levels: int) -> None:
    """Folders in each other, more than a path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("deepest.py", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


def test_files_are_found_in_the_order_of_their_names_and_what_is_hidden_installed_or_linked_is_not(tmp_path: Path):
    for path in ("b.py", "a/z.py", "a/b/c.py", ".git/config", "node_modules/x.js"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"")
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    (tmp_path / "loop").symlink_to("loop")
    assert list(paths_of(tmp_path)) == ["b.py", "loop", "a/z.py", "a/b/c.py"]


def test_folders_deeper_than_any_path_reaches_end_the_search(tmp_path: Path):
    (tmp_path / "a.py").write_bytes(b"")
    _deep(tmp_path, 2500)
    assert list(paths_of(tmp_path)) == ["a.py"]


@pytest.mark.parametrize("act", [read_file, lambda file: rewrite_file(file, b"x")], ids=["read", "rewritten"])
def test_a_pipe_that_took_the_files_place_is_not_waited_for(tmp_path: Path, act):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file any more"):
        act(tmp_path / "pipe")


@pytest.mark.parametrize("act", [read_file, lambda file: rewrite_file(file, b"x")], ids=["read", "rewritten"])
def test_a_link_that_took_the_files_place_is_not_followed(tmp_path: Path, act):
    (tmp_path / "outside").write_bytes(b"kept")
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="link"):
        act(tmp_path / "link")
    assert (tmp_path / "outside").read_bytes() == b"kept"
