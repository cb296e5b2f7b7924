"""The tokens of a file, as the parser wants them.

In: a text. Out: tokens without blanks and comments, one NEWLINE where a line end means something, and the `##` lines
that stand above each entry. Tokens that are none of the language pass through, for the parser to speak of.
Refuses to do: reading past `DEEPEST` brackets within each other, or past `MOST_TOKENS` tokens.
"""

import re
from collections.abc import Iterator

from driftlang.syntax.layout import first_line_at_most, indentation, is_mispaired, leads_line, true_end
from driftlang.syntax.tree import Token

#: How many brackets may stand within each other.
DEEPEST = 64
#: Words, signs, texts and the blanks between them that a file may have.
MOST_TOKENS = 4_000_000
OPENERS = {"LBRACE": "RBRACE", "LBRACKET": "RBRACKET", "LPAREN": "RPAREN"}
_CLOSERS = frozenset(OPENERS.values())
_UNCLOSED = {"TEXT": "UNCLOSED_TEXT", "RAW_TEXT": "UNCLOSED_TEXT"}
_OPERATORS = frozenset({"and", "or", "not"})


class Tokens:
    """The tokens of `text`, one by one, with the brackets that are open.

    Attributes:
        open: tokens of the brackets that are open, outermost first.
        docs: text of the `##` lines above the entry that begins at an offset.
        too_deep: the bracket at which reading stopped, none or one.
        too_long: the token at which reading stopped, none or one.
        following: the token behind the NEWLINE that was given out last.
    """

    def __init__(self, pattern: str, text: str, *, by_layout: bool) -> None:
        self.open: list[Token] = []
        self.docs: dict[int, str] = {}
        self.too_deep: list[Token] = []
        self.too_long: list[Token] = []
        self.following: Token = Token("$END", "", len(text), len(text))
        self._pattern = re.compile(pattern)
        self._text = text
        self._by_layout = by_layout
        self._doc_lines: list[str] = []
        self._dropped: Token | None = None

    def drop(self, token: Token) -> None:
        """Go on as if the token that was given out last, and the end of its line, were not there."""
        self._dropped = token

    def drop_brackets(self, keep: int) -> None:
        """Forget open brackets down to the outermost `keep` braces, since recovery left them behind."""
        braces = [token for token in self.open if token.kind == "LBRACE"][:keep]
        last = braces[-1] if braces else None
        while self.open and self.open[-1] is not last:
            self.open.pop()

    def __iter__(self) -> Iterator[Token]:
        newline: Token | None = None
        previous: Token | None = None
        for token in self._significant():
            kind = token.kind
            if kind == "NEWLINE":
                newline = newline or token
                continue
            if newline is not None:
                if previous is not None and self._means_something(previous, token):
                    self.following = token
                    yield newline
                self._keep_docs(token)
                newline = None
            elif previous is None:
                self._keep_docs(token)
            if kind in OPENERS and len(self.open) >= DEEPEST:
                self.too_deep.append(token)
                return
            yield token
            if self._dropped is token:
                previous = None
                continue
            self._track(token)
            previous = token
        if previous is not None and not self.too_long:
            yield newline or Token("NEWLINE", "", len(self._text), len(self._text))

    def _significant(self) -> Iterator[Token]:
        """All tokens but blanks and comments; reading starts anew behind a block text that is never closed."""
        text = self._text
        start = count = 0
        while start < len(text):
            resume = len(text)
            for found in self._pattern.finditer(text, start):
                count += 1
                kind = found.lastgroup or ""
                if kind == "BLANK" or kind == "COMMENT":  # noqa: PLR1714 - the hot loop of the lexer
                    continue
                token = Token(kind, found.group(), *found.span())
                if count > MOST_TOKENS:
                    self.too_long.append(token)
                    return
                if kind == "DOC":
                    if leads_line(text, token.start):
                        self._doc_lines.append(token.text[2:].strip())
                    continue
                if self._is_never_closed(token):
                    yield Token("UNCLOSED_BLOCK", '"""', token.start, token.start + 3)
                    resume = first_line_at_most(text, token.start, indentation(text, token.start))
                    break
                end = true_end(text, token) if self._by_layout else token.end
                if end < token.end:
                    yield Token(_UNCLOSED.get(kind, kind), text[token.start : end], token.start, end)
                    resume = end
                    break
                yield token
            if resume < len(text) and text[resume - 1] == "\n":
                yield Token("NEWLINE", "\n", resume - 1, resume)
            start = resume

    def _is_never_closed(self, token: Token) -> bool:
        if token.kind == "UNCLOSED_BLOCK":
            return True
        return self._by_layout and token.kind.endswith("BLOCK_TEXT") and is_mispaired(self._text, token)

    def _means_something(self, previous: Token, token: Token) -> bool:
        """Whether the line end between the two ends an entry; in brackets only where they were left open."""
        if previous.kind == "COMMA":
            return False
        if not self.open or self.open[-1].kind == "LBRACE":
            return True
        if token.kind != "NAME" or previous.kind in OPENERS:
            return False
        if self.open[-1].kind == "LBRACKET":
            return True
        return token.text not in _OPERATORS and previous.text not in _OPERATORS

    def _keep_docs(self, token: Token) -> None:
        if self._doc_lines:
            if token.kind == "NAME":
                self.docs[token.start] = "\n".join(self._doc_lines)
            self._doc_lines.clear()

    def _track(self, token: Token) -> None:
        if token.kind in OPENERS:
            self.open.append(token)
        elif token.kind in _CLOSERS and self.open and OPENERS[self.open[-1].kind] == token.kind:
            self.open.pop()
