"""Texts found in what a model reads, whatever a file, a listing or a diff has made of them.

In: texts, and what stands in a message. Out: where each of the texts stands in it.
Refuses to do: near matches. A text is found where all of its words stand in their order with no other word between:
line ends, indentation, marks of comments and diffs, quotes and case do not count, as for `inject.recognition`; nor do
the numbers, paths and authors that a listing puts before each line. A text of fewer than `LEAST_WORDS` words must have
its lines for itself. What stands within a longer text that is sought too is a part of that one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from driftlang.inject.recognition import LEAST_WORDS

_WORD = re.compile(r"\w+")
#: What a listing puts before a line, in small letters: a number, with a path before it in a search; in a history the
#: author of the line. Every run has a bound, or a hostile line would take the square of its length.
_NUMBERED = r"[ \t]{0,40}(?:[^\s:|()]{1,300}[:-])?[ \t]{0,40}(?:line )?\d{1,7}(?:[:|-]|\t)"
#: The same with the shortest path: `a.py-5-INC-2213: the` has its text from `INC` on, `a-5-b.py-7-the` has not.
_SOON_NUMBERED = _NUMBERED.replace("{1,300}", "{1,300}?")
_BLAMED = r"\^?[0-9a-f]{7,40} [^\n()]{0,300}\([^\n()]{1,300}\)"
_LISTED = re.compile(rf"^(?:{_NUMBERED}|{_BLAMED})", re.MULTILINE)
_SOON_LISTED = re.compile(rf"^(?:{_SOON_NUMBERED}|{_BLAMED})", re.MULTILINE)
#: Line ends and quotes as a program writes them into a string.
_ESCAPED = re.compile(r"\\[nrt\"']")
_BETWEEN = "\0"

#: From its first character to the one behind its last.
Extent = tuple[int, int]


@frozen
class _Words:
    """A text that is sought: its words, and the longest of them, without which it is nowhere."""

    joined: str
    longest: str
    count: int


@lru_cache(maxsize=4096)
def _words_of(text: str) -> _Words:
    words = _WORD.findall(text.lower())
    return _Words(_join(words), max(words, key=len, default=""), len(words))


def _join(words: Iterable[str]) -> str:
    return f"{_BETWEEN}{_BETWEEN.join(words)}{_BETWEEN}"


class _Place:
    """A text that others are sought in, read once; where a letter changes its length with its case, about there."""

    def __init__(self, text: str) -> None:
        self._text = text.lower()
        self._views: tuple[_View, ...] = ()
        self._known: dict[str, tuple[Extent, ...]] = {}

    def extents(self, sought: str) -> tuple[Extent, ...]:
        """Where a text stands, first to last."""
        found = self._known.get(sought)
        if found is None:
            words = _words_of(sought)
            is_possible = words.count and words.longest in self._text
            found = self._known[sought] = self._find(words) if is_possible else ()
        return found

    def _find(self, words: _Words) -> tuple[Extent, ...]:
        if not self._views:
            listed = (_blank(_LISTED, self._text), _blank(_SOON_LISTED, self._text))
            texts = (self._text, *listed, _blank(_ESCAPED, self._text))
            self._views = tuple(map(_View, dict.fromkeys(texts)))
        found: list[Extent] = []
        for extent in sorted({extent for view in self._views for extent in view.extents(words)}):
            if not found or extent[0] >= found[-1][1]:
                found.append(extent)
        return tuple(found)


class _View:
    """A text as one of the ways to read it has it; offsets are those of the text itself."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._joined = _join(_WORD.findall(text))
        self._at: list[Extent] = []

    def extents(self, words: _Words) -> list[Extent]:
        found = []
        at = self._joined.find(words.joined)
        if at >= 0 and not self._at:
            self._at = [word.span() for word in _WORD.finditer(self._text)]
        while at >= 0:
            first = self._joined.count(_BETWEEN, 0, at)
            extent = self._at[first][0], self._at[first + words.count - 1][1]
            if words.count >= LEAST_WORDS or self._has_its_lines(extent):
                found.append(extent)
            at = self._joined.find(words.joined, at + 1)
        return found

    def _has_its_lines(self, extent: Extent) -> bool:
        start, end = extent
        line, behind = self._text.rfind("\n", 0, start) + 1, self._text.find("\n", end)
        around = self._text[line:start], self._text[end : behind if behind >= 0 else len(self._text)]
        return not any(map(_WORD.search, around))


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """The text with white space for what matches, so that offsets stay."""
    return pattern.sub(lambda found: " " * len(found[0]), text)


class Finder:
    """Finds texts; what was looked through once is remembered until it is forgotten."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    def find(self, sought: Iterable[str], text: str) -> Mapping[str, Sequence[Extent]]:
        """Where each of `sought` stands in `text`; those that do not are left out."""
        place = self._places.get(text)
        if place is None:
            place = self._places[text] = _Place(text)
        found = {one: extents for one in sought if (extents := place.extents(one))}
        return found if len(found) < 2 else _without_parts(found)

    def forget_all_but(self, texts: Iterable[str]) -> None:
        """Forget what is none of `texts`."""
        self._places = {text: self._places[text] for text in texts if text in self._places}


def _without_parts(found: Mapping[str, Sequence[Extent]]) -> Mapping[str, Sequence[Extent]]:
    """The same without what stands within a longer text."""
    kept: dict[str, Sequence[Extent]] = {}
    taken: list[Extent] = []
    for one in sorted(found, key=lambda text: (-_words_of(text).count, text)):
        own = [
            (start, end)
            for start, end in found[one]
            if not any(first <= start and end <= last and (first, last) != (start, end) for first, last in taken)
        ]
        if own:
            kept[one] = own
            taken += own
    return kept
