"""Text → a place in a file.

In: a file's bytes, its path, a text, a place. Out: new bytes, or the reason why there is no place.
Refuses to do: touching anything else. Encoding, line ends and every other byte stay as they are; what cannot be written
in the file's own encoding is not placed rather than changed, and what would change the code is not placed either.
"""

from codecs import BOM_UTF8
from functools import lru_cache

from attrs import evolve, frozen

from driftlang.inject import docstrings
from driftlang.inject.comments import comment_block, style_of
from driftlang.inject.documents import append_paragraph, is_document
from driftlang.inject.encoding import Writing, is_python, python_encoding, read_writing
from driftlang.inject.forms import CHANGES_CODE, Inserted, NotPlaced
from driftlang.inject.languages import is_sound, language_of
from driftlang.inject.lines import ANY_LINE, NO_LINE, Change, indent_of, insert_lines, line_below
from driftlang.inject.outline import Outline, has_symbols, read_outline
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP

#: The places that are in files.
PLACES = (TOP, BEFORE, AFTER, DOCSTRING, DOCUMENT)


def insert(  # noqa: PLR0913 - a text, and what says where it goes
    source: bytes | None, path: str, text: str, place: str, copies: int = 1, *, anchor: str = ""
) -> Inserted | NotPlaced:
    """Put `text` into a file.

    At the top, the comment follows what must stay first (see `Writing.head`); one empty line parts it from what comes
    below, so that it becomes no part of another comment or of a definition. Before a symbol it stands above all that
    belongs to the definition: decorators, attributes, comments. After a pattern it stands below the line in which the
    first match outside comments ends, as far in as that line.

    Args:
        source: the file's bytes; `None` where there is no file, which only a document can do without.
        path: the file's path, which tells its language.
        text: plain sentences; empty lines part paragraphs.
        place: one of `PLACES`.
        copies: how often the text stands there, one below the other.
        anchor: the symbol, or the pattern of RE2.
    """
    if place not in PLACES:
        return NotPlaced(f"no place is called `{place}`")
    if source is None and place != DOCUMENT:
        return NotPlaced("the file does not exist")
    now, line = source or b"", 0
    for _ in range(copies):
        writing = read_writing(now, path)
        if isinstance(writing, str):
            return NotPlaced(writing)
        # A mark of byte order is no part of the first line.
        mark = now[: len(BOM_UTF8)] if now.startswith(BOM_UTF8) else b""
        wish = _Wish(path, text, place, anchor, evolve(writing, head=writing.head - len(mark)))
        found = _insert_once(now.removeprefix(mark), wish)
        if isinstance(found, NotPlaced):
            return found
        content, at = found
        if is_python(path) and python_encoding(now) != python_encoding(mark + content):
            return NotPlaced("the text would be read as the file's coding line")
        now, line = mark + content, line or at
    return Inserted(now, line)


@lru_cache(maxsize=4096)
def can_hold(path: str, place: str) -> bool:
    """Whether a file of this name can have a text at such a place at all."""
    language = language_of(path)
    if place == DOCUMENT:
        return is_document(path)
    if place == TOP:
        return style_of(path) is not None
    if place == DOCSTRING:
        return language in docstrings.LANGUAGES
    return bool(language) and (place == AFTER or has_symbols(language))


def marks_of_apart(path: str, place: str) -> tuple[bytes, ...]:
    """What a line begins with that one empty line parts from a text at such a place.

    Comments of Go that stand one below the other are one: the documentation of what is below them, code of C above
    `import "C"`, words to the compiler.
    """
    if place in (TOP, BEFORE):
        return ANY_LINE
    return (b"//", b"/*") if place == AFTER and language_of(path) == "go" else NO_LINE


@frozen
class _Wish:
    """What is to be said, and where; `writing` is without a mark of byte order."""

    path: str
    text: str
    place: str
    anchor: str
    writing: Writing


def _insert_once(source: bytes, wish: _Wish) -> Change:
    if not wish.text.split():
        return NotPlaced("the text is empty")
    try:
        found = _written(source, wish)
    except UnicodeEncodeError as missing:
        letter = missing.object[missing.start]
        return NotPlaced(f"the file is in {wish.writing.encoding}, which has no `{letter}`")
    if isinstance(found, NotPlaced) or wish.place == DOCUMENT:
        return found
    if same_code(source, found[0], wish.path, without_docstrings=wish.place == DOCSTRING):
        return found
    # Where a file begins is known, which the tree of what its language does not read need not tell.
    if wish.place == TOP and not is_sound(source, language_of(wish.path)):
        return found
    return NotPlaced(CHANGES_CODE)


def _written(source: bytes, wish: _Wish) -> Change:
    """The file with the text in it, whatever that does to the code.

    Raises:
        UnicodeEncodeError: the file's encoding lacks a letter.
    """
    writing = wish.writing
    if wish.place == DOCUMENT:
        return append_paragraph(source, wish.path, wish.text, writing.encoding, writing.newline)
    if wish.place == DOCSTRING:
        return _in_docstring(source, wish)
    style = style_of(wish.path)
    block = tuple(line.encode(writing.encoding) for line in comment_block(wish.text, style)) if style else ()
    if not block:
        return NotPlaced("the text is empty" if style else "files of this type have no comments")
    if wish.place == TOP:
        if source[writing.head :].lstrip().startswith(b"<?xml"):
            return NotPlaced("what must stay first shares its line")
        return _at_head(source, writing, (*block, b""))
    find = _after_match if wish.place == AFTER else _before_symbol
    outline = _outline(source, wish.path)
    return outline if isinstance(outline, NotPlaced) else find(source, wish, block, outline)


def _before_symbol(source: bytes, wish: _Wish, block: tuple[bytes, ...], outline: Outline) -> Change:
    definition = outline.find(wish.anchor)
    if definition is None:
        return _no_symbol(wish)
    if source.split(b"\n")[definition.row][: definition.column].strip():
        return NotPlaced("the definition does not begin its line")
    # Right above another comment it would read as part of it.
    is_apart = any(one.leads and one.first == definition.top for one in outline.comments)
    indent = indent_of(source, definition.top)
    return insert_lines(source, definition.top, (*block, b"") if is_apart else block, indent, wish.writing.newline)


def _outline(source: bytes, path: str) -> Outline | NotPlaced:
    language = language_of(path)
    outline = read_outline(source, language) if language else None
    return outline or NotPlaced("files of this type cannot be read" if not language else "the file cannot be parsed")


def _no_symbol(wish: _Wish) -> NotPlaced:
    if not has_symbols(language_of(wish.path)):
        return NotPlaced("files of this type define nothing by name")
    return NotPlaced(f"the file defines no `{wish.anchor}`")


def _in_docstring(source: bytes, wish: _Wish) -> Change:
    language = language_of(wish.path)
    if language not in docstrings.LANGUAGES:
        return NotPlaced("files of this type have no docstrings")
    outline = _outline(source, wish.path)
    if isinstance(outline, NotPlaced):
        return outline
    definition = outline.find(wish.anchor)
    if definition is None:
        return _no_symbol(wish)
    paragraph = docstrings.Paragraph(wish.text, wish.writing.encoding, wish.writing.newline)
    return docstrings.document(source, language, outline, definition, paragraph)


def _after_match(source: bytes, wish: _Wish, block: tuple[bytes, ...], outline: Outline) -> Change:
    import re2

    options = re2.Options()
    options.log_errors = False
    writing = wish.writing
    try:
        content = source.decode(writing.encoding)
        passed = offset = row = 0
        for match in re2.compile(wish.anchor, options).finditer(content):
            last = max(match.start(), match.end() - 1)
            between = content[passed:last].encode(writing.encoding)
            passed, offset, row = last, offset + len(between), row + between.count(b"\n")
            if not outline.is_within_comment(offset, row):
                return _below(source, row, block, wish)
    except UnicodeDecodeError:
        return NotPlaced(f"the file is not in {writing.encoding} throughout")
    except re2.error:
        return NotPlaced("the pattern is refused by RE2")
    return NotPlaced("the pattern matches nowhere in the file")


def _below(source: bytes, row: int, block: tuple[bytes, ...], wish: _Wish) -> Change:
    lines = source.split(b"\n")
    # A grammar may let a comment stand where a language does not.
    if lines[row].rstrip().endswith(b"\\"):
        return NotPlaced("the line goes on in the next one")
    is_apart = line_below(lines[row + 1 :]).startswith(marks_of_apart(wish.path, AFTER))
    block = (*block, b"") if is_apart else block
    return insert_lines(source, row + 1, block, indent_of(source, row), wish.writing.newline)


def _at_head(source: bytes, writing: Writing, block: tuple[bytes, ...]) -> tuple[bytes, int]:
    newline = writing.newline.encode()
    head, rest = source[: writing.head], source[writing.head :]
    is_open = bool(head) and not head.endswith(b"\n")
    line = head.count(b"\n") + is_open + 1
    if rest:
        return head + newline.join(block) + newline + rest, line
    # Nothing comes below. A last line without an end goes on having none, so that taking out undoes putting in.
    lines = newline.join(block[:-1])
    return (head + newline + lines if is_open else head + lines + newline), line
