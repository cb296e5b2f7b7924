"""The pieces of a text: entries with the lines that are theirs, and tokens.

In: a text. Out: `Piece`s and matches of tokens.
Refuses to do: entries that share a line with others.
"""

import re
from collections.abc import Iterator

from attrs import frozen

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.ast import Block
from driftlang.syntax.grammar import load_tables
from driftlang.syntax.read import read


@frozen
class Piece:
    """An entry with its comments above it, as whole lines.

    Attributes:
        word: its first word.
        start, end: offsets of its first line and behind its last line end.
        depth: how many blocks it is in.
        owner: the first word of the block that it is in; empty at the top.
        block: which block that is, by the offset of its first entry.
    """

    word: str
    start: int
    end: int
    depth: int
    owner: str
    block: int


def pieces_of(text: str) -> list[Piece]:
    """Every entry that has its lines to itself, outer ones before those within them; none of a text with errors."""
    sink = Sink()
    tree = read(text, 0, sink)
    return [] if sink.has_errors else list(_within(text, tree.body, 0, ""))


def _within(text: str, block: Block, depth: int, owner: str) -> Iterator[Piece]:
    first = block.entries[0].span.start if block.entries else 0
    for entry in block.entries:
        end = entry.block.span.end if entry.block.is_there else entry.span.end
        start = text.rfind("\n", 0, entry.span.start) + 1
        stop = text.find("\n", end)
        stop = len(text) if stop < 0 else stop
        is_alone = not text[start : entry.span.start].strip() and re.fullmatch(r"[ \t\r]*(#.*)?", text[end:stop])
        if is_alone:
            yield Piece(entry.word.text, _above(text, start), min(stop + 1, len(text)), depth, owner, first)
        yield from _within(text, entry.block, depth + 1, entry.word.text)


def _above(text: str, start: int) -> int:
    """The offset of the first of the comment lines right above a line."""
    while start:
        before = text.rfind("\n", 0, start - 1) + 1
        if not text[before:start].lstrip().startswith("#"):
            break
        start = before
    return start


def tokens_of(text: str) -> list[re.Match[str]]:
    """Every token with its kind as `lastgroup`, comments and line ends included."""
    return list(re.finditer(load_tables().pattern, text))
