"""tree → ast.

In: a parsed file. Out: `ast.File`; literals are read here, so a date that does not exist gets its diagnostic here.
Refuses to do: names and meaning.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import ClassVar

from driftlang.diagnostics.diagnostic import Sink
from driftlang.source import Span
from driftlang.syntax import ast
from driftlang.syntax.quoted import read_pattern, read_text
from driftlang.syntax.tree import Node, Parsed, Token

#: Digits of a number; none that means something has more, and arithmetic with a million of them takes hours.
LONGEST_NUMBER = 30
_HOURS = {"s": 1, "m": 60, "h": 3600}


def lower(parsed: Parsed, file: int, sink: Sink) -> ast.File:
    """The ast of a file with id `file`."""
    return _Lowering(parsed, file, sink).file()


class _Lowering:
    """One walk over a tree, by the name of its nodes."""

    def __init__(self, parsed: Parsed, file: int, sink: Sink) -> None:
        self._parsed = parsed
        self._file = file
        self._sink = sink

    def file(self) -> ast.File:
        children = self._parsed.tree.children
        entries, is_damaged = self._entries(children)
        last = children[-1] if children else None
        end = last.end if isinstance(last, Token) else 0
        return ast.File(
            ast.Block(entries, True, is_damaged, Span(self._file, 0, end)), self._parsed.lost, self._parsed.is_cut
        )

    def _entries(self, children: list[Node | Token]) -> tuple[tuple[ast.Entry, ...], bool]:
        entries: list[ast.Entry] = []
        is_damaged = False
        for child in children:
            if not isinstance(child, Node):
                continue
            if _is_damaged(child):
                is_damaged = True
                continue
            entries.append(self._entry(child))
        return tuple(entries), is_damaged

    def _entry(self, tree: Node) -> ast.Entry:
        first = tree.children[0]
        assert isinstance(first, Token)  # noqa: S101 - the grammar says so
        word = ast.Word(first.text, self._span(first))
        items, block = self._row(tree.children[1:], word.span)
        span = word.span.to(items[-1].span) if items else word.span
        return ast.Entry(word, items, block, self._parsed.docs.get(word.span.start, ""), span)

    def _row(self, children: list[Node | Token], before: Span) -> tuple[tuple[ast.Item, ...], ast.Block]:
        """The items of a line and the block that it ends with."""
        last = children[-1] if children else None
        if isinstance(last, Node) and last.rule == "block":
            items = tuple(self._item(child) for child in children[:-1])
            return items, self._block(last)
        items = tuple(self._item(child) for child in children)
        end = items[-1].span.end if items else before.end
        return items, ast.Block((), False, False, Span(self._file, end, end))

    def _block(self, tree: Node) -> ast.Block:
        entries, is_damaged = self._entries(tree.children)
        return ast.Block(entries, True, is_damaged, self._between(tree))

    def _between(self, tree: Node) -> Span:
        """From the first token of a bracketed node to its last."""
        first, last = tree.children[0], tree.children[-1]
        assert isinstance(first, Token)  # noqa: S101 - the grammar says so
        assert isinstance(last, Token)  # noqa: S101 - the grammar says so
        return Span(self._file, first.start, max(last.end, first.end))

    def _item(self, node: Node | Token) -> ast.Item:
        if isinstance(node, Token):
            return self._READERS[node.kind](self, node)
        if node.rule == "group":
            inner = tuple(self._item(child) for child in node.children[1:-1])
            return ast.Group(inner, self._between(node))
        elements = [self._element(child) for child in node.children if isinstance(child, Node)]
        return ast.Listing(tuple(elements), self._between(node))

    def _element(self, tree: Node) -> ast.Element:
        items, block = self._row(tree.children, Span(self._file, 0, 0))
        return ast.Element(items, block, items[0].span.to(items[-1].span))

    # ---- tokens ----

    def _span(self, token: Token) -> Span:
        return Span(self._file, token.start, token.end)

    def _word(self, token: Token) -> ast.Item:
        return ast.Word(token.text, self._span(token))

    def _sign(self, token: Token) -> ast.Item:
        return ast.Sign(token.text, self._span(token))

    def _text(self, token: Token) -> ast.Item:
        return read_text(token, self._file, self._sink)

    def _pattern(self, token: Token) -> ast.Item:
        return read_pattern(token, self._file, self._sink)

    def _decimal(self, digits: str, token: Token) -> Decimal:
        """The number that is written; 1 where it has more digits than are read, which has been said then."""
        if len(digits) <= LONGEST_NUMBER:
            return Decimal(digits)
        message = f"found a number of {len(digits):,} digits, at most {LONGEST_NUMBER} are read"
        self._sink.error("bad-literal", message, self._span(token), help="write a smaller number")
        return Decimal(1)

    def _number(self, token: Token) -> ast.Item:
        return ast.Number(self._decimal(token.text, token), self._span(token))

    def _duration(self, token: Token) -> ast.Item:
        return ast.Duration(self._decimal(token.text[:-1], token) * _HOURS[token.text[-1]], self._span(token))

    def _money(self, token: Token) -> ast.Item:
        return ast.Money(self._decimal(token.text[1:], token), self._span(token))

    def _percent(self, token: Token) -> ast.Item:
        return ast.Percent(self._decimal(token.text[:-1], token) / 100, self._span(token))

    def _range(self, token: Token) -> ast.Item:
        span = self._span(token)
        first, last = (self._decimal(part, token) for part in token.text.split(".."))
        if first > last:
            self._sink.error(
                "bad-literal", f"the range `{token.text}` ends before it begins", span, help=f"write `{last}..{first}`"
            )
            first, last = last, first
        return ast.Range(int(first), int(last), span)

    def _day(self, token: Token) -> ast.Item:
        span = self._span(token)
        year, month, day = (int(part) for part in token.text.split("-"))
        try:
            return ast.Day(date(year, month, day), span)
        except ValueError:
            self._sink.error(
                "bad-literal", f"there is no day `{token.text}`", span, help="write a date as year-month-day"
            )
            return ast.Day(date(2025, 1, 1), span)

    _READERS: ClassVar[dict[str, Callable[["_Lowering", Token], ast.Item]]] = {
        "NAME": _word,
        "TEXT": _text,
        "BLOCK_TEXT": _text,
        "RAW_TEXT": _text,
        "RAW_BLOCK_TEXT": _text,
        "PATTERN": _pattern,
        "NUMBER": _number,
        "DURATION": _duration,
        "MONEY": _money,
        "PERCENT": _percent,
        "RANGE": _range,
        "DATE": _day,
        "EQUALS": _sign,
        "AT_LEAST": _sign,
        "MINUS": _sign,
        "COLON": _sign,
        "COMMA": _sign,
    }


def _is_damaged(tree: Node) -> bool:
    first = tree.children[0]
    return isinstance(first, Token) and first.kind == "DAMAGED"
