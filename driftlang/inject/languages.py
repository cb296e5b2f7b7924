"""Which grammar reads which file, and trees of files.

In: a path and bytes. Out: a syntax tree of tree-sitter, or nothing where there is none to be had.
Refuses to do: files over `LARGEST_PARSED` bytes, and parsing without end. What an agent writes may be anything, and
the recovery from errors of some grammars does not end on some of it (tree-sitter-typescript issue 323): a parse has a
budget, counted in steps and not in seconds, so that equal files always fare alike.
"""

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
        is_ascii: whether the parser is given `spell_ascii` of the text, because its scanner cannot take more.
    """

    package: str
    function: str = "language"
    is_ascii: bool = False


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
    "bash": Grammar("tree_sitter_bash", is_ascii=True),
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
    if len(source) > LARGEST_PARSED:
        return None
    given = spell_ascii(source) if GRAMMARS[language].is_ascii else source
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
    """`data` of equal length with letters for what is not ASCII.

    The scanner of tree-sitter-bash 0.25 reads past a table on wide characters and takes the process with it
    (tree-sitter-bash issue 337), which a model must not be able to do to a scorer.
    """
    return data.translate(_AS_LETTERS)


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
