"""Columns: how far the first words of neighbouring lines are padded, so that what follows them lines up.

In: the rows of a block. Out: `Columns` for each.
Refuses to do: lining up across blank lines and blocks.

A run is a row of neighbouring entries without a blank line and without a block of several lines between them. Its first
column is as wide as the longest first word of an entry that stands on one line and has more than its word. Entries of
several lines, such as those that end with a block text, keep to that column where their word fits, and never widen it.
Where neighbours of a run begin with the same word and name something (`let`, `message`, `label`, ...), the names are a
second column by the same rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from attrs import frozen

from driftlang.syntax.format_rows import items_of
from driftlang.syntax.tree import Node, Token

#: Words that are followed by a name, and that by what is said of it.
_NAMING = frozenset({"example", "label", "let", "message", "models", "solution", "value"})


@frozen
class Columns:
    """Widths of the first word of an entry and of the name behind it; 0 where they are not padded."""

    first: int = 0
    second: int = 0


@frozen
class Line:
    """An entry among its neighbours.

    Attributes:
        is_one_line: whether it stands on one line.
        has_lines_of_block: whether it ends with a block of several lines.
        is_spaced: whether a blank line stands between it and the entry before.
    """

    entry: Node
    is_one_line: bool
    has_lines_of_block: bool
    is_spaced: bool


def columns_of(lines: Sequence[Line], *, has_first: bool) -> Iterator[Columns]:
    """Columns of the entries of a block; those of a file have no first one."""
    for run in _runs(lines):
        first = max(map(_first_width, run), default=0) if has_first else 0
        for _, neighbours in groupby(run, key=lambda line: _word(line.entry)):
            same = list(neighbours)
            second = max(map(_second_width, same), default=0)
            for line in same:
                yield Columns() if line.has_lines_of_block else Columns(first, second)


def _runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if run and (line.is_spaced or line.has_lines_of_block or run[-1].has_lines_of_block):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _word(entry: Node) -> str:
    first = entry.children[0]
    assert isinstance(first, Token)  # noqa: S101 - the grammar says so
    return first.text


def _first_width(line: Line) -> int:
    has_more = len(line.entry.children) > 1
    return len(_word(line.entry)) if line.is_one_line and has_more else 0


def _second_width(line: Line) -> int:
    if not line.is_one_line or not is_naming(line.entry):
        return 0
    name = line.entry.children[1]
    return len(name.text) if isinstance(name, Token) else 0


def is_naming(entry: Node) -> bool:
    """Whether an entry names something and says something of it."""
    items = items_of(entry)
    second = items[1] if len(items) > 2 else None
    return _word(entry) in _NAMING and isinstance(second, Token) and second.kind == "NAME"
