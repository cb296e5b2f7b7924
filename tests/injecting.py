"""A note put into real source files at every kind of place, and taken out again.

In: bytes of a file and its path. Out: for each place how that went.
Refuses to do: choosing places by what the code under test likes: a file's symbol and line are taken from its middle.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from attrs import frozen

from driftlang.inject.docstrings import LANGUAGES
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert
from driftlang.inject.languages import language_of
from driftlang.inject.outline import has_symbols, read_outline
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP

NOTE = 'Ines asks: is "this" still right? It was flagged last quarter, and again in the quarter before that one, too.'


@frozen
class Injection:
    """How a place of a file fared.

    Attributes:
        fallback: why the note has no place there; empty where it was placed.
        is_other_code: whether the syntax tree is another one, comments left out.
        is_other_file: whether taking the note out gave other bytes than were there before.
        fate: what became of the note, as `remove_earlier` tells it.
    """

    place: str
    fallback: str = ""
    is_other_code: bool = False
    is_other_file: bool = False
    fate: str = ""


def injections(source: bytes, path: str) -> Iterator[Injection]:
    """The note at each kind of place that files like this one have."""
    for place, anchor in _places(source, path):
        found = insert(source, path, NOTE, place, anchor=anchor)
        if isinstance(found, NotPlaced):
            yield Injection(place, fallback=found.reason)
            continue
        removed = remove_earlier(found.source, path, [NOTE], place, anchor)
        yield Injection(
            place,
            is_other_code=_is_other(source, found.source, path, place),
            is_other_file=removed.source != source,
            fate=removed.earlier[0].fate,
        )


def _places(source: bytes, path: str) -> Iterator[tuple[str, str]]:
    language = language_of(path)
    yield TOP, ""
    if language == "markdown":
        yield DOCUMENT, ""
    outline = read_outline(source, language)
    if outline is None:
        return
    if has_symbols(language) and outline.named:
        symbol = ".".join(outline.named[len(outline.named) // 2][0])
        yield BEFORE, symbol
        if language in LANGUAGES:
            yield DOCSTRING, symbol
    lines = _words(source)
    if lines:
        yield AFTER, re.escape(lines[len(lines) // 2])


def _words(source: bytes) -> list[str]:
    """Lines that a pattern can be made of."""
    lines = (line.strip() for line in source.split(b"\n"))
    return [line.decode() for line in lines if len(line) > 3 and line.isascii() and line.decode().isprintable()]


def _is_other(before: bytes, after: bytes, path: str, place: str) -> bool:
    """Whether two judges, tree-sitter and for Python its own parser, find other code in the file."""
    if place != DOCUMENT and not same_code(before, after, path, without_docstrings=place == DOCSTRING):
        return True
    return language_of(path) == "python" and _module(before, place) != _module(after, place)


def _module(source: bytes, place: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return "no Python of this version"
    for node in ast.walk(tree) if place == DOCSTRING else ():
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return ast.dump(tree)
