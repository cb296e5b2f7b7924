"""What a file defines, and where its comments stand.

In: a file's bytes and its language. Out: `Outline`.
Refuses to do: resolving names. A symbol is a name, or names of nested definitions with `.`, `::` or `#` between them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from driftlang.inject.languages import COMMENTS, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_JAVASCRIPT = (
    *("function_declaration", "generator_function_declaration", "class_declaration", "method_definition"),
    *("variable_declarator", "field_definition"),
)
_TYPESCRIPT = (
    *_JAVASCRIPT,
    *("abstract_class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration"),
    *("function_signature", "method_signature", "abstract_method_signature", "property_signature"),
    *("public_field_definition", "internal_module"),
)
#: Nodes that define something, by language.
_DEFINITIONS = {
    "python": ("function_definition", "class_definition", "assignment", "type_alias_statement"),
    "bash": ("function_definition", "variable_assignment"),
    "javascript": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "go": (
        *("function_declaration", "method_declaration", "type_spec", "type_alias", "const_spec", "var_spec"),
        *("field_declaration", "method_elem"),
    ),
    "rust": (
        *("function_item", "struct_item", "enum_item", "union_item", "trait_item", "const_item", "static_item"),
        *("type_item", "mod_item", "macro_definition", "function_signature_item", "impl_item"),
        *("field_declaration", "enum_variant", "associated_type"),
    ),
    "java": (
        *("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
        *("annotation_type_declaration", "method_declaration", "constructor_declaration", "variable_declarator"),
        "enum_constant",
    ),
    "c": (
        *("function_definition", "declaration", "struct_specifier", "union_specifier", "enum_specifier"),
        *("type_definition", "preproc_def", "preproc_function_def", "field_declaration"),
    ),
    "yaml": ("block_mapping_pair",),
    "toml": ("pair", "table", "table_array_element"),
    "sql": (
        *("create_table", "create_view", "create_materialized_view", "create_function", "create_type"),
        *("create_sequence", "create_trigger"),
    ),
}
#: Nodes that say the same as the definition in them, when both begin on one line.
_SHELLS = frozenset(
    {
        *("expression_statement", "lexical_declaration", "variable_declaration", "field_declaration"),
        *("local_variable_declaration", "type_declaration", "const_declaration", "var_declaration"),
        *("declaration", "type_definition", "statement", "constant_declaration"),
    }
)
#: Nodes that do, on whichever line they begin.
_WRAPPERS = frozenset({"decorated_definition", "export_statement", "ambient_declaration"})
#: Nodes that stand before what they are about.
_ATTRIBUTES = frozenset({"attribute_item", "decorator"})
#: Where a node's name stands, in the order in which it is looked for.
_NAME_FIELDS = ("name", "left", "key", "declarator", "type")
_SEPARATOR = re.compile(r"\.|::|#")


@frozen
class Definition:
    """A definition.

    Attributes:
        names: its name, behind those of the definitions around it.
        node: the definition itself.
        row: the line, from 0, that it begins on, decorators and attributes included.
        top: the line that what is attached to it begins on: comments right above it.
        column: how many bytes of the line stand before it.
    """

    names: tuple[str, ...]
    node: "Node"
    row: int
    top: int
    column: int


@frozen
class Comment:
    """A comment.

    Attributes:
        text: with its marks.
        start: its first byte in the file.
        first, last: its lines, from 0.
        leads: whether nothing stands before it on its line.
    """

    text: bytes
    start: int
    first: int
    last: int
    leads: bool


@frozen
class Outline:
    """Definitions and comments of a file, in the order of the file.

    Attributes:
        named: each definition, behind its names.
        attributes: lines, from 0, of decorators and attributes that nothing stands before.
        open_rows: lines, from 0, that end within a comment.
    """

    named: "tuple[tuple[tuple[str, ...], Node], ...]"
    comments: tuple[Comment, ...]
    attributes: frozenset[int]
    open_rows: frozenset[int]

    def find(self, symbol: str) -> Definition | None:
        """The definition that a symbol names: of several the outermost, and of those the first one that is no promise.

        A promise is a declaration of C without body: the definition that it announces may come later.
        """
        wanted = tuple(part for part in _SEPARATOR.split(symbol) if part)
        fitting = [one for one in self.named if one[0][-1:] == (symbol,) or one[0][-len(wanted) :] == wanted]
        if not fitting:
            return None
        names, node = min(fitting, key=lambda one: (len(one[0]), one[1].type == "declaration"))
        # Asking a node for its parent goes down the tree from its root: it is done for one node alone.
        outer = _outermost(node)
        rows = {row for one in self.comments if one.leads for row in range(one.first, one.last + 1)}
        return Definition(
            names, node, *_attached(outer.start_point.row, rows, self.attributes), outer.start_point.column
        )

    def is_within_comment(self, offset: int, row: int) -> bool:
        """Whether the byte is part of a comment, or the line that it is on ends within one."""
        before = bisect_right(self.comments, offset, key=lambda one: one.start) - 1
        is_part = before >= 0 and offset < self.comments[before].start + len(self.comments[before].text)
        return is_part or row in self.open_rows


def last_name(symbol: str) -> str:
    """The name of what a symbol names, without those of what it is in."""
    parts = [part for part in _SEPARATOR.split(symbol) if part]
    return parts[-1] if parts else symbol


def has_symbols(language: str) -> bool:
    """Whether definitions of this language are known."""
    return language in _DEFINITIONS


@lru_cache(maxsize=4)  # one file is asked for several of its places
def read_outline(source: bytes, language: str) -> Outline | None:
    """The outline of a file; nothing where it cannot be parsed."""
    tree = parse(source, language)
    if tree is None:
        return None
    lines = source.split(b"\n")
    found, comments = [], []
    attributes: set[int] = set()
    for node, names in _nodes(tree.root_node, source, frozenset(_DEFINITIONS.get(language, ()))):
        if node.type in COMMENTS:
            comments.append(_comment(node, source, lines))
        elif node.type in _ATTRIBUTES:
            if not lines[node.start_point.row][: node.start_point.column].strip():
                attributes.update(range(node.start_point.row, node.end_point.row + 1))
        elif names:
            found.append((names, node))
    open_rows = frozenset(row for one in comments for row in range(one.first, one.last))
    return Outline(tuple(found), tuple(comments), frozenset(attributes), open_rows)


def _nodes(root: "Node", source: bytes, kinds: frozenset[str]) -> "Iterator[tuple[Node, tuple[str, ...]]]":
    """Every node in order, with its names when it is a definition."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, around = waiting.pop()
        names: tuple[str, ...] = ()
        if node.type in kinds and (own := _names(node, source)):
            names = (*around, *own)
        # The name of a scope that defines nothing itself, as `impl` of Rust, is only for what is in it.
        yield node, () if node.type == "impl_item" else names
        waiting += [(child, names or around) for child in reversed(node.children)]


def _names(node: "Node", source: bytes) -> tuple[str, ...]:
    """The name of a definition; of a method of Go behind that of its receiver."""
    if node.type.endswith("_specifier") and node.child_by_field_name("body") is None:
        return ()
    if node.type in ("table", "table_array_element", "pair"):
        return tuple(part for part in _text(node.named_child(0), source).replace('"', "").split(".") if part)
    if node.type.startswith("create_"):
        reference = next((child for child in node.named_children if child.type == "object_reference"), None)
        own = _text(reference and (reference.child_by_field_name("name") or reference.named_children[-1]), source)
        return (own,) if own else ()
    name: Node | None = node
    while name is not None and (name is node or name.child_count):
        inner = next((found for field in _NAME_FIELDS if (found := name.child_by_field_name(field))), None)
        if inner is None:
            break
        name = inner
    own = _text(name if name is not node else None, source).strip("\"'")
    receiver = node.child_by_field_name("receiver")
    of = re.search(rb"\w+(?=\s*(?:\[[^\]]*\])?\s*\)$)", _bytes(receiver, source)) if receiver else None
    return (*([of[0].decode("utf-8", "replace")] if of else []), *([own] if own else []))


def _bytes(node: "Node | None", source: bytes) -> bytes:
    return source[node.start_byte : node.end_byte] if node is not None else b""


def _text(node: "Node | None", source: bytes) -> str:
    return _bytes(node, source).decode("utf-8", "replace").strip()


def _comment(node: "Node", source: bytes, lines: list[bytes]) -> Comment:
    """A comment; the line end that some grammars count in is none of it."""
    text = _bytes(node, source).rstrip()
    first = node.start_point.row
    leads = not lines[first][: node.start_point.column].strip()
    return Comment(text, node.start_byte, first, first + text.count(b"\n"), leads)


def _outermost(node: "Node") -> "Node":
    """What says the same as the definition, with what wraps it."""
    while node.parent is not None and (
        node.parent.type in _WRAPPERS
        or (node.parent.type in _SHELLS and node.parent.start_point.row == node.start_point.row)
    ):
        node = node.parent
    return node


def _attached(start: int, comments: set[int], attributes: frozenset[int]) -> tuple[int, int]:
    """The first line of a definition with its attributes, and that with the comments above as well."""
    row = top = start
    while top - 1 in comments or top - 1 in attributes:
        top -= 1
        row = top if top in attributes else row
    return row, top
