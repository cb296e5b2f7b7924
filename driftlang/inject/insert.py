"""Text → comment in a file, and out of it again.

In: a file's bytes, its path, a text, a place. Out: new bytes, or the reason why there is no place.
Refuses to do: touching anything else. Encoding, line ends and every other byte stay as they are; what cannot be written
in the file's own encoding is not placed rather than changed.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence

from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.encoding import Writing, is_python, python_encoding, read_writing
from driftlang.inject.forms import Inserted, NotPlaced, Removed

#: The places that a schedule can name.
TOP_OF_TARGET = "top of target"


def insert(source: bytes | None, path: str, text: str, place: str, copies: int = 1) -> Inserted | NotPlaced:
    """Put `text` into a file as a comment in the file's language.

    At the top of a target the comment follows what must stay first (see `Writing.head`); one empty line parts it from
    what comes below, so that it becomes no part of another comment or of a definition.

    Args:
        source: the file's bytes; `None` where there is no file.
        path: the file's path, which tells its language.
        text: plain sentences; empty lines part paragraphs.
        place: `top of target`.
        copies: how often the comment stands there, one below the other.
    """
    if source is None:
        return NotPlaced("the file does not exist")
    if place != TOP_OF_TARGET:
        return NotPlaced(f"no place is called `{place}`")
    writing = read_writing(source, path)
    if isinstance(writing, str):
        return NotPlaced(writing)
    block = _block(path, text, writing)
    if isinstance(block, str):
        return NotPlaced(block)
    inserted = _at_head(source, writing, block * copies)
    if is_python(path) and python_encoding(source) != python_encoding(inserted.source):
        return NotPlaced("the text would be read as the file's coding line")
    return inserted


def _block(path: str, text: str, writing: Writing) -> tuple[bytes, ...] | str:
    """The comment and the empty line behind it, as lines in the file's encoding; or why there is none."""
    style = style_of(path)
    if style is None:
        return "files of this type have no comments"
    lines = comment_block(text, style)
    if not lines:
        return "the text is empty"
    try:
        return (*(line.encode(writing.encoding) for line in lines), b"")
    except UnicodeEncodeError as missing:
        letter = missing.object[missing.start]
        return f"the file is in {writing.encoding}, which has no `{letter}`"


def _at_head(source: bytes, writing: Writing, block: tuple[bytes, ...]) -> Inserted:
    newline = writing.newline.encode()
    head, rest = source[: writing.head], source[writing.head :]
    is_open = bool(head.removeprefix(BOM_UTF8)) and not head.endswith(b"\n")
    line = head.count(b"\n") + is_open + 1
    if rest:
        return Inserted(head + newline.join(block) + newline + rest, line)
    # Nothing comes below. A last line without an end goes on having none, so that taking out undoes putting in.
    lines = newline.join(block[:-1])
    return Inserted(head + newline + lines if is_open else head + lines + newline, line)


def remove_earlier(source: bytes, path: str, texts: Sequence[str]) -> Removed:
    """Take out comments that `insert` has put in, wherever they stand now.

    A comment is found by its lines, one below the other, whatever stands before or behind them on the line; the empty
    line below it goes with it. Each text is taken out once, from the top; a text twice in `texts` is taken out twice.
    """
    writing = read_writing(source, path)
    mark = source[: len(BOM_UTF8)] if source.startswith(BOM_UTF8) else b""
    source, missing = source.removeprefix(mark), []
    for text in texts:
        block = writing if isinstance(writing, str) else _block(path, text, writing)
        found = None if isinstance(block, str) else _without(source, block[:-1])
        if found is None:
            missing.append(text)
        else:
            source = found
    return Removed(mark + source, tuple(missing))


def _without(source: bytes, block: tuple[bytes, ...]) -> bytes | None:
    """The file without the block and the empty line below it; `None` where the block does not stand in it."""
    lines = source.splitlines(keepends=True)
    bare = [line.strip() for line in lines]
    wanted = [line.strip() for line in block]
    size = len(wanted)
    for start in range(len(lines) - size + 1):
        if bare[start : start + size] == wanted:
            above, below = lines[:start], lines[start + size :]
            if below and not below[0].strip():
                below = below[1:]
            if not below and not lines[start + size - 1].endswith(b"\n"):
                return b"".join(above).removesuffix(b"\n").removesuffix(b"\r")
            return b"".join(above + below)
    return None
