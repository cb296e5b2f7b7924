"""The same code with other names for what is its own.

In: a solution as it was played. Out: what a step did that named its locals otherwise.
Refuses to do: names that anybody else may know: attributes, parameters that a call names, imports, definitions, what
stood in the file before, and names that a string or a shorthand speaks of.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from driftlang.inject.languages import language_of
from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.tokens import Edit, apply, read

if TYPE_CHECKING:
    from tree_sitter import Node

_WORD = re.compile(rb"[A-Za-z_]\w*")


@frozen
class _Scopes:
    """Where a language makes locals.

    Attributes:
        functions: nodes that locals live in.
        made: nodes that make a local, with the field that its name stands in; empty for all their identifiers.
        foreign: nodes whose identifiers are not variables, with the field that they stand in.
        name: the node that a variable is.
    """

    functions: frozenset[str]
    made: Mapping[str, str]
    foreign: Mapping[str, str]
    name: str = "identifier"


_JAVASCRIPT = _Scopes(
    frozenset({"function_declaration", "method_definition", "function_expression", "arrow_function"}),
    {"variable_declarator": "name", "formal_parameters": "", "required_parameter": "pattern"},
    {},
)
_SCOPES = {
    "python": _Scopes(
        frozenset({"function_definition"}),
        {
            "assignment": "left",
            "pattern_list": "",
            "for_statement": "left",
            "for_in_clause": "left",
            "named_expression": "name",
            "as_pattern_target": "",
            "parameters": "",
            "typed_parameter": "",
            "default_parameter": "name",
            "typed_default_parameter": "name",
        },
        {"attribute": "attribute", "keyword_argument": "name", "type": ""},
    ),
    "go": _Scopes(
        frozenset({"function_declaration", "method_declaration", "func_literal"}),
        {"expression_list": "", "parameter_declaration": "name", "var_spec": "name"},
        {"keyed_element": "key"},
    ),
    "java": _Scopes(
        frozenset({"method_declaration", "constructor_declaration", "lambda_expression"}),
        {"variable_declarator": "name", "formal_parameter": "name", "enhanced_for_statement": "name"},
        {"method_invocation": "name", "field_access": "field", "method_reference": "", "scoped_identifier": ""},
    ),
    "rust": _Scopes(
        frozenset({"function_item", "closure_expression"}),
        {"let_declaration": "pattern", "parameter": "pattern", "tuple_pattern": "", "mut_pattern": ""},
        {"scoped_identifier": ""},
    ),
    "c": _Scopes(
        frozenset({"function_definition"}),
        {"init_declarator": "declarator", "parameter_declaration": "declarator"},
        {},
    ),
    **dict.fromkeys(("javascript", "typescript", "tsx"), _JAVASCRIPT),
}
#: Ways of writing a variable that names something else with the same word.
_SHORTHANDS = frozenset({"shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_SHORTHAND_HOLDERS = frozenset({"shorthand_field_initializer", "global_statement", "nonlocal_statement"})
#: Nodes in which a caller names a parameter.
_KEYWORDS = frozenset({"keyword_argument", "keyed_element"})
_KEPT = frozenset({b"self", b"cls", b"_", b"this"})


def renamed(subject: Subject) -> Iterator[Work]:
    """The solution with its locals named `v1`, `v2` and so on."""
    files = dict(subject.done.files)
    for path in subject.written:
        scopes = _SCOPES.get(language_of(path))
        source = files[path]
        tree = read(source, path) if scopes else None
        if scopes and tree is not None:
            known = frozenset(_WORD.findall(subject.before.get(path, b"")))
            after = apply(source, tuple(_edits(tree.root_node, scopes, known)))
            files[path] = after if read(after, path) is not None else source
    if files != subject.done.files:
        yield evolve(subject.done, files=files)


def _edits(root: "Node", scopes: _Scopes, known: frozenset[bytes]) -> Iterator[Edit]:
    nodes = tuple(_nodes(root))
    used = {_text(node) for node in nodes if not node.child_count}
    words = {word for node in nodes if "string" in node.type and not node.child_count for word in _words(node, scopes)}
    variables = [node for node in nodes if node.type == scopes.name and not _is_foreign(node, scopes)]
    own = {_text(node) for node in variables if _is_made(node, scopes)}
    public = {_text(node) for node in variables if _function(node, scopes) is None}
    keywords = {_text(node) for node in nodes if node.type == scopes.name and _is_foreign(node, scopes, _KEYWORDS)}
    public |= keywords & {_text(node) for node in variables if node.parent and "parameter" in node.parent.type}
    public |= {_text(node) for node in nodes if node.type in _SHORTHANDS}
    public |= {_text(one) for node in nodes if node.type in _SHORTHAND_HOLDERS for one in _nodes(node)}
    chosen = sorted(own - public - known - words - _KEPT)
    fresh = (b"v%d" % number for number in range(1, len(chosen) + len(used) + 1) if b"v%d" % number not in used)
    names = dict(zip(chosen, fresh, strict=False))
    for node in variables:
        name = _text(node)
        if name in names:
            yield Edit(node.start_byte, node.end_byte, names[name])


def _words(node: "Node", scopes: _Scopes) -> Sequence[bytes]:
    """Words of a string that may be names of variables: of macros that read them there."""
    return _WORD.findall(_text(node)) if scopes is _SCOPES["rust"] else ()


def _nodes(root: "Node") -> Iterator["Node"]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.children)


def _text(node: "Node") -> bytes:
    return node.text or b""


def _function(node: "Node", scopes: _Scopes) -> "Node | None":
    """The function that a variable stands in; its own name stands outside."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in scopes.functions and child != parent.child_by_field_name("name"):
            return parent
        child, parent = parent, parent.parent
    return None


def _is_made(node: "Node", scopes: _Scopes) -> bool:
    """Whether a local begins with this: it stands in a function, where the language names one."""
    parent = node.parent
    if parent is None or parent.type not in scopes.made or _function(node, scopes) is None:
        return False
    if parent.type == "expression_list":  # of Go: on the left of `:=`
        around = parent.parent
        return (
            around is not None
            and around.type in ("short_var_declaration", "range_clause")
            and (around.child_by_field_name("left") == parent)
        )
    name = scopes.made[parent.type]
    return not name or node in parent.children_by_field_name(name)


def _is_foreign(node: "Node", scopes: _Scopes, kinds: frozenset[str] = frozenset()) -> bool:
    """Whether an identifier is no variable; by nodes of some kinds alone, where they are given."""
    parent = node.parent
    if parent is None or parent.type not in scopes.foreign or (kinds and parent.type not in kinds):
        return False
    name = scopes.foreign[parent.type]
    return not name or node in parent.children_by_field_name(name)
