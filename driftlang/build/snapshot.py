"""Immutable snapshots of folders: written once, compared byte by byte, and carried over from a former build.

In: what a folder holds. Out: the folder; or whether one that is there holds that and nothing else.
Refuses to do: trusting what is there. A file is carried over when its content was read and is what would be written;
a link, a device, another mode, a file too many or too few is reason enough to write the folder anew.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from attrs import field, frozen


@frozen
class StoredFile:
    """A file's content, and whether it may be run."""

    content: bytes = field(repr=False)
    is_executable: bool = False


@frozen
class Snapshot:
    """What a folder holds: files by path relative to it, with `/`; and folders, that empty ones stand as well."""

    files: Mapping[str, StoredFile]
    empty: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """Every folder within, parents first."""
        found = set(self.empty)
        for path in {path.rpartition("/")[0] for path in self.files} | found:
            found.update(parent.as_posix() for parent in (PurePosixPath(path), *PurePosixPath(path).parents))
        return tuple(sorted(found - {"", "."}))


def write_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write everything into `folder`, which is made with what stands above it.

    Raises:
        OSError: when the file system refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = str(folder)
    for path in snapshot.folders:
        os.mkdir(f"{root}/{path}")  # noqa: PTH102 - thousands of files: a `Path` for each would cost more than writing
    for path, file in snapshot.files.items():
        write_file(f"{root}/{path}", file)


def write_file(path: str, file: StoredFile) -> None:
    """Write one file, which must not be there.

    Raises:
        OSError: when the file system refuses.
    """
    mode = 0o777 if file.is_executable else 0o666
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb", buffering=0) as stream:  # noqa: PTH123 - a descriptor, for the mode to be set at once
        written = stream.write(file.content)
        while written < len(file.content):
            written += stream.write(file.content[written:])


def is_file_there(path: str, file: StoredFile) -> bool:
    """Whether the file stands at `path` as it would be written: a plain file with this content and mode."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(file.content):
            return False
        if bool(found.st_mode & stat.S_IXUSR) != file.is_executable:
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor, that no link is followed
            return stream.readall() == file.content
    except OSError:
        return False


def is_there(snapshot: Snapshot, folder: Path) -> bool:
    """Whether `folder` holds the snapshot and nothing else."""
    root = str(folder)
    if not is_plain_folder(root):
        return False
    try:
        found = frozenset(walk(root))
    except OSError:
        return False
    wanted = frozenset((*snapshot.files, *(f"{path}/" for path in snapshot.folders)))
    return found == wanted and all(is_file_there(f"{root}/{path}", file) for path, file in snapshot.files.items())


def is_plain_folder(path: str) -> bool:
    """Whether a folder stands there, and no link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def walk(root: str, within: str = "") -> Iterator[str]:
    """Every entry below a folder, relative to it; folders with a slash behind; links are not followed.

    Raises:
        OSError: when a folder cannot be read.
    """
    with os.scandir(f"{root}/{within}") as entries:
        for entry in entries:
            path = f"{within}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield f"{path}/"
                yield from walk(root, f"{path}/")
            else:
                yield path


def carry_over(snapshot: Snapshot, former: Path, folder: Path) -> None:
    """Have the files of `former`, which holds the snapshot, in `folder` too: the same files, not copies.

    Raises:
        OSError: when the file system refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in snapshot.folders:
        os.mkdir(f"{folder}/{path}")  # noqa: PTH102 - as above
    for path in snapshot.files:
        os.link(f"{former}/{path}", f"{folder}/{path}", follow_symlinks=False)


def lines_of(snapshot: Snapshot, within: str = "") -> Iterator[str]:
    """A line for each file and folder of a snapshot that stands in `within`, which ends with a slash."""
    yield from (f"{within}{path}/" for path in snapshot.folders)
    for path, file in snapshot.files.items():
        yield _line(f"{within}{path}", file.content, is_executable=file.is_executable)


def lines_there(folder: Path) -> Iterator[str]:
    """The same of a folder, every byte of which is read.

    Raises:
        OSError: something in it is neither folder nor plain file, or cannot be read.
    """
    root = str(folder)
    for path in walk(root):
        if path.endswith("/"):
            yield path
            continue
        descriptor = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor, that no link is followed
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise OSError(None, "no plain file", path)
            yield _line(path, stream.readall(), is_executable=bool(state.st_mode & stat.S_IXUSR))


def seal_of(lines: Iterable[str]) -> str:
    """What tells a folder's whole content from any other: the sha256 over its lines, sorted."""
    return sha256("\0\0".join(sorted(lines)).encode("utf-8", "surrogateescape")).hexdigest()


def _line(path: str, content: bytes, *, is_executable: bool) -> str:
    # The digest's length is fixed, so that no path reads as another line.
    return f"{path}\0{'x' if is_executable else '-'}{sha256(content).hexdigest()}"
