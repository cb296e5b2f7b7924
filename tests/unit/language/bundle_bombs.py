"""Bundles of git that are small on disk and large when they are read."""

import struct
import zlib
from hashlib import sha1
from pathlib import Path

_KINDS = {"commit": 1, "tree": 2, "blob": 3}
_PIECE = bytes(10_000_000)


def write_bomb(path: Path, kind: str, size: int) -> str:
    """Write a bundle with one commit and an object of `size` zeros of a kind; the commit's id."""
    bomb, packed = _zeros(kind, size)
    tree = b"100644 x\0" + bomb
    person = b"A <a@b.example> 1700000000 +0000"
    commit = b"tree %b\nauthor %b\ncommitter %b\n\nx\n" % (_id("tree", tree).hex().encode(), person, person)
    objects = _entry("commit", commit) + _entry("tree", tree) + _head(kind, size) + packed
    pack = b"PACK" + struct.pack(">II", 2, 3) + objects
    name = _id("commit", commit).hex()
    path.write_bytes(b"# v2 git bundle\n%b refs/heads/main\n\n" % name.encode() + pack + sha1(pack).digest())
    return name


def _id(kind: str, content: bytes) -> bytes:
    return sha1(b"%b %d\0" % (kind.encode(), len(content)) + content).digest()


def _zeros(kind: str, size: int) -> tuple[bytes, bytes]:
    digest, packer = sha1(b"%b %d\0" % (kind.encode(), size)), zlib.compressobj(1)
    packed = b""
    for start in range(0, size, len(_PIECE)):
        piece = _PIECE[: size - start]
        digest.update(piece)
        packed += packer.compress(piece)
    return digest.digest(), packed + packer.flush()


def _entry(kind: str, content: bytes) -> bytes:
    return _head(kind, len(content)) + zlib.compress(content)


def _head(kind: str, size: int) -> bytes:
    """The header of an object in a pack: its kind, and its size in groups of seven bits."""
    byte, size = (_KINDS[kind] << 4) | (size & 15), size >> 4
    head = b""
    while size:
        head += bytes([byte | 0x80])
        byte, size = size & 0x7F, size >> 7
    return head + bytes([byte])
