"""text → tree: the LALR parser, which goes on behind a mistake.

In: the text of a file. Out: `Parsed`, a tree of all that could be read, and a diagnostic for each mistake.
Refuses to do: raising for a mistake of the author, and going on behind `MOST_ERRORS` of them.

Recovery is by panic mode: the mistake is recorded once, the stacks are popped to the innermost state in which an
entry may begin, the line is skipped (or reading goes on with the token itself, where it leads its line and fits),
and a node stands for what was lost. A text with mistakes is read a second time, with its layout as a guide to which
brace or quote is the one that is missing; the reading with fewer mistakes counts.
"""

import re
from collections.abc import Iterator, Sequence

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.syntax import complaints
from driftlang.syntax.grammar import load_tables
from driftlang.syntax.layout import OPENS_BLOCK, indentation, leads_line
from driftlang.syntax.machine import Kept, Machine
from driftlang.syntax.tokens import DEEPEST, MOST_TOKENS, Tokens
from driftlang.syntax.tree import Node, Parsed, Token

#: Mistakes behind which the rest of a file is not read.
MOST_ERRORS = 100
#: Words and signs out of place behind which it is not, wherever they stand: of one line, the first is spoken of.
MOST_RECOVERIES = 1_000
_WORD = r"[A-Za-z_]\w*"


def parse(text: str, file: int, sink: Sink) -> Parsed:
    """Read `text`, the file with id `file`; diagnostics go to `sink`."""
    plain = _Reading(text, file, by_layout=False)
    parsed = plain.run()
    if plain.found:
        guided = _Reading(text, file, by_layout=True)
        parsed_by_layout = guided.run()
        if len(guided.found) <= len(plain.found):
            plain, parsed = guided, parsed_by_layout
    for diagnostic in (*plain.found, *complaints.control_characters(text, file)):
        sink.add(diagnostic)
    return parsed


class _Reading:
    """One pass over a text."""

    def __init__(self, text: str, file: int, *, by_layout: bool) -> None:
        tables = load_tables()
        self.found: list[Diagnostic] = []
        self._text = text
        self._file = file
        self._by_layout = by_layout
        self._tokens = Tokens(tables.pattern, text, by_layout=by_layout)
        self._machine = Machine(tables)
        self._lost: set[str] = set()
        self._error_line = -1
        self._recoveries = 0
        self._previous: Token | None = None
        self._head: Token | None = None
        self._cut: list[Diagnostic] = []

    def run(self) -> Parsed:
        """Feed every token; recover where one does not fit; close what is open at the end."""
        stream = iter(self._tokens)
        for token in stream:
            if self._by_layout:
                if not self._fits_layout(token):
                    self._tokens.drop(token)
                    continue
                if token.kind == "NAME" and self._is_resting():
                    self._head = token
            if not self._machine.feed(token):
                self._recover(token, stream)
            self._previous = token
            if len(self.found) >= MOST_ERRORS or self._recoveries >= MOST_RECOVERIES:
                count = max(len(self.found), self._recoveries)
                self._cut.append(complaints.too_many(token, count, self._file))
                break
        self._finish()
        end = len(self._text)
        tree = self._machine.finish(Token("$END", "", end, end))
        return Parsed(tree, self._tokens.docs, frozenset(self._lost), bool(self._cut))

    # ---- mistakes ----

    def _recover(self, bad: Token, stream: Iterator[Token]) -> None:
        self._recoveries += 1
        if self._closes_list_over_block(bad):
            return
        opened = tuple(self._tokens.open[:-1] if self._is_just_opened(bad) else self._tokens.open)
        self._report(bad, opened)
        if self._is_behind_block():
            # The block is whole; what stands behind it is a lost line of its own.
            self._feed("NEWLINE", bad)
        start = self._pop(bad)
        braces = self._open_braces()
        self._tokens.drop_brackets(braces)
        if self._resumes_at(bad, start):
            return
        token = bad
        while not self._settles(token, start):
            following = next(stream, None)
            if following is None:
                return
            token = following
            self._tokens.drop_brackets(braces)

    def _closes_list_over_block(self, bad: Token) -> bool:
        """Whether `bad` is the `]` of a list whose last element has a block without `}`, which is closed then."""
        opened = [token.kind for token in self._tokens.open[-2:]]
        if bad.kind != "RBRACKET" or opened != ["LBRACKET", "LBRACE"] or not self._machine.takes("RBRACE"):
            return False
        self.found.append(complaints.unclosed_options(self._tokens.open.pop(), bad, self._file))
        self._pop(bad)
        self._feed("DAMAGED", bad)
        self._feed("RBRACE", bad)
        return self._machine.feed(bad)

    def _is_behind_block(self) -> bool:
        top = self._machine.values[-1] if self._machine.values else None
        return isinstance(top, Token) and top.kind == "RBRACE"

    def _is_just_opened(self, bad: Token) -> bool:
        return bool(self._tokens.open) and self._tokens.open[-1] is bad

    def _report(self, bad: Token, opened: Sequence[Token]) -> None:
        line = self._text.count("\n", 0, bad.start) if len(self.found) < MOST_ERRORS else self._error_line
        if line == self._error_line:
            return
        self._error_line = line
        is_start = self._is_resting()
        place = complaints.Place(self._text, self._file, tuple(opened), self._previous, is_start)
        self.found.append(complaints.complain(bad, place))

    def _is_resting(self) -> bool:
        """Whether an entry may begin in this state: only there does the grammar take what stands for a lost line."""
        return self._machine.takes("DAMAGED")

    def _pop(self, bad: Token) -> int:
        """Pop to the innermost state in which an entry may begin; return where the lost text begins."""
        start = bad.start
        while not self._is_resting():
            self._machine.states.pop()
            start = min(start, _first_offset(self._machine.values.pop(), start))
        self._lost.update(re.findall(_WORD, self._text[start : bad.end]))
        return start

    def _open_braces(self) -> int:
        """Braces that are open for the parser; a `}` that it has taken stays on its stack for one more token."""
        kinds = [value.kind for value in self._machine.values if isinstance(value, Token)]
        return kinds.count("LBRACE") - kinds.count("RBRACE")

    def _resumes_at(self, bad: Token, start: int) -> bool:
        """Go on with the bad token itself, where it leads its line and an entry may begin or a block end with it."""
        if bad.kind in {"NEWLINE", "LBRACE"} or not leads_line(self._text, bad.start):
            return False
        if not self._machine.takes(bad.kind):
            return False
        if start < (bad.start):
            self._feed("DAMAGED", bad)
            self._feed("NEWLINE", bad)
        self._machine.feed(bad)
        return True

    def _settles(self, token: Token, start: int) -> bool:
        """Whether skipping ends with `token`: a line's end, or a brace; then the node for the lost part is in place."""
        kind = token.kind
        end = token.end
        if kind == "NEWLINE" or kind == "LBRACE":  # noqa: PLR1714 - a set per skipped token would cost more
            self._lost.update(re.findall(_WORD, self._text[start:end]))
            self._feed("DAMAGED", token)
            self._machine.feed(token)
            return True
        if kind == "RBRACE" and self._machine.takes("RBRACE"):
            self._feed("DAMAGED", token)
            self._machine.feed(token)
            return True
        return False

    def _feed(self, kind: str, at: Token) -> bool:
        """Feed a token that the text does not hold; False where it does not fit."""
        return self._machine.feed(Token(kind, "", at.start, at.start))

    # ---- layout ----

    def _fits_layout(self, token: Token) -> bool:
        """Close blocks whose `}` is missing by the indentation of `token`; False for a `}` that is one too many."""
        if token.kind == "NEWLINE":
            if self._is_before_brace():
                self.found.append(complaints.lone_brace(self._tokens.following, self._file))
                return False
            self._open_missing(token)
            return True
        if token.kind not in {"NAME", "RBRACE"} or not self._tokens.open:
            return True
        offset = token.start
        if not self._is_resting() or not leads_line(self._text, offset):
            return True
        width = indentation(self._text, offset)
        braces = [opener for opener in self._tokens.open if opener.kind == "LBRACE"]
        widths = [indentation(self._text, opener.start) for opener in braces]
        if token.kind == "RBRACE":
            return self._fits_closing(token, width, widths)
        missing = sum(1 for opener_width in widths if opener_width >= width)
        if missing and all(opener_width >= width for opener_width in widths[-missing:]):
            self._close(missing, token)
            self._feed("NEWLINE", token)
        return True

    def _is_before_brace(self) -> bool:
        """Whether the `{` of this line's block stands on the line below."""
        head, following = self._head, self._tokens.following
        is_opening = head is not None and head.text in OPENS_BLOCK and not self._is_resting()
        return is_opening and following.kind == "LBRACE" and self._machine.takes("LBRACE")

    def _open_missing(self, newline: Token) -> None:
        """Open the block of an entry that lacks its `{`, where the line below stands deeper."""
        head, previous, following = self._head, self._previous, self._tokens.following
        if head is None or previous is None or head.text not in OPENS_BLOCK or following.kind != "NAME":
            return
        if previous.kind in {"LBRACE", "RBRACE", "COMMA"} or self._is_resting():
            return
        if indentation(self._text, following.start) <= indentation(self._text, head.start):
            return
        if not self._machine.takes("LBRACE"):
            return
        self.found.append(complaints.missing_brace(head, previous, self._file))
        opener = Token("LBRACE", "{", newline.start, newline.start)
        self._machine.feed(opener)
        self._tokens.open.append(opener)

    def _fits_closing(self, token: Token, width: int, widths: list[int]) -> bool:
        if width > widths[-1]:
            self.found.append(complaints.surplus_brace(token, self._file))
            return False
        if width in widths:
            self._close(len(widths) - 1 - widths.index(width), token)
        return True

    def _close(self, count: int, noticed: Token) -> None:
        """Close the innermost `count` blocks, which the author left open, as `noticed` tells."""
        for _ in range(count):
            opener = next(token for token in reversed(self._tokens.open) if token.kind == "LBRACE")
            self.found.append(complaints.unclosed_block(opener, noticed, self._text, self._file))
            self._feed("RBRACE", opener)
            self._tokens.drop_brackets(self._open_braces())

    # ---- the end ----

    def _finish(self) -> None:
        """Close what is open when the text ends."""
        end = Token("NEWLINE", "", len(self._text), len(self._text))
        self._cut += [complaints.too_deep(token, DEEPEST, self._file) for token in self._tokens.too_deep]
        self._cut += [complaints.too_long(token, MOST_TOKENS, self._file) for token in self._tokens.too_long]
        self.found += self._cut
        self._settle_at(end)
        self._tokens.drop_brackets(self._open_braces())
        if not self._cut:
            left_open = self._tokens.open
            self.found += [complaints.unclosed_block(opener, None, self._text, self._file) for opener in left_open]
        while self._open_braces():
            # What such a block lacks may have been meant to stand behind the end.
            self._feed("DAMAGED", end)
            self._feed("NEWLINE", end)
            self._feed("RBRACE", end)
            if not self._feed("NEWLINE", end):
                # The block stood in a list, which is lost with its entry.
                self._settle_at(end)

    def _settle_at(self, end: Token) -> None:
        """Give up an entry that the end cuts off."""
        if not self._is_resting():
            self._pop(end)
            self._feed("DAMAGED", end)
            self._feed("NEWLINE", end)


def _first_offset(value: Kept, default: int) -> int:
    """Where a value of the machine's stack begins in the text."""
    first: Kept = value
    while not isinstance(first, Token):
        children = first.children if isinstance(first, Node) else first
        if not children:
            return default
        first = children[0]
    return first.start
