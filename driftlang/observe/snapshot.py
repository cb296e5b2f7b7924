"""Snapshots: what stands in a work tree at one moment.

In: a folder that somebody else (an agent) writes to. Out: a `Tree`; contents go to a store by their sha256.
Refuses to do: following links, reading `.git` folders, opening anything but regular files, and trusting git, whose
index and ignore rules the agent can write. An unchanged file is not read again as long as the caller keeps `Seen`.
"""

import errno
import os
import stat
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from driftlang.diagnostics.failure import Failure
from driftlang.observe.forms import Entry, Tree

#: A larger file is kept by its digest alone, in bytes.
FILE_LIMIT = 8 * 1024 * 1024
#: More than this is read for no snapshot, in bytes: a sparse file can claim any size.
READ_LIMIT = 512 * 1024 * 1024
#: More files than this are no work tree that a step's observation could rest on.
COUNT_LIMIT = 50_000
#: A file changed this shortly before it was read may change again within the same tick of the file system's clock,
#: so what was read is not taken for what stands there next time, in nanoseconds (git's "racily clean" entries).
_FRESH = 2_000_000_000
_CHUNK = 1 << 20

#: What tells that a file was not written since: size, modification and change time (ns), inode, mode.
_Signature = tuple[int, int, int, int, int]


class Store(Protocol):
    """Where contents go."""

    def keep(self, digest: str, content: bytes) -> None:
        """Keep `content`, whose sha256 is `digest`; a digest already kept may come again."""


@frozen
class Kept:
    """A store in memory, by digest; the journal takes it over with the step."""

    contents: dict[str, bytes] = field(factory=dict)

    def keep(self, digest: str, content: bytes) -> None:
        """Keep `content`."""
        self.contents[digest] = content


@frozen
class Seen:
    """What earlier snapshots of the same work tree read, by path, so that it need not be read again."""

    _entries: dict[str, tuple[_Signature, Entry]] = field(factory=dict)

    def find(self, path: str, signature: _Signature) -> tuple[Entry, ...]:
        """The entry of an unchanged file, or nothing."""
        known = self._entries.get(path)
        return (known[1],) if known is not None and known[0] == signature else ()

    def note(self, path: str, signature: _Signature, entry: Entry, started: int) -> None:
        """Remember a file that was last written well before the snapshot `started` (ns since the epoch)."""
        if started - max(signature[1], signature[2]) > _FRESH:
            self._entries[path] = (signature, entry)


@frozen
class _Found:
    """A file of the walk: its path in the work tree, where it is, and what `lstat` said."""

    path: str
    place: str
    status: os.stat_result


def take(work_tree: Path, store: Store, seen: Seen | None = None) -> Tree:
    """The snapshot of `work_tree`; contents that are new to `seen` go to `store`.

    Raises:
        Failure: the work tree is gone, or holds more than `COUNT_LIMIT` files or `READ_LIMIT` bytes to read.
    """
    memory = Seen() if seen is None else seen
    started = time.time_ns()
    entries: dict[str, Entry] = {}
    skipped: list[str] = []
    budget = READ_LIMIT
    for found in _walk(work_tree, skipped):
        if len(entries) >= COUNT_LIMIT:
            raise Failure(f"the work tree holds more than {COUNT_LIMIT} files")
        known = memory.find(found.path, _signature(found.status))
        if known:
            entries[found.path] = known[0]
            continue
        budget -= found.status.st_size
        if budget < 0:
            raise Failure(f"the work tree holds more than {READ_LIMIT // (1024 * 1024)} MiB of new content")
        try:
            entry, signature = _read(found, store)
        except OSError as trouble:
            if trouble.errno != errno.ENOENT:  # a file that went away meanwhile was not there
                skipped.append(f"{found.path}: {(trouble.strerror or 'unreadable').lower()}")
            continue
        entries[found.path] = entry
        memory.note(found.path, signature, entry, started)
    return Tree(dict(sorted(entries.items())), tuple(sorted(skipped)))


def _walk(work_tree: Path, skipped: list[str]) -> Iterator[_Found]:
    """Regular files and links, in no particular order; other kinds and closed folders are noted in `skipped`."""
    try:
        root = os.open(work_tree, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as trouble:
        raise Failure(f"the work tree is gone: {(trouble.strerror or 'unreadable').lower()}") from trouble
    os.close(root)
    folders = [(os.fspath(work_tree), "")]
    while folders:
        place, prefix = folders.pop()
        try:
            with os.scandir(place) as listing:
                children = [child for child in listing if child.name != ".git"]
        except OSError as trouble:
            skipped.append(f"{prefix or '.'}: {(trouble.strerror or 'unreadable').lower()}")
            continue
        for child in children:
            path = prefix + _spelled(child.name)
            try:
                status = child.stat(follow_symlinks=False)
            except OSError:
                continue  # went away between listing and looking
            if stat.S_ISDIR(status.st_mode):
                folders.append((child.path, path + "/"))
            elif stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                yield _Found(path, child.path, status)
            else:
                skipped.append(f"{path}: not a regular file")


def _spelled(name: str) -> str:
    """A name that no other name is spelled like: bytes that are not UTF-8 as escapes, a backslash as two."""
    return os.fsencode(name).replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def _signature(status: os.stat_result) -> _Signature:
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode)


def _read(found: _Found, store: Store) -> tuple[Entry, _Signature]:
    """The entry of a file as it is now, and the signature it had before it was read."""
    if stat.S_ISLNK(found.status.st_mode):
        content = os.fsencode(Path(found.place).readlink())
        digest = sha256(content).hexdigest()
        store.keep(digest, content)
        return Entry("120000", digest, len(content)), _signature(found.status)
    # Neither a link nor a pipe that took the file's place meanwhile is opened, or waited for.
    handle = os.open(found.place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        mode = "100755" if status.st_mode & stat.S_IXUSR else "100644"
        # Somebody may be writing to it: what comes after the size that it had is not waited for.
        bound = min(max(status.st_size, FILE_LIMIT + 1), READ_LIMIT)
        sum_, size, kept = sha256(), 0, bytearray()
        while size < bound and (chunk := stream.read(min(_CHUNK, bound - size))):
            sum_.update(chunk)
            size += len(chunk)
            if size <= FILE_LIMIT:
                kept += chunk
    digest, is_kept = sum_.hexdigest(), size <= FILE_LIMIT
    if is_kept:
        store.keep(digest, bytes(kept))
    return Entry(mode, digest, size, is_kept), _signature(status)
