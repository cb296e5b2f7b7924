"""The same strings in other quotes.

In: a solution as it was played. Out: what a step did that wrote them so.
Refuses to do: a string that holds a quote, a backslash or what the other quotes would read otherwise, and languages in
which the two quotes differ.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from driftlang.inject.languages import language_of
from driftlang.validity.proof.mutants.forms import Subject, Work
from driftlang.validity.proof.mutants.tokens import Edit, Token, apply, read, tokens

if TYPE_CHECKING:
    from tree_sitter import Node

#: A string with one of two quotes, and its prefix; its text has neither quote and nothing that one of them reads.
_PLAIN = re.compile(rb"""(?s)([A-Za-z]{0,2})(["'])([^"'\\\n$`!]*)(["'])""")
_OTHER = {b'"': b"'", b"'": b'"'}
#: Languages in which both quotes make the same string.
_LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx", "bash", "yaml", "toml"})


def requoted(subject: Subject) -> Iterator[Work]:
    """The solution with each string that was added in the other quotes."""
    files = dict(subject.done.files)
    for path in subject.written:
        source = files[path]
        tree = read(source, path) if language_of(path) in _LANGUAGES else None
        if tree is not None:
            edits = list(_edits(tuple(tokens(source, tree)), subject.added(path)))
            after = apply(source, edits)
            again = read(after, path)
            # Equal nodes: the strings are strings still, and nothing else has changed.
            if again is not None and list(_types(again.root_node)) == list(_types(tree.root_node)):
                files[path] = after
    if files != subject.done.files:
        yield evolve(subject.done, files=files)


def _edits(found: Sequence[Token], added: frozenset[int]) -> Iterator[Edit]:
    for token in found:
        string = _PLAIN.fullmatch(token.text)
        if string and string[2] == string[4] and token.row in added and "string" in token.node.type:
            quote = _OTHER[string[2]]
            yield Edit(token.start, token.end, string[1] + quote + string[3] + quote)


def _types(node: "Node") -> Iterator[str]:
    """What kinds of nodes there are, in order; a bash string is one in either quotes."""
    pending = [node]
    while pending:
        one = pending.pop()
        if "string" in one.type or "quote_scalar" in one.type:
            yield "string"
        else:
            yield one.type
            pending += reversed(one.children)
