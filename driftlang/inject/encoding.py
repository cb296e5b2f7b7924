"""How a file is written: its encoding, its line ends, and how much of it must stay first.

In: a file's bytes and path. Out: `Writing`.
Refuses to do: decoding the file. What is not touched stays as it is, byte for byte.
"""

import codecs
import tokenize
from io import BytesIO
from pathlib import PurePosixPath

from attrs import frozen

from driftlang.inject.heads import length_of_head

_ASCII = bytes(range(128))


@frozen
class Writing:
    """How a file is written.

    Attributes:
        encoding: Python's name of it, without a mark of byte order.
        newline: a line feed, with or without a carriage return before it.
        head: how many bytes must stay first; see `length_of_head`.
    """

    encoding: str
    newline: str
    head: int


def read_writing(source: bytes, path: str) -> Writing | str:
    """How the file is written, or the reason why nothing can be put into it."""
    if source.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)) or b"\0" in source[:8192]:
        return "the file is not text in an encoding that extends ASCII"
    if b"\r" in source and b"\n" not in source:
        return "the file's lines end with carriage returns alone"
    encoding = _encoding(source, path)
    if not encoding:
        return "the file's coding line names an encoding that does not fit its content"
    return Writing(encoding, _newline(source), length_of_head(source, path))


def is_python(path: str) -> bool:
    """Whether the file is a Python module or its stub."""
    return PurePosixPath(path).suffix.lower() in (".py", ".pyi")


def python_encoding(source: bytes) -> str:
    """The encoding that Python reads a module in (PEP 263), `utf-8` for `utf-8-sig`; empty where it refuses.

    Empty as well for one that changes ASCII, which no comment marks could be written in, and for a codec that is none
    of texts (`hex`, `rot13`).
    """
    try:
        name, _ = tokenize.detect_encoding(BytesIO(source).readline)
        name = "utf-8" if name == "utf-8-sig" else name
        keeps_ascii = _ASCII.decode(name) == _ASCII.decode("ascii") and _ASCII.decode("ascii").encode(name) == _ASCII
    except (SyntaxError, LookupError, UnicodeError):
        return ""
    return name if keeps_ascii else ""


def _encoding(source: bytes, path: str) -> str:
    if is_python(path):
        return python_encoding(source)
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        # One byte a character and no holes: whatever the file is in, ASCII is the same there.
        return "ascii"
    return "utf-8"


def _newline(source: bytes) -> str:
    """The line end that most lines have."""
    returns = source.count(b"\r\n")
    return "\r\n" if returns > source.count(b"\n") - returns else "\n"
