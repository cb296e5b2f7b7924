"""Git's index: which files stand in the work tree.

In: entries. Out: bytes of an index of version 2 (`gitformat-index`), and back.
Refuses to do: extensions, stages, intent to add. GitPython has a writer as well, but importing it starts a git process
and needs one installed.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha1
from os import stat_result
from struct import error as StructError  # noqa: N812 - a class, for all its name
from struct import pack, unpack_from

from attrs import frozen

#: ctime and mtime (seconds, nanoseconds), device, inode, mode, user, group, size, object id, flags.
_FIXED = ">10L20sH"
_FIXED_SIZE = 62
_LONGEST_NAME = 0xFFF
#: ctime s and ns, mtime s and ns, device, inode, user, group, size.
StatFields = tuple[int, int, int, int, int, int, int, int, int]


@frozen
class IndexEntry:
    """A file of the index and its state when it was last seen; zeros where nothing is known."""

    path: bytes
    mode: int
    id: bytes
    stat: StatFields = (0,) * 9


def stat_fields(found: stat_result) -> StatFields:
    """What git keeps of a file's state, each in 32 bits."""
    fields = (
        *divmod(found.st_ctime_ns, 10**9),
        *divmod(found.st_mtime_ns, 10**9),
        found.st_dev,
        found.st_ino,
        found.st_uid,
        found.st_gid,
        found.st_size,
    )
    a, b, c, d, e, f, g, h, i = (number & 0xFFFFFFFF for number in fields)
    return a, b, c, d, e, f, g, h, i


def render_index(entries: Iterable[IndexEntry]) -> bytes:
    """The index file of the entries, sorted by path. Zeroed states make git compare contents once."""
    body = [_render_entry(entry) for entry in sorted(entries, key=lambda entry: entry.path)]
    content = b"DIRC" + pack(">LL", 2, len(body)) + b"".join(body)
    # git's checksum of the file; nothing here rests on its strength.
    return content + sha1(content, usedforsecurity=False).digest()


def _render_entry(entry: IndexEntry) -> bytes:
    *times_and_place, user, group, size = entry.stat
    length = min(len(entry.path), _LONGEST_NAME)
    fixed = pack(_FIXED, *times_and_place, entry.mode, user, group, size, entry.id, length)
    record = fixed + entry.path
    # One to eight zero bytes, up to a multiple of eight.
    return record + b"\0" * (8 - len(record) % 8)


def parse_index(content: bytes) -> tuple[IndexEntry, ...]:
    """The entries of an index that `render_index` wrote.

    Raises:
        ValueError: when it is not one, or damaged.
    """
    if content[:8] != b"DIRC" + pack(">L", 2) or sha1(content[:-20], usedforsecurity=False).digest() != content[-20:]:
        message = "not an index of version 2, or damaged"
        raise ValueError(message)
    try:
        return tuple(_parse_entries(content))
    except StructError:
        message = "an index that ends early"
        raise ValueError(message) from None


def _parse_entries(content: bytes) -> Iterator[IndexEntry]:
    (count,) = unpack_from(">L", content, 8)
    start = 12
    for _ in range(count):
        *state, mode, user, group, size, digest, _ = unpack_from(_FIXED, content, start)
        end = content.index(b"\0", start + _FIXED_SIZE)
        a, b, c, d, e, f = state
        path = content[start + _FIXED_SIZE : end]
        yield IndexEntry(path, mode, digest, (a, b, c, d, e, f, user, group, size))
        length = end - start
        start += length + 8 - length % 8
