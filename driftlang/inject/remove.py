"""Texts out of a file again.

In: a file's bytes, its path, and what `insert` has put in. Out: the file without them, and what became of each.
Refuses to do: guessing. A text whose words were changed is told from one that is gone, but it stays: it is the
agent's. Nothing is taken out where the code would not be the same.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

from driftlang.inject import docstrings
from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.documents import remove_paragraph
from driftlang.inject.encoding import read_writing
from driftlang.inject.forms import ALTERED, GONE, INTACT, MOVED, RESHAPED, Earlier, Inserted, Removed
from driftlang.inject.insert import insert, marks_of_apart
from driftlang.inject.languages import is_sound, language_of
from driftlang.inject.lines import NO_LINE, each_without_lines, without_paragraph
from driftlang.inject.recognition import Wanted, each_without_words, is_akin
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import DOCSTRING, DOCUMENT, TOP


def remove_earlier(source: bytes, path: str, texts: Sequence[str], place: str = TOP, anchor: str = "") -> Removed:
    """Take out texts that `insert` has put in, wherever they stand now.

    A comment is found by its lines, one below the other, whatever white space stands before or behind them; the empty
    line below it goes with it where `insert` puts one. Without those lines it is found by its words, see
    `recognition.py`. Each text is taken out once, from the top; a text twice in `texts` is taken out twice. Given in
    the reverse of the order in which they were put in, what nobody touched gives back the file byte for byte.

    Args:
        source: the file's bytes.
        path: its path, which tells its language.
        texts: what to take out.
        place: where `insert` was told to put them.
        anchor: its symbol or its pattern.
    """
    earlier = []
    for text in texts:
        source, fate = _take_out(source, path, text, place, anchor)
        earlier.append(Earlier(text, fate))
    return Removed(source, tuple(earlier))


def _take_out(source: bytes, path: str, text: str, place: str, anchor: str) -> tuple[bytes, str]:
    writing = read_writing(source, path)
    if isinstance(writing, str):
        return source, GONE
    mark = source[: len(BOM_UTF8)] if source.startswith(BOM_UTF8) else b""
    bare = source.removeprefix(mark)
    wanted = Wanted(path, text, place, writing.encoding)
    for found in _without_lines(bare, wanted):
        again = insert(mark + found, path, text, place, anchor=anchor)
        if isinstance(again, Inserted) and again.source == source:
            return mark + found, INTACT
        if _is_same(bare, found, path, place):
            return mark + found, MOVED
    for found in each_without_words(bare, wanted):
        if _is_same(bare, found, path, place):
            return mark + found, RESHAPED
    return source, ALTERED if is_akin(bare, wanted) else GONE


def _is_same(before: bytes, after: bytes, path: str, place: str) -> bool:
    """Whether the code stayed; of a file that its language does not read, that its parser cannot tell."""
    is_read = place != DOCUMENT and is_sound(before, language_of(path))
    return not is_read or same_code(before, after, path, without_docstrings=True)


def _without_lines(source: bytes, wanted: Wanted) -> Iterator[bytes]:
    """The file without each run of lines that is the text as it was put in."""
    path, text, encoding = wanted.path, wanted.text, wanted.encoding
    try:
        if wanted.place == DOCUMENT:
            found = remove_paragraph(source, path, text, encoding)
            yield from [] if found is None else [found]
        elif wanted.place == DOCSTRING:
            yield from _without_docstring(source, wanted)
        elif style := style_of(path):
            block = tuple(line.encode(encoding) for line in comment_block(text, style))
            if block:
                yield from each_without_lines(source, block, marks_of_apart(path, wanted.place))
    except UnicodeEncodeError:
        return


def _without_docstring(source: bytes, wanted: Wanted) -> Iterator[bytes]:
    if not wanted.text.split():
        return
    for made, added in docstrings.forms_of(wanted.text, language_of(wanted.path)):
        lines = [line.encode(wanted.encoding) for line in made or added]
        if made:
            yield from each_without_lines(source, lines, NO_LINE)
        elif (found := without_paragraph(source, lines)) is not None:
            yield found
