"""The ast: what a file says, word by word, before any word is looked up.

In: nothing; this module defines. Out: `File`, which `lower` makes from a parse tree.
Refuses to do: meaning. Which entries a block takes, and what their words stand for, is the business of `model`.
"""

from datetime import date
from decimal import Decimal

from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Word:
    """A name or keyword."""

    text: str
    span: Span


@frozen
class Hole:
    """A `{{ name }}` in a text."""

    name: str
    span: Span


@frozen
class Quoted:
    """A text: literal pieces (escapes resolved, block texts dedented, LF line ends) and placeholders, in order."""

    parts: tuple[str | Hole, ...]
    span: Span


@frozen
class Slashed:
    r"""A pattern `/source/flags`; in `source`, `\\/` has become `/`."""

    source: str
    flags: str
    span: Span


@frozen
class Number:
    """A number without unit."""

    value: Decimal
    span: Span


@frozen
class Range:
    """`first..last`."""

    first: int
    last: int
    span: Span


@frozen
class Duration:
    """A time, in seconds."""

    seconds: Decimal
    span: Span


@frozen
class Money:
    """An amount, in US dollars."""

    dollars: Decimal
    span: Span


@frozen
class Percent:
    """A share, as a fraction: `40%` is 0.4."""

    fraction: Decimal
    span: Span


@frozen
class Day:
    """A date."""

    day: date
    span: Span


@frozen
class Sign:
    """One of `=`, `>=`, `-`, `:` and `,`."""

    text: str
    span: Span


@frozen
class Listing:
    """`[...]`: elements between commas, each a row of items that may end with a block."""

    elements: "tuple[Element, ...]"
    span: Span


@frozen
class Group:
    """`(...)`: a row of items."""

    items: "tuple[Item, ...]"
    span: Span


@frozen
class Element:
    """One element of a list."""

    items: "tuple[Item, ...]"
    block: "Block"
    span: Span


@frozen
class Block:
    """`{...}`: entries.

    Attributes:
        is_there: whether the author wrote one; if not, it has no entries and stands where it would begin.
        is_damaged: whether some line of it could not be read, so that what seems missing may stand there.
    """

    entries: "tuple[Entry, ...]"
    is_there: bool
    is_damaged: bool
    span: Span


@frozen
class Entry:
    """A line: its first word, the items behind it, and the block that it may end with.

    Attributes:
        doc: text of the `##` lines right above.
        span: the line without its block.
    """

    word: Word
    items: "tuple[Item, ...]"
    block: Block
    doc: str
    span: Span


@frozen
class File:
    """A file.

    Attributes:
        body: its entries; always there.
        lost: words of lines that could not be read: names that may well be declared.
        is_cut: whether reading stopped before the end.
    """

    body: Block
    lost: frozenset[str]
    is_cut: bool

    def may_declare(self, name: str) -> bool:
        """Whether the name may stand in what could not be read."""
        return self.is_cut or name in self.lost


Literal = Quoted | Slashed | Number | Range | Duration | Money | Percent | Day
Item = Word | Literal | Sign | Listing | Group
