"""Texts out of a file again.

In: a file's bytes, its path, and what `insert` has put in. Out: the file without them, and those that were not found.
Refuses to do: guessing. A text that was reworded is not found, and stays.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence

from driftlang.inject import docstrings
from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.documents import remove_paragraph
from driftlang.inject.encoding import read_writing
from driftlang.inject.forms import Removed
from driftlang.inject.languages import language_of
from driftlang.inject.lines import without_lines, without_paragraph
from driftlang.model.schedules import BEFORE, DOCSTRING, DOCUMENT, TOP


def remove_earlier(source: bytes, path: str, texts: Sequence[str], place: str = TOP) -> Removed:
    """Take out texts that `insert` has put in, wherever they stand now.

    A comment is found by its lines, one below the other, whatever white space stands before or behind them; the empty
    line below it goes with it where `insert` puts one. Each text is taken out once, from the top; a text twice in
    `texts` is taken out twice.

    Args:
        source: the file's bytes.
        path: its path, which tells its language.
        texts: what to take out.
        place: where `insert` was told to put them, without its anchor.
    """
    writing = read_writing(source, path)
    mark = source[: len(BOM_UTF8)] if source.startswith(BOM_UTF8) else b""
    source, missing = source.removeprefix(mark), []
    for text in texts:
        found = None if isinstance(writing, str) else _without(source, path, text, place, writing.encoding)
        if found is None:
            missing.append(text)
        else:
            source = found
    return Removed(mark + source, tuple(missing))


def _without(source: bytes, path: str, text: str, place: str, encoding: str) -> bytes | None:
    """The file without one text; `None` where it does not stand in it."""
    try:
        if place == DOCUMENT:
            return remove_paragraph(source, path, text, encoding)
        if place == DOCSTRING:
            return _without_docstring(source, path, text, encoding)
        style = style_of(path)
        block = tuple(line.encode(encoding) for line in comment_block(text, style)) if style else ()
    except UnicodeEncodeError:
        return None
    return without_lines(source, block, takes_empty=place in (TOP, BEFORE)) if block else None


def _without_docstring(source: bytes, path: str, text: str, encoding: str) -> bytes | None:
    if not text.split():
        return None
    for made, added in docstrings.forms_of(text, language_of(path)):
        lines = [line.encode(encoding) for line in made or added]
        found = without_lines(source, lines, takes_empty=False) if made else without_paragraph(source, lines)
        if found is not None:
            return found
    return None
