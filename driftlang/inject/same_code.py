"""Whether two versions of a file are the same but for comments.

In: bytes of both, and the path that tells the language. Out: yes or no.
Refuses to do: guessing where no grammar is at hand: there, lines that are no comments must be equal byte for byte.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from driftlang.inject.comments import style_of

if TYPE_CHECKING:
    from tree_sitter import Language, Node


def same_code(before: bytes, after: bytes, path: str) -> bool:
    """Whether the syntax trees without comments are equal, and every token of them byte for byte.

    Python and shell are parsed with tree-sitter. In other languages the lines that are neither empty nor comments of
    one line are compared.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _GRAMMARS:
        return _tree_digest(before, suffix) == _tree_digest(after, suffix)
    return list(_code_lines(before, path)) == list(_code_lines(after, path))


_GRAMMARS = {".py": "python", ".pyi": "python", ".sh": "bash", ".bash": "bash"}


@cache
def _language(name: str) -> "Language":
    from importlib import import_module

    from tree_sitter import Language

    return Language(import_module(f"tree_sitter_{name}").language())


def _tree_digest(source: bytes, suffix: str) -> tuple[str, tuple[bytes, ...]]:
    """The tree's shape, and the text of each statement at the top, both without comments."""
    from tree_sitter import Parser, Query, QueryCursor

    language = _language(_GRAMMARS[suffix])
    tree = Parser(language).parse(source)
    found = QueryCursor(Query(language, "(comment) @comment")).captures(tree.root_node)
    comments = sorted((node.start_byte, node.end_byte) for node in found.get("comment", []))
    shape = str(tree.root_node).replace(" (comment)", "")
    texts = tuple(
        _without_comments(source, node, comments) for node in tree.root_node.children if node.type != "comment"
    )
    return shape, texts


def _without_comments(source: bytes, node: "Node", comments: list[tuple[int, int]]) -> bytes:
    """A statement's text; a line that held nothing but a comment goes whole."""
    parts, position = [], node.start_byte
    for start, end in comments:
        if position <= start and end <= node.end_byte:
            kept = source[position:start]
            stem = kept.rstrip(b" \t")
            parts.append(stem.rstrip(b"\r\n") if stem.endswith(b"\n") else stem)
            position = end
    return b"".join((*parts, source[position : node.end_byte]))


def _code_lines(source: bytes, path: str) -> Iterator[bytes]:
    style = style_of(path)
    mark = style.prefix.strip().encode() if style else b""
    is_inside = False
    for line in source.splitlines():
        bare = line.strip()
        if style and style.closing:
            is_inside = is_inside or bare == style.opening.encode()
            if is_inside:
                is_inside = bare != style.closing.encode()
                continue
        if bare and not (mark and bare.startswith(mark)):
            yield line
