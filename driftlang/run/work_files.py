"""Files of a work tree that an agent has had its hands in.

In: a work tree, a file in it. Out: its content, or the reason why it is not to be touched.
Refuses to do: reading or writing outside the work tree. The agent may have put a link, a folder or nothing where the
file was, or taken the right to it away.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from driftlang.observe.snapshot import FILE_LIMIT

GONE = "the file is gone"
#: Trouble of the whole machine: another trial would meet it as well.
MACHINE_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
#: Files of a work tree that are looked through: an agent may have installed any number.
_MOST_FILES = 2000
_INSTALLED = "node_modules"


def why_closed(work_tree: Path, file: Path) -> str:
    """Why `file` must not be written to, or empty."""
    if not os.path.lexists(file):
        return GONE
    if file.is_symlink() or not file.is_file():
        return "the file is not a regular file any more"
    if not file.resolve().is_relative_to(work_tree.resolve()):
        return "the file is not in the repository any more"
    return "" if os.access(file, os.R_OK | os.W_OK) else "the file may not be written any more"


def read_file(file: Path) -> bytes | str:
    """The file's content, or why it is not read: a sparse file can claim any size."""
    with os.fdopen(_open(file, os.O_RDONLY), "rb") as stream:
        content = stream.read(FILE_LIMIT + 1)
    return content if len(content) <= FILE_LIMIT else f"the file is larger than {FILE_LIMIT // (1024 * 1024)} MiB"


def rewrite_file(file: Path, content: bytes) -> str:
    """New content, the same inode and mode; always empty, as nothing is in the way."""
    with os.fdopen(_open(file, os.O_RDWR), "r+b") as stream:
        stream.write(content)
        stream.truncate()
    return ""


def _open(file: Path, flags: int) -> int:
    """A descriptor of the file itself; a link or a pipe that took its place is neither followed nor waited for.

    Raises:
        OSError: it is no regular file.
    """
    handle = os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file any more", str(file))
    return handle


def create_file(work_tree: Path, file: Path, content: bytes) -> str:
    """A new file in folders that are made if need be; empty, or why it must not be there."""
    there = next(parent for parent in file.parents if os.path.lexists(parent))
    if not there.is_dir() or not there.resolve().is_relative_to(work_tree.resolve()):
        return "the file's folder is not in the repository"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(content)
    return ""


def paths_of(work_tree: Path) -> Iterator[str]:
    """The files that people would look through, by name: none that is hidden, installed or behind a link.

    Folders can be in each other deeper than any path reaches: those that cannot be listed are left out.
    """
    left, number = [""], 0
    while left:
        prefix = left.pop()
        entries = _listing(work_tree / prefix)
        inner = [name for name, is_folder in entries if is_folder and not name.startswith(".") and name != _INSTALLED]
        left += [f"{prefix}{name}/" for name in reversed(inner) if not (work_tree / prefix / name).is_symlink()]
        for name, is_folder in entries:
            number += 1
            if number > _MOST_FILES:
                return
            if not is_folder:
                yield prefix + name


def _listing(folder: Path) -> list[tuple[str, bool]]:
    """Names in a folder, sorted, and whether each is a folder, or a link to one."""
    try:
        with os.scandir(folder) as listing:
            return sorted((entry.name, _is_folder(entry)) for entry in listing)
    except OSError:
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
