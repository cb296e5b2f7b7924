"""Rows of items: the spaces between them, their width, and whether they can stand on one line.

In: nodes of the tree and the remarks of their file. Out: strings and answers.
Refuses to do: breaking lines. Widths are those of rows without padding and without comments, so that they are the same
before and after formatting.
"""

import re
from collections.abc import Sequence

from attrs import frozen

from driftlang.syntax.format_remarks import Remarks
from driftlang.syntax.tree import Node, Token

#: Columns of a line, where it can be broken.
WIDEST = 120
Piece = Node | Token
_RAW = re.compile(r"raw[ \t]+")
_TIGHT_BEFORE = frozenset({"COMMA", "COLON", "RPAREN", "RBRACKET"})
_TIGHT_AFTER = frozenset({"LPAREN", "LBRACKET"})
_APART = frozenset({"and", "or", "not", "when"})


def first_token(piece: Piece) -> Token:
    """The token that a piece begins with."""
    while isinstance(piece, Node):
        piece = piece.children[0]
    return piece


def last_token(piece: Piece) -> Token:
    """The token that a piece ends with."""
    while isinstance(piece, Node):
        piece = piece.children[-1]
    return piece


def block_of(row: Node) -> Node | None:
    """The block that an entry or an element ends with."""
    last = row.children[-1]
    return last if isinstance(last, Node) and last.rule == "block" else None


def items_of(row: Node) -> list[Piece]:
    """What stands in an entry or an element before its block."""
    return row.children if block_of(row) is None else row.children[:-1]


def rows_of(node: Node, rule: str) -> list[Node]:
    """The entries of a file or block, the elements of a list."""
    return [child for child in node.children if isinstance(child, Node) and child.rule == rule]


def written(token: Token) -> str:
    """A token as it is written on one line; of a block text that has several, the opening quotes."""
    raw = _RAW.match(token.text) if token.kind.startswith("RAW") else None
    text = "raw " + token.text[raw.end() :] if raw else token.text
    return text[: text.index('"""') + 3] if "\n" in text else text


def spaces(items: Sequence[Piece], place: int) -> int:
    """Spaces between an item of a row and the one before it."""
    if place == 0:
        return 0
    before, behind = last_token(items[place - 1]), first_token(items[place])
    if behind.kind in _TIGHT_BEFORE or before.kind in _TIGHT_AFTER:
        return 0
    if behind.kind == "LPAREN" and before.kind == "NAME":
        return 1 if place == 1 or before.text in _APART else 0
    if before.text == "raw" and behind.kind in {"TEXT", "BLOCK_TEXT"}:
        return 0  # with a blank between, the two would be a raw text
    return 0 if _is_within_id(items, place) else 1


def _is_within_id(items: Sequence[Piece], place: int) -> bool:
    """Whether the item stands in the id of a diagnostic: `allow likely-leak`."""
    minus = place if first_token(items[place]).kind == "MINUS" else place - 1
    row = [item.kind if isinstance(item, Token) else "" for item in items[minus - 1 : minus + 2]]
    return first_token(items[0]).text == "allow" and row == ["NAME", "MINUS", "NAME"] and minus > 1


def flat(items: Sequence[Piece]) -> str:
    """A row on one line."""
    return "".join(" " * spaces(items, place) + _flat_piece(item) for place, item in enumerate(items))


def _flat_piece(piece: Piece) -> str:
    if isinstance(piece, Token):
        return written(piece)
    if piece.rule == "list":
        return f"[{', '.join(flat(element.children) for element in rows_of(piece, 'element'))}]"
    if piece.rule == "group":
        return flat(piece.children)
    entries = " ".join(flat(entry.children) for entry in rows_of(piece, "entry"))
    return f"{{ {entries} }}" if entries else "{}"


@frozen
class Shapes:
    """Which nodes of a file stand on one line."""

    remarks: Remarks

    def is_inline(self, row: Node, indent: int) -> bool:
        """Whether the block of an entry or element stands on its line: the author wrote it so, and it fits."""
        block = block_of(row)
        return block is not None and not self.needs_lines(block) and indent + len(flat(row.children)) <= WIDEST

    def is_wide(self, row: Node, indent: int) -> bool:
        """Whether the row does not fit on one line."""
        brace = 0 if block_of(row) is None or self.is_inline(row, indent) else len(" {")
        items = row.children if self.is_inline(row, indent) else items_of(row)
        return indent + len(flat(items)) + brace > WIDEST

    def is_one_line(self, row: Node, indent: int) -> bool:
        """Whether the row with its block stands on one line."""
        if block_of(row) is not None and not self.is_inline(row, indent):
            return False
        items = items_of(row)
        if self._has_remark(row) or any(map(self.needs_lines, items)):
            return False
        return not self.is_wide(row, indent) or not any(self._may_break(items, place) for place in range(len(items)))

    def is_kept_break(self, items: Sequence[Piece], place: int) -> bool:
        """Whether the author ended a line behind the comma before an item."""
        before = items[place - 1] if place else None
        is_behind_comma = isinstance(before, Token) and before.kind == "COMMA"
        return is_behind_comma and self.remarks.before(first_token(items[place]).start).is_broken

    def needs_lines(self, piece: Piece) -> bool:
        """Whether a piece takes several lines, however wide a line may be."""
        if isinstance(piece, Token):
            return "\n" in piece.text
        if self._has_remark(piece):
            return True
        if piece.rule == "block" and len(rows_of(piece, "entry")) > 1:
            return True
        if piece.rule in {"block", "list"} and rows_of(piece, "entry" if piece.rule == "block" else "element"):
            inner = piece.children[1]
            following = piece.children[2] if isinstance(inner, Token) and inner.kind == "NEWLINE" else inner
            if self.remarks.before(first_token(following).start).is_broken:
                return True
        return any(self.needs_lines(child) for child in piece.children if not _is_line_end(child))

    def _may_break(self, items: Sequence[Piece], place: int) -> bool:
        return _has_elements(items[place]) or self.is_kept_break(items, place)

    def _has_remark(self, piece: Node) -> bool:
        return self.remarks.has_within(first_token(piece).start, last_token(piece).start)


def _has_elements(piece: Piece) -> bool:
    if isinstance(piece, Token):
        return False
    return (piece.rule == "list" and len(piece.children) > 2) or any(map(_has_elements, piece.children))


def _is_line_end(piece: Piece) -> bool:
    return isinstance(piece, Token) and piece.kind == "NEWLINE"
