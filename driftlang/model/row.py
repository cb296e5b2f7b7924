"""Reading the items of one entry, from left to right.

In: an entry and how it is written. Out: its items, each as what it must be there.
Refuses to do: more than one complaint about an entry. Behind the first, everything reads as absent.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.bounds import LARGEST_NUMBER
from driftlang.source import Span
from driftlang.syntax.ast import (
    Block,
    Day,
    Duration,
    Element,
    Entry,
    Group,
    Item,
    Listing,
    Money,
    Number,
    Percent,
    Quoted,
    Range,
    Sign,
    Slashed,
    Word,
)

T = TypeVar("T", bound=Item)

_KINDS: dict[type[object], str] = {
    Word: "a name",
    Quoted: "a text",
    Slashed: "a pattern",
    Number: "a number",
    Range: "a range",
    Duration: "a time",
    Money: "an amount",
    Percent: "a share",
    Day: "a date",
    Listing: "a list",
    Group: "parentheses",
}


class Row:
    """The items of an entry or of a list's element; `failed` when something did not fit."""

    def __init__(self, row: Entry | Element, usage: str, sink: Sink, *, end: str = "the end of the line") -> None:
        self.failed = False
        self.span = row.span
        self._items: Sequence[Item] = row.items
        self._block = row.block
        self._usage = usage
        self._sink = sink
        self._position = 0
        self._end = end

    def fail(self, expected: str, at: Item | None = None) -> None:
        """Say what stands here, or at an item that was passed, and what was expected."""
        if self.failed:
            return
        item = at or self.peek()
        self.failed = True
        if item is not None:
            found, span = describe(item), item.span
        elif self._block.is_there:
            found, span = "a block", Span(self._block.span.file, self._block.span.start, self._block.span.start + 1)
        else:
            found, span = self._end, Span(self.span.file, self.span.end, self.span.end)
        advice = f"write `{self._usage}`"
        if isinstance(item, Slashed) and not item.source:
            advice += "; `#` begins a comment"
        elif self._touches_text(item):
            advice = 'where the text before it goes on, write `\\"` for a quote in it and `\\"\\"\\"` for three'
        elif expected == self._end and isinstance(item, Word):
            advice += ", and what follows on a line of its own"
        self._sink.error("wrong-argument", f"found {found}, expected {expected}", span, help=advice)

    def _touches_text(self, item: Item | None) -> bool:
        """Whether a text ends where `item` begins, as one does that has bare quotes in it."""
        before = self._items[self._items.index(item) - 1] if item in self._items[1:] else None
        return isinstance(before, Quoted) and item is not None and before.span.end == item.span.start

    def peek(self) -> Item | None:
        """The next item; None at the end."""
        if self.failed or self._position >= len(self._items):
            return None
        return self._items[self._position]

    def take(self, kind: type[T], expected: str = "") -> T | None:
        """The next item, which must be of `kind`; None where it is not, which has been said then."""
        item = self.peek()
        if isinstance(item, kind):
            self._position += 1
            return item
        self.fail(expected or _KINDS[kind])
        return None

    def say(self, expected: str = "") -> Quoted | None:
        """The next item, a text that says something; None where it is not one, which has been said then."""
        text = self.take(Quoted, expected)
        if text is None or any(not isinstance(part, str) or part.strip() for part in text.parts):
            return text
        self.fail("a text that says something", text)
        return None

    def has(self, kind: type[T]) -> bool:
        """Whether the next item is of `kind`."""
        return isinstance(self.peek(), kind)

    def keyword(self, *words: str) -> bool:
        """Pass the next items when they are these words."""
        items = self._items[self._position : self._position + len(words)]
        said = tuple(item.text for item in items if isinstance(item, Word | Sign))
        if self.failed or said != words:
            return False
        self._position += len(words)
        return True

    def within(self, group: Group) -> "Row":
        """The items between parentheses."""
        end = Span(group.span.file, group.span.end, group.span.end)
        inside = Span(group.span.file, group.span.start, group.span.end - 1)
        return Row(Element(group.items, Block((), False, False, end), inside), self._usage, self._sink, end="`)`")

    def expect(self, *words: str) -> bool:
        """Pass the next items, which must be these words."""
        for word in words:
            if not self.keyword(word):
                self.fail(f"`{word}`")
                return False
        return True

    def whole(self, minimum: int = 1, most: int = LARGEST_NUMBER) -> int:
        """The next item, a whole number from `minimum` to `most`; `minimum` where it is not one."""
        item = self.peek()
        if not isinstance(item, Number) or item.value != int(item.value) or item.value < minimum:
            self.fail(f"a whole number, {minimum} or more")
            return minimum
        self._position += 1
        return int(item.value) if self.at_most(int(item.value), most, item.span) else minimum

    def at_most(self, found: int | Decimal, most: int, span: Span, unit: str = "") -> bool:
        """Whether a number that stands at `span` is within its bound; if not, says so."""
        if found <= most:
            return True
        self.failed = True
        self._sink.error(
            "too-large",
            f"found {found:,}{unit}, {most:,}{unit} are the most",
            span,
            help=f"write a smaller number in `{self._usage}`",
        )
        return False

    def choice(self, words: Sequence[str], what: str) -> str:
        """The next item, one of `words`; empty where it is not, which has been said then."""
        item = self.take(Word, one_of(words))
        if item is None:
            return ""
        return item.text if self.known(item.text, item.span, words, what) else ""

    def known(self, said: str, span: Span, words: Sequence[str], what: str) -> bool:
        """Whether `said` is one of `words`; if not, say which there are."""
        if said in words:
            return True
        self.failed = True
        self._sink.error(
            "unknown-word",
            f"`{said}` is no {what}{did_you_mean(said, words)}",
            span,
            help=f"write {one_of(words)}",
        )
        return False

    def listed(self, kind: type[T], expected: str = "") -> list[T]:
        """One or more items of `kind` with commas between."""
        found: list[T] = []
        while True:
            item = self.take(kind, expected)
            if item is None:
                return found
            found.append(item)
            if not self.keyword(","):
                return found

    def end(self) -> None:
        """Nothing may follow, neither an item nor a block."""
        self.end_of_items()
        if not self.failed and self._block.is_there:
            self.fail(self._end)

    def end_of_items(self) -> None:
        """No item may follow."""
        if self.peek() is not None:
            self.fail("`{`" if self._block.is_there else self._end)


def describe(item: Item) -> str:
    """The item in the author's words."""
    if isinstance(item, Word | Sign):
        return f"`{item.text}`"
    if isinstance(item, Number):
        return f"the number {item.value}"
    if isinstance(item, Percent):
        return f"`{(item.fraction * 100).normalize():f}%`"
    if isinstance(item, Money):
        return f"`${item.dollars}`"
    if isinstance(item, Duration):
        return f"a time of {item.seconds} seconds"
    return _KINDS[type(item)]


def one_of(words: Sequence[str]) -> str:
    """The words as code, with `or` before the last."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
