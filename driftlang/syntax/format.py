"""text → text: the one style of `.drift` files.

In: the text of a file. Out: the same program, its comments included, as everybody writes it.
Refuses to do: a text with syntax errors, and options.

Two columns of indentation, one entry a line, `format_columns.py` for what lines up. Of several blank lines one is left,
none at the ends of a block or below a `##` line. A list has one element a line where the author ended a line behind
its `[`, where it has comments, and where its row would have more than 120 columns; a block of one entry stands on the
line of its entry where the author wrote it there and it fits. What stands behind a comma on a new line joins the line
above where all of the row fits. Texts, patterns and comments stay as they are written; block texts move with their
entry (see `format_texts.py`).
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import Failure
from driftlang.syntax.format_columns import Columns, Line, columns_of, is_naming
from driftlang.syntax.format_page import Page
from driftlang.syntax.format_remarks import Gap, Remark, read_remarks
from driftlang.syntax.format_rows import (
    Piece,
    Shapes,
    block_of,
    first_token,
    items_of,
    rows_of,
    spaces,
    written,
)
from driftlang.syntax.format_texts import reindented
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse
from driftlang.syntax.same_program import is_same_program
from driftlang.syntax.tree import Node, Token

_STEP = 2
#: How much deeper than its entry a row goes on behind a line end.
_HANG = 4


def format_text(text: str, file: int, sink: Sink) -> str:
    """The text in the one style; as it is where it has syntax errors, which are added to the sink.

    Raises:
        Failure: what would be written is another program, which is a mistake of this formatter.
    """
    mistakes = Sink()
    parsed = parse(text, file, mistakes)
    program = lower(parsed, file, mistakes)
    for diagnostic in mistakes.found:
        sink.add(diagnostic)
    if mistakes.has_errors:
        return text
    shapes = Shapes(read_remarks(text))
    formatted = _Formatting(shapes).file(parsed.tree, len(text))
    again = Sink()
    if not is_same_program(program, lower(parse(formatted, file, again), file, again)) or again.has_errors:
        message = "the formatted file would be another program; it stays as it is"
        raise Failure(message, help="report this together with the file")
    return formatted


class _Formatting:
    """One walk over a tree."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._remarks = shapes.remarks
        self._page = Page()
        self._led = -1  # offset of the token whose gap has been written

    def file(self, tree: Node, end: int) -> str:
        entries = rows_of(tree, "entry")
        self._entries(entries, 0, has_first=False)
        ending = self._settled(self._remarks.before(end), is_first=not entries)
        self._rest(Gap(ending.remarks), 0)
        return self._page.text()

    # ---- entries ----

    def _entries(self, entries: Sequence[Node], indent: int, *, has_first: bool) -> None:
        gaps = [
            self._settled(self._remarks.before(first_token(entry).start), is_first=place == 0)
            for place, entry in enumerate(entries)
        ]
        lines = [
            Line(
                entry,
                is_one_line=self._shapes.is_one_line(entry, indent),
                has_lines_of_block=block_of(entry) is not None and not self._shapes.is_inline(entry, indent),
                is_spaced=gap.has_blank_line,
            )
            for entry, gap in zip(entries, gaps, strict=True)
        ]
        columns = columns_of(lines, has_first=has_first)
        for entry, gap, column in zip(entries, gaps, columns, strict=True):
            self._lead(entry, gap, indent)
            self._row(entry, indent, column)

    def _settled(self, gap: Gap, *, is_first: bool) -> Gap:
        """A gap with the blank lines that are left: none at the start of a block, none below a `##` line."""
        remarks, is_spaced = gap.remarks, gap.is_spaced
        if is_first and remarks:
            remarks = (Remark(remarks[0].text, is_spaced=False), *remarks[1:])
        is_below_doc = bool(remarks) and remarks[-1].text.startswith("##")
        return Gap(remarks, is_spaced and not is_below_doc and (bool(remarks) or not is_first))

    def _lead(self, piece: Piece, gap: Gap, indent: int) -> None:
        """Begin a line for a piece, below what stands above it."""
        self._led = first_token(piece).start
        self._rest(gap, indent)

    def _rest(self, gap: Gap, indent: int) -> None:
        self._page.end_line()
        for remark in gap.remarks:
            self._page.add_remark(remark.text, indent, is_spaced=remark.is_spaced)
        if gap.is_spaced:
            self._page.add_blank_line()

    # ---- rows ----

    def _row(self, row: Node, indent: int, columns: Columns) -> None:
        """An entry or an element with its block."""
        is_inline = self._shapes.is_inline(row, indent)
        is_wide = self._shapes.is_wide(row, indent)
        items = items_of(row)
        widths = (columns.first, columns.second if columns.second and is_naming(row) else 0)
        for place, item in enumerate(items):
            gap = spaces(items, place)
            if 1 <= place <= 2 and gap and not isinstance(items[place - 1], Node):
                gap += max(0, widths[place - 1] - len(first_token(items[place - 1]).text))
            if is_wide and self._shapes.is_kept_break(items, place):
                self._page.end_line()
            margin = indent if place == 0 else indent + _HANG
            self._item(item, gap, margin, is_wide=is_wide)
        block = block_of(row)
        if block is not None:
            self._block(block, indent, is_inline=is_inline)

    def _item(self, item: Piece, gap: int, margin: int, *, is_wide: bool) -> None:
        if isinstance(item, Token):
            self._token(item, gap, margin)
        elif item.rule == "list":
            self._list(item, gap, margin, is_wide=is_wide)
        else:
            for place, child in enumerate(item.children):
                self._item(child, gap if place == 0 else spaces(item.children, place), margin, is_wide=is_wide)

    def _list(self, node: Node, gap: int, margin: int, *, is_wide: bool) -> None:
        elements = rows_of(node, "element")
        opening, closing = first_token(node), node.children[-1]
        assert isinstance(closing, Token)  # noqa: S101 - the grammar says so
        self._token(opening, gap, margin)
        outer = self._page.indent
        if not self._shapes.needs_lines(node) and not (is_wide and elements):
            for place, element in enumerate(elements):
                if place:
                    self._page.attach(",")
                self._flat_row(element, gap=1 if place else 0, margin=margin)
            self._token(closing, 0, margin)
            return
        inner = outer + _STEP
        is_first = True
        late: list[str] = []
        for child in node.children[1:-1]:
            if isinstance(child, Token):
                late += self._comma(child)
                continue
            self._lead(child, self._settled(self._gap_of(child, late), is_first=is_first), inner)
            self._row(child, inner, Columns())
            self._page.attach(",")
            is_first, late = False, []
        self._lead(closing, Gap(self._gap_of(closing, late).remarks), inner)
        self._token(closing, 0, outer)

    def _gap_of(self, piece: Piece, late: Sequence[str]) -> Gap:
        """The gap before a piece, with the comments around the comma above it, which get lines of their own."""
        gap = self._remarks.before(first_token(piece).start)
        moved = tuple(Remark(text, is_spaced=False) for text in late)
        return Gap((*moved, *gap.remarks), gap.is_spaced)

    def _comma(self, comma: Token) -> list[str]:
        """The comments around a comma that has been written right behind its element, but one that ends the line."""
        above = [remark.text for remark in self._remarks.before(comma.start).remarks]
        behind = self._remarks.behind(comma.end)
        if not behind:
            return above
        if not above and self._page.end_with(behind):
            return []
        return [*above, behind]

    def _block(self, block: Node, indent: int, *, is_inline: bool) -> None:
        entries = rows_of(block, "entry")
        opening, closing = first_token(block), block.children[-1]
        assert isinstance(closing, Token)  # noqa: S101 - the grammar says so
        self._token(opening, 1, indent)
        if is_inline:
            for entry in entries:
                self._flat_row(entry, gap=1, margin=indent)
            self._token(closing, 1 if entries else 0, indent)
            return
        self._entries(entries, indent + _STEP, has_first=True)
        ending = self._settled(self._remarks.before(closing.start), is_first=not entries)
        self._lead(closing, Gap(ending.remarks), indent + _STEP)
        self._token(closing, 0, indent)

    def _flat_row(self, row: Node, gap: int, margin: int) -> None:
        for place, item in enumerate(row.children):
            before = gap if place == 0 else spaces(row.children, place)
            if isinstance(item, Node) and item.rule == "block":
                self._block(item, margin, is_inline=True)
            else:
                self._item(item, before, margin, is_wide=False)

    # ---- tokens ----

    def _token(self, token: Token, gap: int, margin: int) -> None:
        """Write a token; the comments before it get lines of their own."""
        if token.start != self._led:
            for remark in self._remarks.before(token.start).remarks:
                self._page.add_remark(remark.text, margin)
        self._page.write(written(token), gap, margin)
        if "\n" in token.text:
            self._page.write_lines(reindented(token.text, self._page.indent))
        self._page.end_with(self._remarks.behind(token.end))
