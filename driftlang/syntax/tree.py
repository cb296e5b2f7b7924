"""Tokens and the parse tree.

In: nothing; this module defines. Out: `Token`, `Node` and `Parsed`, which `parse` makes and `lower` reads.
Refuses to do: meaning.
"""

from typing import NamedTuple

from driftlang.record import frozen


class Token(NamedTuple):
    """A piece of the text: its kind (a terminal of the grammar), its characters, and where it begins and ends.

    A named tuple, since a file has many of them.
    """

    kind: str
    text: str
    start: int
    end: int


class Node(NamedTuple):
    """A rule of the grammar and what it is made of."""

    rule: str
    children: "list[Node | Token]"


@frozen
class Parsed:
    """A tree of the grammar.

    Attributes:
        docs: doc comments by the offset of their entry.
        lost: words of lines that could not be read.
        is_cut: whether reading stopped before the end.
    """

    tree: Node
    docs: dict[int, str]
    lost: frozenset[str]
    is_cut: bool
