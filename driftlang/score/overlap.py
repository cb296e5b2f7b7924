"""Overlap: how much of a unit stands in other files already, whatever its names are.

In: a unit's surface, the files before the step. Out: the share of the unit's overlapping runs of eight tokens that
occur in those files, and where the first of them begins.
Refuses to do: telling who copied from whom, and looking at more than `MOST_ORIGINAL` bytes of originals.

Tokens are the leaves of the syntax tree without comments, names blanked to one symbol, so that renaming does not hide
a copy; keywords, operators and literals are kept. Where a file type has no grammar, and in comments and answers, a
name cannot be told from a keyword, so that words and marks stand as they are. Both sides are read through the view of
the surface. Runs of tokens as evidence of copying: S. Schleimer, D. S. Wilkerson and A. Aiken, "Winnowing: local
algorithms for document fingerprinting", SIGMOD 2003, 76-85; here every run is kept, none is sampled.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import field, frozen

from driftlang.inject.languages import language_of, parse
from driftlang.model.globs import path_matcher
from driftlang.score.forms import BankCopies
from driftlang.score.mask import View, is_text, mask
from driftlang.score.units import Unit, view_of

if TYPE_CHECKING:
    from tree_sitter import Tree

#: Tokens of a run: what is shorter stands in any two programs.
RUN = 8
#: Bytes of originals that are read for one `copies`, file by file in the order of paths.
MOST_ORIGINAL = 16 << 20
_NAME = "\0name"
#: Node types of names beside those that say `identifier`.
_NAME_TYPES = ("name", "variable_name")
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
#: File type of a unit that is a shell command.
_SHELL = ".sh"


@frozen
class Overlap:
    """The share of a unit that is copied, from 0 to 1, and the line of its file at which the first copied run begins.

    The line is 0 where nothing is copied.
    """

    share: float
    line: int


_NOTHING = Overlap(0.0, 0)


@frozen
class Tokens:
    """Tokens in order, each with the number of its line; lines never fall."""

    texts: tuple[str, ...]
    lines: tuple[int, ...]

    def within(self, first: int, last: int) -> "Tokens":
        """The tokens of these lines, both included."""
        start, end = bisect_left(self.lines, first), bisect_right(self.lines, last)
        return Tokens(self.texts[start:end], self.lines[start:end])

    def runs(self) -> Iterator[int]:
        """Each overlapping run of eight tokens, by its hash."""
        return (hash(self.texts[at : at + RUN]) for at in range(len(self.texts) - RUN + 1))


@frozen
class Originals:
    """The files that units may be copied from: contents by path, as the agent found them."""

    _files: Mapping[str, bytes]
    _runs: dict[tuple[BankCopies, View], frozenset[int]] = field(factory=dict)

    def measure(self, unit: Unit, surface: str, copies: BankCopies) -> Overlap:
        """How much of a unit of `surface` stands in the files that `copies` speaks of."""
        tokens = _tokens_of(unit, surface)
        if len(tokens.texts) < RUN:
            return _NOTHING
        known = self._runs_of(copies, view_of(surface))
        copied = [run in known for run in tokens.runs()]
        if not any(copied):
            return _NOTHING
        return Overlap(sum(copied) / len(copied), tokens.lines[copied.index(True)])

    def _runs_of(self, copies: BankCopies, view: View) -> frozenset[int]:
        key = (copies, view)
        if key not in self._runs:
            is_path = path_matcher(copies.include, copies.exclude)
            files = ((path, self._files[path]) for path in sorted(self._files) if is_path(path))
            texts = ((_suffix(path), content) for path, content in files if is_text(content))
            self._runs[key] = _runs_of_all(tuple(_within_bound(texts)), view)
        return self._runs[key]


def _within_bound(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The first files, together no larger than the bound."""
    left = MOST_ORIGINAL
    for suffix, content in files:
        left -= len(content)
        if left < 0:
            return
        yield suffix, content


@lru_cache(maxsize=8)
def _runs_of_all(files: tuple[tuple[str, bytes], ...], view: View) -> frozenset[int]:
    """Every run of the files. Steps of a trial, and trials of a cell, share their originals."""
    return frozenset().union(*(tokens(content, suffix, view).runs() for suffix, content in files))


def _tokens_of(unit: Unit, surface: str) -> Tokens:
    """The tokens of a unit; those of a part of a file are told in the whole of it."""
    view = view_of(surface)
    if unit.line:
        whole = tokens(unit.content, _suffix(unit.path), view)
        return whole.within(unit.line, unit.line + unit.text.count("\n"))
    return tokens(unit.text.encode(), _SHELL if surface.endswith("command") else "", view)


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


@lru_cache(maxsize=512)
def tokens(content: bytes, suffix: str, view: View) -> Tokens:
    """The tokens of a file's content.

    Args:
        content: the bytes.
        suffix: tells the file's type; without a tree to be had of it, words and marks count.
        view: what of it is read; comments are tokens in the view of comments alone.
    """
    data = mask(content, f"x{suffix}", View.CODE if view is View.TEXT else view).encode()
    language = language_of(f"x{suffix}") if view is not View.COMMENTS else ""
    tree = parse(data, language) if language else None
    found = list(_words(data, 0, len(data)) if tree is None else _leaves(data, tree))
    ends = [at for at, byte in enumerate(data) if byte == ord("\n")]
    return Tokens(tuple(text for _, text in found), tuple(bisect_left(ends, at) + 1 for at, _ in found))


def _leaves(data: bytes, tree: "Tree") -> Iterator[tuple[int, str]]:
    """Leaves of the syntax tree with their offsets, names blanked; what no leaf covers comes as words and marks.

    Without recursion: a hostile file may nest as it likes.
    """
    at = 0
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.child_count:
            pending += reversed(node.children)
            continue
        start, end = node.start_byte, node.end_byte
        if start < at or start == end:
            continue
        yield from _words(data, at, start)
        text = data[start:end].decode("utf-8", "replace")
        if text.strip():
            yield start, _NAME if "identifier" in node.type or node.type in _NAME_TYPES else text
        at = end
    yield from _words(data, at, len(data))


def _words(data: bytes, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Words and single marks of a part of `data`, with their offsets."""
    if not data[start:end].strip():
        return
    at = start
    for line in data[start:end].split(b"\n"):
        for found in _WORD_OR_MARK.finditer(line.decode("utf-8", "replace")):
            yield at, found.group()
        at += len(line) + 1
