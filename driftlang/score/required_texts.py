"""Texts of which every match of an expression holds one.

In: an RE2 expression. Out: texts in which letter case does not count, or nothing where none is known.
Refuses to do: texts with white space. What is blanked in a masked file becomes spaces, so that only what is no space
stands in the file itself as well: a file that holds none of an expression's texts need not be masked for it.

An expression that has anything in it that is not understood here has no text, which is always right.
"""

import re
from collections.abc import Callable, Sequence

from driftlang.diagnostics.failure import Failure

#: At least one of these stands in every match.
Texts = frozenset[str]

_REPETITION = re.compile(r"(?:(?P<mark>[*+?])|\{(?P<least>\d+)(?:,\d*)?\})\??")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?:))?")
_FLAGS = re.compile(r"\(\?[imsU]*(?:-[imsU]+)?\)")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]")
#: Escapes that stand for one of several characters, for a white space, or for a place.
_SPLITTING = frozenset("dDwWsSbBAzantrfv")
#: Shorter texts stand in nearly every file.
_SHORTEST = 2


class _NotUnderstoodError(Exception):
    """The expression has something in it that this module does not know."""


def required_texts(source: str) -> Texts:
    """Texts of which every match holds one; none where none is known."""
    try:
        found, rest = _alternatives(source, 0)
    except _NotUnderstoodError:
        return frozenset()
    return found if rest == len(source) else frozenset()


def compile_required(sources: Sequence[str]) -> Callable[[str], bool]:
    """Whether a text may, for all of it that is no white space, hold a match of one of these expressions."""
    import re2

    texts = [required_texts(source) for source in sources]
    if not sources or not all(texts):
        return lambda _: True
    options = re2.Options()
    options.literal = True
    options.case_sensitive = False
    options.log_errors = False
    literals = re2.Set.SearchSet(options)
    try:
        for text in sorted(frozenset().union(*texts)):
            literals.Add(text)
        literals.Compile()
    except re2.error as trouble:
        message = f"the patterns of the scorer cannot be compiled: {trouble}"
        raise Failure(message, help="build the study again: its scorer is damaged") from trouble
    return lambda text: bool(literals.Match(text))


def _alternatives(source: str, at: int) -> tuple[Texts, int]:
    """The texts of alternatives up to the end of their group, and where that is."""
    found: list[Texts] = []
    while True:
        texts, at = _sequence(source, at)
        found.append(texts)
        if at >= len(source) or source[at] == ")":
            return (frozenset().union(*found) if all(found) else frozenset()), at
        at += 1  # the mark between two


def _sequence(source: str, at: int) -> tuple[Texts, int]:
    """The best texts of things that follow each other, and where they end."""
    found: list[Texts] = []
    run = ""
    while at < len(source) and source[at] not in "|)":
        texts, letter, behind = _item(source, at)
        least, at = _repetition(source, behind)
        if letter and least:
            run += letter
        if not letter or at > behind:
            found += [texts] if texts and least else []
            found += [frozenset({run})] if len(run) >= _SHORTEST else []
            run = ""
    found += [frozenset({run})] if len(run) >= _SHORTEST else []
    return max(found, key=lambda texts: (min(map(len, texts)), -len(texts)), default=frozenset()), at


def _item(source: str, at: int) -> tuple[Texts, str, int]:
    """The texts of one thing, or the letter that it is, and where it ends."""
    if flags := _FLAGS.match(source, at):
        return frozenset(), "", flags.end()
    if source[at] == "(":
        group = _GROUP.match(source, at)
        if group is None or source.startswith("?", group.end()):
            raise _NotUnderstoodError
        texts, end = _alternatives(source, group.end())
        if end >= len(source):
            raise _NotUnderstoodError
        return texts, "", end + 1
    if source[at] == "[":
        if not (found := _CLASS.match(source, at)):
            raise _NotUnderstoodError
        return frozenset(), "", found.end()
    if source[at] == "\\":
        return (frozenset(), *_escaped(source, at + 1))
    if source[at] in "*+?":
        raise _NotUnderstoodError
    return frozenset(), "" if source[at] in ".^$" else _letter(source[at]), at + 1


def _escaped(source: str, at: int) -> tuple[str, int]:
    letter = source[at : at + 1]
    if not letter or not letter.isascii() or (letter.isalnum() and letter not in _SPLITTING):
        raise _NotUnderstoodError
    return ("" if letter in _SPLITTING else _letter(letter)), at + 1


def _letter(letter: str) -> str:
    """A character that stands in a file as it does in its masked text; nothing for any other."""
    return letter if letter.isascii() and letter.isprintable() and not letter.isspace() else ""


def _repetition(source: str, at: int) -> tuple[int, int]:
    """How often at the least the thing before stands, and where that ends; once where nothing is said."""
    found = _REPETITION.match(source, at)
    if found is None:
        return 1, at
    if _REPETITION.match(source, found.end()):
        raise _NotUnderstoodError
    return int(found["least"] or found["mark"] == "+"), found.end()
