"""Whether two asts say the same.

In: two files. Out: whether they differ in nothing but where things stand.
Refuses to do: judging what they mean.
"""

import attrs

from driftlang.source import Span
from driftlang.syntax.ast import File


def is_same_program(one: File, other: File) -> bool:
    """Whether two files are equal but for their spans."""
    return _is_same(one, other)


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, Span):
        return isinstance(other, Span)
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    form = type(one)
    if attrs.has(form):
        return all(_is_same(getattr(one, part.name), getattr(other, part.name)) for part in attrs.fields(form))
    return one == other
