"""Whether two versions of a file are the same but for comments.

In: bytes of both, and the path that tells the language. Out: yes or no.
Refuses to do: guessing where no grammar is at hand: there, lines that are no comments must be equal byte for byte.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from driftlang.inject.comments import style_of
from driftlang.inject.languages import COMMENTS, language_of, parse

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

#: Comments that may span lines: those of markup, and those between stars that begin a line.
_MARKUP = re.compile(rb"<!--.*?-->", re.DOTALL)
_STARRED = re.compile(rb"^[ \t]*/\*.*?\*/", re.DOTALL | re.MULTILINE)


def same_code(before: bytes, after: bytes, path: str, *, without_docstrings: bool = False) -> bool:
    """Whether the syntax trees without comments are equal, and every token of them byte for byte.

    In Markdown, comments are those of HTML. Where there is no tree to be had, the lines that are neither empty nor
    comments are compared.

    Args:
        before: one version.
        after: the other.
        path: tells the language.
        without_docstrings: leave out the strings that document a module, a class or a function too.
    """
    language = language_of(path)
    codes = [_fingerprint(one, language, without_docstrings) if language else b"" for one in (before, after)]
    if not all(codes):
        return list(_code_lines(before, path)) == list(_code_lines(after, path))
    return codes[0] == codes[1]


@lru_cache(maxsize=32)  # a file is compared before and after each of several texts
def _fingerprint(source: bytes, language: str, without_docstrings: bool) -> bytes:
    """What tells a text's tree without its comments from any other; empty where there is no tree to be had."""
    tree = parse(source, language)
    if tree is None:
        return b""
    parts = [f"{kind}\0{len(text)}\0".encode() + text for kind, text in _walk(source, tree, without_docstrings)]
    return sha256(b"".join(parts)).digest()


def _walk(source: bytes, tree: "Tree", without_docstrings: bool) -> Iterator[tuple[str, bytes]]:
    """Nodes in order; what no child covers (the inside of some strings, what the parser skipped) counts as a token.

    Sections of Markdown are not: a comment above the first heading makes one, and headings tell the others.
    """
    cursor = tree.walk()
    reached, around = [0], [""]
    is_first = True
    while True:
        node = cursor.node
        assert node is not None  # noqa: S101 - a cursor stands on a node
        yield from _gap(source, reached[-1], node.start_byte)
        reached[-1] = max(reached[-1], node.end_byte)
        is_comment = _is_comment(source, node)
        if without_docstrings and is_first and not is_comment and _is_docstring(node, around):
            yield from _needed(node, around)
        elif not is_comment:
            is_first = False
            if node.child_count:
                if node.type != "section":
                    yield f"({node.type}", b""
                reached.append(node.start_byte)
                around.append(node.type)
                cursor.goto_first_child()
                is_first = True
                continue
            text = source[node.start_byte : node.end_byte].strip()
            if text or (node.is_named and node.type != "section"):
                yield f"({node.type}", text
                yield ")", b""
        is_first = is_first and is_comment
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            parent = cursor.node
            assert parent is not None  # noqa: S101 - a cursor stands on a node
            is_first = False
            around.pop()
            yield from _gap(source, reached.pop(), parent.end_byte)
            if parent.type != "section":
                yield ")", b""


def _gap(source: bytes, start: int, end: int) -> Iterator[tuple[str, bytes]]:
    text = source[start:end].strip()
    if text:
        yield "", text


def _is_comment(source: bytes, node: "Node") -> bool:
    """Whether a node is a comment, or white space that Markdown repeats at the head of lines."""
    if node.type == "html_block":
        text = source[node.start_byte : node.end_byte].strip()
        return text.startswith(b"<!--") and text.endswith(b"-->")
    return node.type in COMMENTS or node.type == "block_continuation"


def _is_docstring(node: "Node", around: Sequence[str]) -> bool:
    """Whether the first statement in the last of the nodes `around` documents a module, a class or a function."""
    owner = around[-2] if around[-1] == "block" else around[-1]
    return owner in {"module", "function_definition", "class_definition"} and is_lone_string(node)


def _needed(docstring: "Node", around: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """What stands for a docstring without which its block would be none."""
    block = docstring.parent if around[-1] == "block" else None
    if block and all(one.type == "comment" or one.id == docstring.id for one in block.named_children):
        yield "only a docstring", b""


def is_lone_string(node: "Node") -> bool:
    """Whether a statement of Python is a string and nothing else."""
    only = node.named_child(0) if node.type == "expression_statement" and node.named_child_count == 1 else None
    return only is not None and only.type == "string"


def _code_lines(source: bytes, path: str) -> Iterator[bytes]:
    style = style_of(path)
    mark = style.prefix.strip().encode() if style else b""
    if style and style.closing:
        source = _MARKUP.sub(b"", source)
    elif mark == b"//":
        source = _STARRED.sub(b"", source)
    for line in source.splitlines():
        bare = line.strip()
        if bare and not (mark and bare.startswith(mark)):
            yield line
