"""How a file is written: its encoding, its line ends, and the lines that must stay first.

In: a file's bytes and path. Out: `Writing`.
Refuses to do: decoding the file. What is not touched stays as it is, byte for byte.
"""

import codecs
import re
import tokenize
from io import BytesIO
from pathlib import PurePosixPath

from attrs import frozen

#: The line that opens front matter, and the one that closes it.
_FENCE = re.compile(rb"---[ \t]*\r?\n?")
_ASCII = bytes(range(128))


@frozen
class Writing:
    """How a file is written.

    Attributes:
        encoding: Python's name of it, without a mark of byte order.
        newline: a line feed, with or without a carriage return before it.
        head: how many bytes must stay first: byte order mark, `#!` line, coding line, front matter of Markdown.
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
    return Writing(encoding, _newline(source), _head(source, path))


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


def _head(source: bytes, path: str) -> int:
    """Length of the part that must stay first."""
    head = len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0
    if path.lower().endswith(".md") and (front := _front_matter(source[head:])):
        return head + front
    lines = source[head:].splitlines(keepends=True)[:2]
    if lines and lines[0].startswith(b"#!"):
        head += len(lines.pop(0))
    if is_python(path):
        # The coding line is the first, or the second below one that holds no code.
        kept = 0
        for number, line in enumerate(lines, start=1):
            if _CODING.match(line):
                kept = number
                break
            if not _EMPTY.match(line):
                break
        head += sum(len(line) for line in lines[:kept])
    return head


def _front_matter(source: bytes) -> int:
    """Length of the front matter that a Markdown file opens with; 0 where there is none, or it is never closed."""
    size = 0
    for number, line in enumerate(BytesIO(source)):
        size += len(line)
        is_fence = _FENCE.fullmatch(line) is not None
        if number == 0 and not is_fence:
            return 0
        if number and is_fence:
            return size
    return 0


#: PEP 263, as Python's tokenizer has them.
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_EMPTY = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")
