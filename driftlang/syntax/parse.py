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

from attrs import frozen
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.syntax import complaints
from driftlang.syntax.grammar import load_grammar
from driftlang.syntax.layout import OPENS_BLOCK, indentation, leads_line
from driftlang.syntax.tokens import DEEPEST, MOST_TOKENS, Tokens

#: Mistakes behind which the rest of a file is not read.
MOST_ERRORS = 100
_WORD = re.compile(r"[A-Za-z_]\w*")


@frozen
class Parsed:
    """A tree of the grammar, doc comments by the offset of their entry, and words of lost lines.

    `is_cut` says whether reading stopped before the end.
    """

    tree: "Tree[Token]"
    docs: dict[int, str]
    lost: frozenset[str]
    is_cut: bool


def parse(text: str, file: int, sink: Sink) -> Parsed:
    """Read `text`, the file with id `file`; diagnostics go to `sink`."""
    plain = _Reading(text, file, by_layout=False)
    parsed = plain.run()
    if plain.found and not parsed.is_cut:
        guided = _Reading(text, file, by_layout=True)
        parsed_by_layout = guided.run()
        if len(guided.found) <= len(plain.found):
            plain, parsed = guided, parsed_by_layout
    for diagnostic in plain.found:
        sink.add(diagnostic)
    return parsed


class _Reading:
    """One pass over a text."""

    def __init__(self, text: str, file: int, *, by_layout: bool) -> None:
        grammar: Lark = load_grammar()
        self.found: list[Diagnostic] = []
        self._text = text
        self._file = file
        self._by_layout = by_layout
        self._tokens = Tokens(grammar, text, by_layout=by_layout)
        self._parser = grammar.parse_interactive()
        self._state = self._parser.parser_state
        self._table = self._state.parse_conf.states
        self._lost: set[str] = set()
        self._error_line = -1
        self._previous: Token | None = None
        self._head: Token | None = None
        self._cut: list[Diagnostic] = []

    def run(self) -> Parsed:
        """Feed every token; recover where one does not fit; close what is open at the end."""
        stream = iter(self._tokens)
        for token in stream:
            if self._by_layout:
                if not self._fits_layout(token):
                    continue
                if token.type == "NAME" and self._is_resting(self._state.state_stack[-1]):
                    self._head = token
            try:
                self._state.feed_token(token)
            except UnexpectedToken:
                self._recover(token, stream)
            self._previous = token
            if len(self.found) >= MOST_ERRORS:
                self._cut.append(complaints.too_many(token, MOST_ERRORS, self._file))
                break
        self._finish()
        end = len(self._text)
        tree: Tree[Token] = self._state.feed_token(Token("$END", "", end, end_pos=end), is_end=True)
        return Parsed(tree, self._tokens.docs, frozenset(self._lost), bool(self._cut))

    # ---- mistakes ----

    def _recover(self, bad: Token, stream: Iterator[Token]) -> None:
        opened = tuple(self._tokens.open[:-1] if self._is_just_opened(bad) else self._tokens.open)
        self._report(bad, opened)
        start = self._pop(bad)
        self._tokens.drop_brackets(self._open_braces())
        if self._resumes_at(bad, start):
            return
        token = bad
        while not self._settles(token, start):
            following = next(stream, None)
            if following is None:
                return
            token = following
            self._tokens.drop_brackets(self._open_braces())

    def _is_just_opened(self, bad: Token) -> bool:
        return bool(self._tokens.open) and self._tokens.open[-1] is bad

    def _report(self, bad: Token, opened: Sequence[Token]) -> None:
        line = self._text.count("\n", 0, bad.start_pos or 0) if len(self.found) < MOST_ERRORS else self._error_line
        if line == self._error_line:
            return
        self._error_line = line
        is_start = self._is_resting(self._state.state_stack[-1])
        place = complaints.Place(self._text, self._file, tuple(opened), self._previous, is_start)
        self.found.append(complaints.complain(bad, place))

    def _is_resting(self, state: object) -> bool:
        """Whether an entry may begin in this state: only there does the grammar take what stands for a lost line."""
        return "DAMAGED" in self._table[state]

    def _pop(self, bad: Token) -> int:
        """Pop to the innermost state in which an entry may begin; return where the lost text begins."""
        states, values = self._state.state_stack, self._state.value_stack
        start = bad.start_pos or 0
        while not self._is_resting(states[-1]):
            states.pop()
            start = min(start, _first_offset(values.pop(), start))
        self._lost.update(_WORD.findall(self._text[start : bad.end_pos]))
        return start

    def _open_braces(self) -> int:
        """Braces that are open for the parser; a `}` that it has taken stays on its stack for one more token."""
        kinds = [value.type for value in self._state.value_stack if isinstance(value, Token)]
        return kinds.count("LBRACE") - kinds.count("RBRACE")

    def _resumes_at(self, bad: Token, start: int) -> bool:
        """Go on with the bad token itself, where it leads its line and an entry may begin or a block end with it."""
        if bad.type in {"NEWLINE", "LBRACE"} or not leads_line(self._text, bad.start_pos or 0):
            return False
        if bad.type not in self._table[self._state.state_stack[-1]]:
            return False
        if start < (bad.start_pos or 0):
            self._feed("DAMAGED", bad)
            self._feed("NEWLINE", bad)
        self._state.feed_token(bad)
        return True

    def _settles(self, token: Token, start: int) -> bool:
        """Whether skipping ends with `token`: a line's end, or a brace; then the node for the lost part is in place."""
        kind = token.type
        end = token.end_pos or 0
        if kind == "NEWLINE" or kind == "LBRACE":  # noqa: PLR1714 - a set per skipped token would cost more
            self._lost.update(_WORD.findall(self._text[start:end]))
            self._feed("DAMAGED", token)
            self._state.feed_token(token)
            return True
        if kind == "RBRACE" and "RBRACE" in self._table[self._state.state_stack[-1]]:
            self._feed("DAMAGED", token)
            self._state.feed_token(token)
            return True
        return False

    def _feed(self, kind: str, at: Token) -> None:
        """Feed a token that the text does not hold."""
        self._state.feed_token(Token(kind, "", at.start_pos, end_pos=at.start_pos))

    # ---- layout ----

    def _fits_layout(self, token: Token) -> bool:
        """Close blocks whose `}` is missing by the indentation of `token`; False for a `}` that is one too many."""
        if token.type == "NEWLINE":
            self._open_missing(token)
            return True
        if token.type not in {"NAME", "RBRACE"} or not self._tokens.open:
            return True
        offset = token.start_pos or 0
        if not self._is_resting(self._state.state_stack[-1]) or not leads_line(self._text, offset):
            return True
        width = indentation(self._text, offset)
        braces = [opener for opener in self._tokens.open if opener.type == "LBRACE"]
        widths = [indentation(self._text, opener.start_pos or 0) for opener in braces]
        if token.type == "RBRACE":
            return self._fits_closing(token, width, widths)
        missing = sum(1 for opener_width in widths if opener_width >= width)
        if missing and all(opener_width >= width for opener_width in widths[-missing:]):
            self._close(missing)
            self._feed("NEWLINE", token)
        return True

    def _open_missing(self, newline: Token) -> None:
        """Open the block of an entry that lacks its `{`, where the line below stands deeper."""
        head, previous, following = self._head, self._previous, self._tokens.following
        if head is None or previous is None or head not in OPENS_BLOCK or following.type != "NAME":
            return
        if previous.type in {"LBRACE", "RBRACE", "COMMA"} or self._is_resting(self._state.state_stack[-1]):
            return
        if indentation(self._text, following.start_pos or 0) <= indentation(self._text, head.start_pos or 0):
            return
        if "LBRACE" not in self._table[self._state.state_stack[-1]]:
            return
        self.found.append(complaints.missing_brace(head, previous, self._file))
        opener = Token("LBRACE", "{", newline.start_pos, end_pos=newline.start_pos)
        self._state.feed_token(opener)
        self._tokens.open.append(opener)

    def _fits_closing(self, token: Token, width: int, widths: list[int]) -> bool:
        if width > widths[-1]:
            self.found.append(complaints.surplus_brace(token, self._file))
            return False
        if width in widths:
            self._close(len(widths) - 1 - widths.index(width))
        return True

    def _close(self, count: int) -> None:
        """Close the innermost `count` blocks, which the author left open."""
        for _ in range(count):
            opener = next(token for token in reversed(self._tokens.open) if token.type == "LBRACE")
            self.found.append(complaints.unclosed_block(opener, self._text, self._file))
            self._feed("RBRACE", opener)
            self._tokens.drop_brackets(self._open_braces())

    # ---- the end ----

    def _finish(self) -> None:
        """Close what is open when the text ends."""
        end = Token("NEWLINE", "", len(self._text), end_pos=len(self._text))
        self._cut += [complaints.too_deep(token, DEEPEST, self._file) for token in self._tokens.too_deep]
        self._cut += [complaints.too_long(token, MOST_TOKENS, self._file) for token in self._tokens.too_long]
        self.found += self._cut
        if not self._is_resting(self._state.state_stack[-1]):
            self._pop(end)
            self._feed("DAMAGED", end)
            self._feed("NEWLINE", end)
        self._tokens.drop_brackets(self._open_braces())
        if self._tokens.open and not self._cut:
            self.found.append(complaints.unclosed_block(self._tokens.open[-1], self._text, self._file))
        for _ in range(self._open_braces()):
            # What such a block lacks may have been meant to stand behind the end.
            self._feed("DAMAGED", end)
            self._feed("NEWLINE", end)
            self._feed("RBRACE", end)
            self._feed("NEWLINE", end)


def _first_offset(value: object, default: int) -> int:
    """Where a value of the parser's stack begins in the text."""
    while isinstance(value, Tree | list):
        children = value.children if isinstance(value, Tree) else value
        if not children:
            return default
        value = children[0]
    if isinstance(value, Token) and value.start_pos is not None:
        return value.start_pos
    return default

