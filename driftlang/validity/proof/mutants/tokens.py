"""The tokens of a file, and edits of what stands between them.

In: a file's bytes and path. Out: tokens in order; the file after edits that change no token.
Refuses to do: looking into strings and comments, each of which is a token, and an edit after which the syntax tree is
another one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from driftlang.inject.languages import language_of, parse
from driftlang.inject.same_code import same_code

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

#: Parts of the types of nodes that are taken whole.
_WHOLE = ("string", "comment", "heredoc", "char_literal", "character_literal", "rune_literal", "regex", "scalar")
#: Nodes that have such a part and are a list of their kind.
_LISTS = frozenset({"string_list"})


@frozen
class Token:
    """A token: its bytes, from `start` to `end`, its line from 1, and the node that it is a part of."""

    text: bytes
    start: int
    end: int
    row: int
    node: "Node" = field(repr=False, eq=False)

    @property
    def around(self) -> "Node | None":
        """The node that the token stands in."""
        return self.node.parent


@frozen
class Edit:
    """Bytes from `start` to `end` that become others."""

    start: int
    end: int
    text: bytes


def read(source: bytes, path: str) -> "Tree | None":
    """The syntax tree of a file without errors; nothing where there is none to be had."""
    language = language_of(path)
    tree = parse(source, language) if language else None
    return None if tree is None or tree.root_node.has_error else tree


def tokens(source: bytes, tree: "Tree") -> Iterator[Token]:
    """The tokens of a file in order."""
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.child_count and not is_whole(node):
            pending += reversed(node.children)
        elif source[node.start_byte : node.end_byte].strip():
            text = source[node.start_byte : node.end_byte]
            yield Token(text, node.start_byte, node.end_byte, node.start_point[0] + 1, node)


def is_whole(node: "Node") -> bool:
    """Whether a node is taken for one token, whatever it holds."""
    return node.type not in _LISTS and any(part in node.type for part in _WHOLE)


def apply(source: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes after the edits, which do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


def rewrite(source: bytes, path: str, edits: Sequence[Edit]) -> bytes | None:
    """The file after as many of the edits as leave its code the same; nothing where none does."""
    kept = _kept(edits, lambda chosen: same_code(source, apply(source, chosen), path), ())
    return apply(source, kept) if kept else None


def _kept(
    edits: Sequence[Edit], is_right: Callable[[Sequence[Edit]], bool], before: tuple[Edit, ...]
) -> tuple[Edit, ...]:
    """`before` and those of the edits that are right with all that was kept."""
    if not edits:
        return before
    if is_right((*before, *edits)):
        return (*before, *edits)
    if len(edits) == 1:
        return before
    middle = len(edits) // 2
    return _kept(edits[middle:], is_right, _kept(edits[:middle], is_right, before))
