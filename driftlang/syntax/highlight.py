"""text → coloured text: the lexer of `.drift` files for Pygments.

In: a text. Out: its pieces with Pygments' token types; all of them, in order, also of a text with mistakes.
Refuses to do: a lexer of its own. The pieces are those of the grammar, so that they are the parser's by construction;
the first word of an entry is a keyword because of where it stands, not because a list has it.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from driftlang.syntax.grammar import load_tables

#: Offset, token type and characters of a piece.
Piece = tuple[int, _TokenType, str]

_TYPES: dict[str, _TokenType] = {
    "COMMENT": Comment.Single,
    "DOC": Comment.Special,
    "NEWLINE": Whitespace,
    "BLANK": Whitespace,
    "PATTERN": String.Regex,
    "DATE": Number,
    "RANGE": Number,
    "DURATION": Number,
    "MONEY": Number,
    "PERCENT": Number,
    "NUMBER": Number,
    "AT_LEAST": Operator,
    "EQUALS": Operator,
    "MINUS": Operator,
    "COLON": Punctuation,
    "COMMA": Punctuation,
    "LBRACE": Punctuation,
    "RBRACE": Punctuation,
    "LBRACKET": Punctuation,
    "RBRACKET": Punctuation,
    "LPAREN": Punctuation,
    "RPAREN": Punctuation,
}
_TEXTS = frozenset({"TEXT", "BLOCK_TEXT", "UNCLOSED_TEXT", "UNCLOSED_BLOCK"})
_RAW_TEXTS = frozenset({"RAW_TEXT", "RAW_BLOCK_TEXT"})
_DIRECTIVES = frozenset({"drift", "import"})
#: Words within a block that are followed by a name of their own.
_NAMING = frozenset({"label", "let", "message", "probe", "step"})
_OPERATORS = frozenset({"and", "or", "not"})
_JOINING = frozenset(
    {"at", "by", "else", "except", "for", "from", "in", "is", "like", "of", "on", "toward", "when", "with", "within"}
)
_WITHIN_TEXT = re.compile(r"(?P<hole>\{\{[ \t]*[A-Za-z_]\w*[ \t]*\}\})|(?P<escape>\\(?:[\"\\nt]|\{\{))")
_RAW = re.compile(r"(raw)([ \t]+)")


class DriftLexer(Lexer):  # type: ignore[misc] # pygments brings no types
    """Lexer of driftlang, a language for value conflicts in coding agents."""

    name = "driftlang"
    aliases: ClassVar = ["drift"]
    filenames: ClassVar = ["*.drift"]
    mimetypes: ClassVar = ["text/x-drift"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[Piece]:
        """The pieces of a text."""
        words = _Words()
        for found in re.finditer(load_tables().pattern, text):
            kind, piece, start = found.lastgroup or "", found.group(), found.start()
            if kind in _TEXTS:
                yield from _text(piece, start)
            elif kind in _RAW_TEXTS:
                yield from _raw_text(piece, start)
            elif kind == "NAME":
                yield start, words.type_of(piece), piece
            else:
                yield start, _TYPES.get(kind, Error), piece
            words.pass_over(kind, piece)


class _Words:
    """Where in its entry the next word stands."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._before: list[str] = []
        self._last = ""

    def type_of(self, word: str) -> _TokenType:
        is_within = "LBRACE" in self._open
        if not self._before:
            if is_within:
                return Keyword
            return Keyword.Namespace if word in _DIRECTIVES else Keyword.Declaration
        if len(self._before) == 1 and self._last == "NAME" and self._before[0] not in _DIRECTIVES:
            if not is_within:
                return Name.Class
            if self._before[0] in _NAMING:
                return Name.Variable
        if word in _OPERATORS:
            return Operator.Word
        return Keyword.Pseudo if word in _JOINING else Name

    def pass_over(self, kind: str, piece: str) -> None:
        """Take notice of a token."""
        if kind in {"BLANK", "COMMENT", "DOC"}:
            return
        is_in_row = self._last == "COMMA" or (self._open and self._open[-1] != "LBRACE")
        if kind == "LBRACE" or (kind == "NEWLINE" and not is_in_row):
            self._before.clear()
        elif kind != "NEWLINE":
            self._before.append(piece)
        if kind in {"LBRACE", "LBRACKET", "LPAREN"}:
            self._open.append(kind)
        elif kind in {"RBRACE", "RBRACKET", "RPAREN"} and self._open:
            self._open.pop()
        if kind != "NEWLINE":
            self._last = kind


def _text(text: str, start: int) -> Iterator[Piece]:
    position = 0
    for found in _WITHIN_TEXT.finditer(text):
        if found.start() > position:
            yield start + position, String, text[position : found.start()]
        yield start + found.start(), String.Interpol if found["hole"] else String.Escape, found.group()
        position = found.end()
    if position < len(text):
        yield start + position, String, text[position:]


def _raw_text(text: str, start: int) -> Iterator[Piece]:
    raw = _RAW.match(text)
    assert raw is not None  # noqa: S101 - the grammar says so
    yield start, String.Affix, raw[1]
    yield start + raw.end(1), Whitespace, raw[2]
    yield start + raw.end(), String, text[raw.end() :]
