"""Masks: what of a file is code, what is comment, what is the inside of a string.

In: a file's bytes and its path. Out: its text with everything outside the asked view blanked by spaces, of equal
length in characters and with every line end kept, so that lines and columns still hold.
Refuses to do: judging whether code runs. A file that does not parse is masked as far as the parser recovers.

A file type is one line of `GRAMMARS`. A file of a type without one, or over `LARGEST_PARSED` bytes, falls back to
whole lines: a line that begins with a comment mark common for its type is a comment, every other line is code,
and strings are not told apart.
"""

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from importlib import import_module
from pathlib import PurePosixPath
from re import sub
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Query, Tree

#: Bytes over which a file is masked by lines; a parse takes about 0.1 s a megabyte.
LARGEST_PARSED = 1 << 20
#: How far a NUL byte is looked for before a file counts as text; git looks as far.
_BINARY_PROBE = 8000


class View(Enum):
    """What is left standing of a file's text."""

    TEXT = "text"
    CODE = "code"
    CODE_OUTSIDE_STRINGS = "code outside strings"
    COMMENTS = "comments"


@frozen
class Grammar:
    """How a file type is masked.

    Attributes:
        package: the tree-sitter wheel.
        query: captures `comment`; `doc` (a string that stands alone as a statement, so a comment in all but name);
            `string` (the inside of a string, without its quotes); `live` (code inside a string: a `doc` that holds
            some is none, because it is run).
        is_ascii: whether the parser is given `spell_ascii` of the text, because its scanner cannot take more.
    """

    package: str
    query: str
    is_ascii: bool = False


_PYTHON = Grammar(
    "tree_sitter_python",
    """
    (comment) @comment
    (expression_statement . [(string) (concatenated_string)] @doc .)
    (string_content) @string
    (interpolation) @live
    """,
)
_SHELL = Grammar(
    "tree_sitter_bash",
    """
    (comment) @comment
    [(string_content) (raw_string) (heredoc_body)] @string
    [(command_substitution) (expansion)] @live
    """,
    is_ascii=True,
)
#: File types by suffix.
GRAMMARS = {".py": _PYTHON, ".pyi": _PYTHON, ".sh": _SHELL, ".bash": _SHELL}

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
_COMMON_MARKS = ("#", "//", "/*", "--", "<!--")


@frozen
class _Ranges:
    """Byte ranges of one text: of comments and documentation strings, and of the insides of strings."""

    comments: tuple[tuple[int, int], ...]
    strings: tuple[tuple[int, int], ...]


#: Every byte of a character beyond ASCII as a letter, which is what such a character is to a shell.
_AS_LETTERS = bytes(byte if byte < 0x80 else ord("x") for byte in range(256))


def spell_ascii(data: bytes) -> bytes:
    """`data` of equal length with letters for what is not ASCII.

    The scanner of tree-sitter-bash 0.25 reads past a table on wide characters and takes the process with it
    (tree-sitter-bash issue 337), which a model must not be able to do to a scorer.
    """
    return data.translate(_AS_LETTERS)


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
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in GRAMMARS or len(content) > LARGEST_PARSED:
        return _mask_lines(text, LINE_MARKS.get(suffix, _COMMON_MARKS), view)
    data = text.encode()
    ranges = _ranges(data, suffix)
    if view is View.COMMENTS:
        return _blank(data, _complement(ranges.comments, len(data)))
    hidden = ranges.comments if view is View.CODE else _union((*ranges.comments, *ranges.strings))
    return _blank(data, hidden)


@lru_cache(maxsize=256)
def _ranges(data: bytes, suffix: str) -> _Ranges:
    """What the parser finds in `data`. The cache is by content: equal blobs are parsed once."""
    from tree_sitter import QueryCursor

    found = QueryCursor(_tools(suffix)[1]).captures(parse_as(data, suffix).root_node)
    live = _spans(found.get("live", ()))
    docs = [doc for doc in _spans(found.get("doc", ())) if not any(doc[0] <= a and b <= doc[1] for a, b in live)]
    return _Ranges(_union([*_spans(found.get("comment", ())), *docs]), _union(_spans(found.get("string", ()))))


def parse_as(data: bytes, suffix: str) -> "Tree":
    """The syntax tree of a file of a type in `GRAMMARS`; offsets are those of `data`."""
    return _tools(suffix)[0].parse(spell_ascii(data) if GRAMMARS[suffix].is_ascii else data)


@lru_cache(maxsize=16)
def _tools(suffix: str) -> "tuple[Parser, Query]":
    from tree_sitter import Language, Parser, Query

    grammar = GRAMMARS[suffix]
    language = Language(import_module(grammar.package).language())
    return Parser(language), Query(language, grammar.query)


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
