"""Git's packs: objects → one file with all of them, and its index.

In: objects. Out: a pack of version 2 and its index of version 2 (`gitformat-pack`), as bytes.
Refuses to do: deltas, and compressing an object twice. Hundreds of variants hold the same files; gitdb's writer, whose
bytes these are, would compress them for each.
"""

from collections.abc import Collection
from hashlib import sha1
from struct import pack

from attrs import frozen

from driftlang.build.tree import GitObject

#: Bytes of a pack whose offsets fit the plain table of an index; beyond, another table would be needed.
_LARGEST = 1 << 31


@frozen
class Pack:
    """A pack: what it is called by, its content, and its index."""

    digest: bytes
    content: bytes
    index: bytes


def render_pack(objects: Collection[GitObject]) -> Pack:
    """The pack of the objects, in their order.

    Raises:
        ValueError: when they are too large for one pack.
    """
    head = b"PACK" + pack(">LL", 2, len(objects))
    offset, places = len(head), []
    for item in objects:
        places.append((item.id, item.packed.checksum, offset))
        offset += len(item.packed.content)
    if offset >= _LARGEST:
        message = f"a repository's objects have {offset:,} bytes, compressed; a pack may have {_LARGEST:,}"
        raise ValueError(message)
    body = b"".join((head, *(item.packed.content for item in objects)))
    digest = _checksum(body)
    return Pack(digest, body + digest, _render_index(sorted(places), digest))


def _render_index(places: list[tuple[bytes, int, int]], digest: bytes) -> bytes:
    counts = [0] * 256
    for name, _, _ in places:
        counts[name[0]] += 1
    totals, total = [], 0
    for count in counts:
        total += count
        totals.append(total)
    number = len(places)
    content = b"".join(
        (
            b"\377tOc" + pack(">L", 2),
            pack(">256L", *totals),
            *(name for name, _, _ in places),
            pack(f">{number}L", *(checksum for _, checksum, _ in places)),
            pack(f">{number}L", *(offset for _, _, offset in places)),
            digest,
        )
    )
    return content + _checksum(content)


def _checksum(content: bytes) -> bytes:
    # git's checksum of its files; nothing here rests on its strength.
    return sha1(content, usedforsecurity=False).digest()
