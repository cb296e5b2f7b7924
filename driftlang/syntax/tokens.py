"""The tokens of a file, as the parser wants them.

In: a text. Out: lark tokens without blanks and comments, one NEWLINE where a line end means something, and the
`##` lines that stand above each entry. Tokens that are none of the language pass through, for the
parser to speak of.
Refuses to do: reading past `DEEPEST` brackets within each other, or past `MOST_TOKENS` tokens.
"""

from collections.abc import Iterator

from lark import Lark, TextSlice, Token

from driftlang.syntax.layout import first_line_at_most, indentation, is_mispaired, leads_line

#: How many brackets may stand within each other.
DEEPEST = 64
#: Words, signs, texts and the blanks between them that a file may have.
MOST_TOKENS = 1_000_000
OPENERS = {"LBRACE": "RBRACE", "LBRACKET": "RBRACKET", "LPAREN": "RPAREN"}
_CLOSERS = frozenset(OPENERS.values())
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

    def __init__(self, grammar: Lark, text: str, *, by_layout: bool) -> None:
        self.open: list[Token] = []
        self.docs: dict[int, str] = {}
        self.too_deep: list[Token] = []
        self.too_long: list[Token] = []
        self.following: Token = Token("$END", "", len(text), end_pos=len(text))
        self._grammar = grammar
        self._text = text
        self._by_layout = by_layout
        self._doc_lines: list[str] = []

    def drop_brackets(self, keep: int) -> None:
        """Forget open brackets down to the outermost `keep` braces, since recovery left them behind."""
        braces = [token for token in self.open if token.type == "LBRACE"][:keep]
        last = braces[-1] if braces else None
        while self.open and self.open[-1] is not last:
            self.open.pop()

    def __iter__(self) -> Iterator[Token]:
        newline: Token | None = None
        previous: Token | None = None
        for token in self._significant():
            kind = token.type
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
            self._track(token)
            previous = token
        if previous is not None:
            yield newline or Token("NEWLINE", "", len(self._text), end_pos=len(self._text))

    def _significant(self) -> Iterator[Token]:
        """All tokens but blanks and comments; reading starts anew behind a block text that is never closed."""
        start = count = 0
        while start < len(self._text):
            resume = len(self._text)
            for token in self._grammar.lex(TextSlice(self._text, start, len(self._text)), dont_ignore=True):
                kind = token.type
                count += 1
                if count > MOST_TOKENS:
                    self.too_long.append(token)
                    return
                if kind == "BLANK" or kind == "COMMENT":  # noqa: PLR1714 - the hot loop of the lexer
                    continue
                if kind == "DOC":
                    if leads_line(self._text, token.start_pos or 0):
                        self._doc_lines.append(token[2:].strip())
                    continue
                if kind == "UNCLOSED_BLOCK" or (
                    kind in {"BLOCK_TEXT", "RAW_BLOCK_TEXT"} and self._by_layout and is_mispaired(self._text, token)
                ):
                    position = token.start_pos or 0
                    yield Token("UNCLOSED_BLOCK", '"""', position, end_pos=position + 3)
                    resume = first_line_at_most(self._text, position, indentation(self._text, position))
                    break
                yield token
            if resume < len(self._text):
                yield Token("NEWLINE", "\n", resume - 1, end_pos=resume)
            start = resume

    def _means_something(self, previous: Token, token: Token) -> bool:
        """Whether the line end between the two ends an entry; in brackets only where they were left open."""
        if previous.type == "COMMA":
            return False
        if not self.open or self.open[-1].type == "LBRACE":
            return True
        if token.type != "NAME" or previous.type in OPENERS:
            return False
        if self.open[-1].type == "LBRACKET":
            return True
        return token not in _OPERATORS and previous not in _OPERATORS

    def _keep_docs(self, token: Token) -> None:
        if self._doc_lines:
            if token.type == "NAME":
                self.docs[token.start_pos or 0] = "\n".join(self._doc_lines)
            self._doc_lines.clear()

    def _track(self, token: Token) -> None:
        if token.type in OPENERS:
            self.open.append(token)
        elif token.type in _CLOSERS and self.open and OPENERS[self.open[-1].type] == token.type:
            self.open.pop()
