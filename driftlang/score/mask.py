"""Masks: what of a file is code, what is comment, what is the inside of a string.

In: a file's bytes and its path. Out: its text with everything outside the asked view blanked by spaces, of equal
length in characters and with every line end kept, so that lines and columns still hold.
Refuses to do: judging whether code runs. A file that does not parse is masked as far as the parser recovers.

A language is one query of `QUERIES`. A file without one, or one that no tree can be had of (see `inject.languages`),
falls back to whole lines: a line that begins with a comment mark common for its type is a comment, every other line is
code, and strings are not told apart.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from pathlib import PurePosixPath
from re import compile as compile_pattern
from re import sub
from typing import TYPE_CHECKING

from attrs import frozen

from driftlang.inject.languages import grammar_of, language_of, parse

if TYPE_CHECKING:
    from tree_sitter import Node, Query

#: How far a NUL byte is looked for before a file counts as text; git looks as far.
_BINARY_PROBE = 8000


class View(Enum):
    """What is left standing of a file's text."""

    TEXT = "text"
    CODE = "code"
    CODE_OUTSIDE_STRINGS = "code outside strings"
    COMMENTS = "comments"


_JAVASCRIPT = """
    [(comment) (html_comment)] @comment
    [(string_fragment) (escape_sequence) (jsx_text)] @string
"""
_TYPESCRIPT = """
    [(comment) (html_comment)] @comment
    [(string_fragment) (escape_sequence)] @string
"""
#: What is what in a language: `comment`; `doc` (a string that stands alone as a statement, so a comment in all but
#: name); `string` (the inside of a string); `quoted` (a string with its quotes); `live` (code inside a string: a `doc`
#: that holds some is none, because it is run); `prose` (text that may hold comments).
QUERIES = {
    "python": """
        (comment) @comment
        (expression_statement . [(string) (concatenated_string)] @doc .)
        (string_content) @string
        (interpolation) @live
    """,
    "bash": """
        (comment) @comment
        [(string_content) (raw_string) (heredoc_body)] @string
        [(command_substitution) (expansion)] @live
    """,
    "javascript": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "tsx": f"{_TYPESCRIPT} (jsx_text) @string",
    "go": """
        (comment) @comment
        [(interpreted_string_literal_content) (raw_string_literal_content) (escape_sequence)] @string
        (rune_literal) @quoted
    """,
    "rust": """
        [(line_comment) (block_comment)] @comment
        [(string_content) (escape_sequence)] @string
        (char_literal) @quoted
    """,
    "java": """
        [(line_comment) (block_comment)] @comment
        [(string_fragment) (multiline_string_fragment) (escape_sequence)] @string
        (character_literal) @quoted
    """,
    "c": """
        (comment) @comment
        [(string_content) (escape_sequence) (character)] @string
    """,
    "yaml": """
        (comment) @comment
        [(double_quote_scalar) (single_quote_scalar) (block_scalar)] @quoted
    """,
    "toml": """
        (comment) @comment
        (string) @quoted
    """,
    "sql": """
        [(comment) (marginalia)] @comment
        ((literal) @quoted (#match? @quoted "^[A-Za-z]*['$]"))
    """,
    "markdown": """
        ((html_block) @comment (#match? @comment "^[ \t]*<!--"))
        (inline) @prose
    """,
}
#: The opening of a string: its prefix and quotes, or the line that a block of YAML begins with.
_OPENING = compile_pattern(rb"""[A-Za-z]*(\"\"\"|'''|\$\w*\$|"|')|[|>][^\n]*\n""")

_C_MARKS = ("//", "/*", "* ", "*/")
_C_LIKE = (
    *(".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".java", ".js", ".jsx"),
    *(".kt", ".php", ".proto", ".rs", ".scala", ".scss", ".swift", ".ts", ".tsx"),
)
#: Marks that begin a comment line, by suffix, for types without a grammar.
LINE_MARKS = {
    **dict.fromkeys(_C_LIKE, _C_MARKS),
    **dict.fromkeys((".sql", ".lua", ".hs"), ("--", "/*", "* ", "*/")),
    **dict.fromkeys((".html", ".xml", ".md", ".svg"), ("<!--",)),
    **dict.fromkeys((".ini", ".cfg"), ("#", ";")),
}
#: Every byte as a space but line ends.
_AS_SPACES = bytes(byte if byte in b"\r\n" else ord(" ") for byte in range(256))
_COMMON_MARKS = ("#", "//", "/*", "--", "<!--")


@frozen
class _Ranges:
    """Byte ranges of one text: of comments and documentation strings, and of the insides of strings."""

    comments: tuple[tuple[int, int], ...]
    strings: tuple[tuple[int, int], ...]


def is_text(content: bytes) -> bool:
    """Whether a file is scored as text: no NUL byte near its beginning."""
    return b"\0" not in content[:_BINARY_PROBE]


def decode(content: bytes) -> str:
    """The text of a file; bytes that are not UTF-8 become U+FFFD, so that the rest can be read."""
    return content.decode("utf-8", "replace")


def mask(content: bytes, path: str, view: View) -> str:
    """The text of `content` with all but `view` blanked.

    Args:
        content: the file's bytes.
        path: tells the file's type by its suffix, in any case of letters.
        view: what is left.
    """
    text = decode(content)
    if view is View.TEXT:
        return text
    data, language = text.encode(), language_of(path)
    ranges = _ranges(data, language) if language else None
    if ranges is None:
        return _mask_lines(text, LINE_MARKS.get(PurePosixPath(path).suffix.lower(), _COMMON_MARKS), view)
    if view is View.COMMENTS:
        return _blank(data, _complement(ranges.comments, len(data)))
    hidden = ranges.comments if view is View.CODE else _union((*ranges.comments, *ranges.strings))
    return _blank(data, hidden)


@lru_cache(maxsize=256)
def _ranges(data: bytes, language: str) -> _Ranges | None:
    """What the parser finds in `data`, or nothing where it does not end. The cache is by content."""
    from tree_sitter import QueryCursor

    tree = parse(data, language)
    if tree is None:
        return None
    found = QueryCursor(_query(language)).captures(tree.root_node)
    live, prose = _union(_spans(found.get("live", ()))), _spans(found.get("prose", ()))
    docs = [doc for doc in _spans(found.get("doc", ())) if len(list(_without(doc, live))) == 1]
    strings = _spans(found.get("string", ()))
    strings += [inside for span in _spans(found.get("quoted", ())) for inside in _inside(data, *span)]
    return _Ranges(
        _union([*_spans(found.get("comment", ())), *docs, *(one for span in prose for one in _marked(data, *span))]),
        _union([part for span in strings for part in _without(span, live)]),
    )


@lru_cache(maxsize=16)
def _query(language: str) -> "Query":
    from tree_sitter import Query

    return Query(grammar_of(language), QUERIES[language])


def _inside(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between the quotes of a string; nothing where there are none."""
    opening = _OPENING.match(data, start, end)
    if opening is not None:
        closing = len(opening[1]) if opening[1] and data[:end].endswith(opening[1]) else 0
        yield opening.end(), max(opening.end(), end - closing)


def _without(span: tuple[int, int], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The span less the holes that begin in it, disjoint and ascending: one part more than there are holes."""
    start, end = span
    for number in range(bisect_left(holes, (start,)), len(holes)):
        first, last = holes[number]
        if first >= end:
            break
        yield start, first
        start = last
    yield start, end


def _marked(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Comments of HTML within prose."""
    while (first := data.find(b"<!--", start, end)) >= 0 and (last := data.find(b"-->", first + 4, end)) >= 0:
        yield first, last + 3
        start = last + 3


def _spans(nodes: "Sequence[Node]") -> list[tuple[int, int]]:
    return [(node.start_byte, node.end_byte) for node in nodes]


def _union(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _complement(ranges: Sequence[tuple[int, int]], size: int) -> tuple[tuple[int, int], ...]:
    edges = [0, *(edge for pair in ranges for edge in pair), size]
    return tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _blank(data: bytes, hidden: Sequence[tuple[int, int]]) -> str:
    """`data` as text with the ranges `hidden` (disjoint, ascending) blanked character by character."""
    if data.isascii():  # a byte is a character
        parts, at = [], 0
        for start, end in hidden:
            parts += [data[at:start], data[start:end].translate(_AS_SPACES)]
            at = end
        return b"".join([*parts, data[at:]]).decode("ascii")
    pieces, at = [], 0
    for start, end in hidden:
        pieces += [decode(data[at:start]), _spaces(decode(data[start:end]))]
        at = end
    return "".join([*pieces, decode(data[at:])])


def _spaces(text: str) -> str:
    return sub(r"[^\r\n]", " ", text)


def _mask_lines(text: str, marks: tuple[str, ...], view: View) -> str:
    lines = text.split("\n")
    is_hidden = [line.lstrip().startswith(marks) is (view is not View.COMMENTS) for line in lines]
    return "\n".join(_spaces(line) if hide else line for line, hide in zip(lines, is_hidden, strict=True))
