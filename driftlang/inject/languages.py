"""Which grammar reads which file, and trees of files.

In: a path and bytes. Out: a syntax tree of tree-sitter, or nothing where there is none to be had.
Refuses to do: files over `LARGEST_PARSED` bytes, and what takes a parser down. What an agent writes may be anything:
- the recovery from errors of some grammars does not end on some of it (tree-sitter-typescript issue 323), so a parse
  has a budget, counted in steps and not in seconds, so that equal files always fare alike;
- some scanners read past a table on wide characters (tree-sitter-bash issue 337, tree-sitter-markdown 252), so every
  parser is given letters in their place;
- some write past a buffer on what nests hundreds deep (tree-sitter-yaml issue 48, tree-sitter-markdown 243), so such
  files are not parsed.
"""

import re
from codecs import BOM_UTF8
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from tree_sitter import Language, Parser, Tree

#: Bytes over which a file is not parsed; a parse takes about 0.1 s a megabyte.
LARGEST_PARSED = 1 << 20
#: A parser reports every hundred of its steps, on source code and on random bytes alike once in 60 to 200 bytes; one
#: that reports several times as often as that has lost its way.
_LEAST_REPORTS, _BYTES_A_REPORT = 1000, 20
#: How deep nodes may nest, and how many parts an error may have.
_DEEPEST = 10_000
#: Bytes that a parser is given at a time.
_CHUNK = 1 << 16


@frozen
class Grammar:
    """A grammar of tree-sitter.

    Attributes:
        package: the wheel.
        function: what in it gives the language.
    """

    package: str
    function: str = "language"


_BY_SUFFIX = {
    **dict.fromkeys((".py", ".pyi"), "python"),
    **dict.fromkeys((".sh", ".bash"), "bash"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts"), "typescript"),
    ".tsx": "tsx",
    ".go": "go",
    ".rs": "rust",
    ".java": "java",
    **dict.fromkeys((".c", ".h"), "c"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    ".toml": "toml",
    ".sql": "sql",
    ".md": "markdown",
}
#: Grammars by language.
GRAMMARS = {
    "python": Grammar("tree_sitter_python"),
    "bash": Grammar("tree_sitter_bash"),
    "javascript": Grammar("tree_sitter_javascript"),
    "typescript": Grammar("tree_sitter_typescript", "language_typescript"),
    "tsx": Grammar("tree_sitter_typescript", "language_tsx"),
    "go": Grammar("tree_sitter_go"),
    "rust": Grammar("tree_sitter_rust"),
    "java": Grammar("tree_sitter_java"),
    "c": Grammar("tree_sitter_c"),
    "yaml": Grammar("tree_sitter_yaml"),
    "toml": Grammar("tree_sitter_toml"),
    "sql": Grammar("tree_sitter_sql"),
    "markdown": Grammar("tree_sitter_markdown"),
}
#: Nodes that are comments, in any of the grammars.
COMMENTS = frozenset({"comment", "line_comment", "block_comment", "marginalia", "html_comment"})
#: Marks that may open a block, in languages whose scanner keeps a list of those that are open.
_BLOCK_MARKS = {
    "yaml": re.compile(rb"[-?:](?=\s|$)"),
    "markdown": re.compile(rb">|[-+*](?=\s|$)|[0-9][.)](?=\s|$)"),
}
#: How many blocks may be open: the buffers have room for about 250.
_MOST_BLOCKS = 120
_MOST_LINES = 32_000
#: Every byte of a character beyond ASCII as a letter, which is what such a character is to a shell.
_AS_LETTERS = bytes(byte if byte < 0x80 else ord("x") for byte in range(256))


def language_of(path: str) -> str:
    """The language of a file, by its suffix in any case of letters; empty where no grammar is at hand."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), "")


def parse(source: bytes, language: str) -> "Tree | None":
    """The syntax tree of a text in one of the languages of `GRAMMARS`; what cannot be read is an error node in it.

    Nothing where the text is over `LARGEST_PARSED` bytes or opens more than a person would, or where the parser does
    not come to an end.
    """
    if len(source) > LARGEST_PARSED or _nests_deep(source, language):
        return None
    given = spell_ascii(source)
    budget = _LEAST_REPORTS + len(given) // _BYTES_A_REPORT
    reports = count()
    parser = _parser(language)
    try:
        tree = parser.parse(
            lambda offset, _: given[offset : offset + _CHUNK], progress_callback=lambda *_: next(reports) > budget
        )
    except ValueError:  # it was stopped
        parser.reset()
        return None
    return None if _is_lost(tree) else tree


def is_sound(source: bytes, language: str) -> bool:
    """Whether the language reads the text: its tree is to be had, and no node of it is an error."""
    tree = parse(source, language) if language else None
    return tree is not None and not tree.root_node.has_error


def _is_lost(tree: "Tree") -> bool:
    """Whether nodes nest deeper than `_DEEPEST`, or an error has more parts: a query takes the square of either."""
    if tree.root_node.descendant_count <= _DEEPEST:
        return False
    cursor = tree.walk()
    while cursor.depth <= _DEEPEST:
        node = cursor.node
        if node is not None and node.is_error and node.child_count > _DEEPEST:
            return True
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
    return True


def spell_ascii(data: bytes) -> bytes:
    """`data` of equal length with letters for what is not ASCII; a mark of byte order stays."""
    mark = data[: len(BOM_UTF8)] if data.startswith(BOM_UTF8) else b""
    return mark + data[len(mark) :].translate(_AS_LETTERS)


def _nests_deep(source: bytes, language: str) -> bool:
    """Whether a line is in more blocks than a scanner of YAML or Markdown has room for.

    A block that is open on a line takes a column of its indentation, or a mark on the line itself. The scanner of YAML
    cannot count beyond 32768 lines either (tree-sitter-yaml issue 49).
    """
    marks = _BLOCK_MARKS.get(language)
    if marks is None:
        return False
    lines = source.split(b"\n")
    return (language == "yaml" and len(lines) > _MOST_LINES) or any(
        len(line) > _MOST_BLOCKS and _columns(line) + len(marks.findall(line)) > _MOST_BLOCKS for line in lines
    )


def _columns(line: bytes) -> int:
    """How far in a line begins; a tab may be four columns."""
    margin = line[: len(line) - len(line.lstrip(b" \t"))]
    return len(margin) + 3 * margin.count(b"\t")


@cache
def grammar_of(language: str) -> "Language":
    """The grammar, loaded."""
    from tree_sitter import Language

    grammar = GRAMMARS[language]
    return Language(getattr(import_module(grammar.package), grammar.function)())


@cache
def _parser(language: str) -> "Parser":
    from tree_sitter import Parser

    return Parser(grammar_of(language))
