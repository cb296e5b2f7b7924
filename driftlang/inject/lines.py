"""Lines of a file: putting some in, and finding them again.

In: a file's bytes, and lines without their ends. Out: new bytes.
Refuses to do: changing any other byte. A last line without an end goes on having none, so that taking out undoes
putting in.
"""

import re
from collections.abc import Iterator, Sequence

from driftlang.inject.forms import NotPlaced

#: A file's new content with the number, from 1, of the first line put in; or why there is no place.
Change = tuple[bytes, int] | NotPlaced
_INDENT = re.compile(rb"[ \t]*")


def split_lines(source: bytes) -> list[bytes]:
    """The lines of a file with their ends; a line ends with a line feed alone, as grammars count them."""
    lines = source.split(b"\n")
    return [*(line + b"\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def indent_of(source: bytes, row: int) -> bytes:
    """The white space that the line, from 0, begins with."""
    found = _INDENT.match(source.split(b"\n")[row])
    return found[0] if found else b""


def insert_lines(source: bytes, row: int, lines: Sequence[bytes], indent: bytes, newline: str) -> tuple[bytes, int]:
    """Put lines in before the line `row`, from 0, which may be the one behind the last."""
    there = split_lines(source)
    above, below = b"".join(there[:row]), b"".join(there[row:])
    end = newline.encode()
    block = end.join(indent + line if line else line for line in lines)
    if above and not above.endswith(b"\n"):
        return above + end + block, row + 1
    return above + block + end + below, row + 1


#: What a line may begin with for an empty line above it to be one of ours: anything, nothing.
ANY_LINE, NO_LINE = (b"",), ()


def line_below(lines: Sequence[bytes]) -> bytes:
    """The first of the lines that is not empty, without white space around it."""
    return next((bare for line in lines if (bare := line.strip())), b"")


def each_without_lines(source: bytes, wanted: Sequence[bytes], marks: tuple[bytes, ...]) -> Iterator[bytes]:
    """The file without each run of lines that say this, whatever white space is around them, from the top.

    Args:
        source: the file.
        wanted: the lines, which are not empty altogether.
        marks: an empty line below them goes as well when what is below that begins with one of these.
    """
    lines = split_lines(source)
    bare, sought = [line.strip() for line in lines], [line.strip() for line in wanted]
    size = len(sought)
    for start in range(len(lines) - size + 1):
        if bare[start : start + size] == sought:
            above, below = lines[:start], lines[start + size :]
            if below and not below[0].strip() and line_below(below).startswith(marks):
                below = below[1:]
            if not below and not lines[start + size - 1].endswith(b"\n"):
                yield b"".join(above).removesuffix(b"\n").removesuffix(b"\r")
            else:
                yield b"".join(above + below)


def without_paragraph(source: bytes, lines: Sequence[bytes]) -> bytes | None:
    """The file without a paragraph that follows what stands above it; `None` where it does not.

    Its last line may go on with what closes the text that it is part of.
    """
    pattern = rb"[ \t]*".join(rb"\r?\n[ \t]*" + re.escape(line.strip()) for line in lines)
    # Behind the last line there is its end, or white space, or what closes a text.
    found = re.search(pattern + rb"(?=\s|\"\"\"|'''|\*+/|\Z)", source)
    return None if found is None else source[: found.start()] + source[found.end() :]
