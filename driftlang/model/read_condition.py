"""`kept when` and `broken when`: expressions over patterns.

In: the items behind `when`. Out: a `Condition`; `not` binds closer than `and`, `and` closer than `or`.
Refuses to do: evaluating.
"""

from collections.abc import Sequence

from driftlang.model.forms import And, Condition, CountAtLeast, Not, Or, Pattern, PatternRef
from driftlang.model.resolver import Resolver
from driftlang.model.row import Row
from driftlang.source import Span
from driftlang.syntax.ast import Group, Word

_OPERATORS = frozenset({"and", "or", "not"})


def read_condition(resolver: Resolver, row: Row | None) -> Condition | None:
    """The expression of a row that begins with `when`; None where it is broken, which has been said then."""
    if row is None or not row.expect("when"):
        return None
    condition = _Reading(resolver, row).any_of()
    row.end()
    return None if row.failed else condition


class _Reading:
    """A descent through one row of items; parentheses are a row of their own."""

    def __init__(self, resolver: Resolver, row: Row) -> None:
        self._resolver = resolver
        self._row = row

    def any_of(self) -> Condition | None:
        """Operands between `or`."""
        operands = [self._all_of()]
        while self._row.keyword("or"):
            operands.append(self._all_of())
        whole = _present(operands)
        if whole is None or len(whole) == 1:
            return whole and whole[0]
        return Or(whole, whole[0].span.to(whole[-1].span))

    def _all_of(self) -> Condition | None:
        operands = [self._one()]
        while self._row.keyword("and"):
            operands.append(self._one())
        whole = _present(operands)
        if whole is None or len(whole) == 1:
            return whole and whole[0]
        return And(whole, whole[0].span.to(whole[-1].span))

    def _one(self) -> Condition | None:
        item = self._row.peek()
        if self._row.keyword("not"):
            is_negated = True
            while self._row.keyword("not"):
                is_negated = not is_negated
            operand = self._one()
            if operand is None or not is_negated:
                return operand
            return Not(operand, operand.span if item is None else item.span.to(operand.span))
        if isinstance(item, Group):
            return self._parenthesised()
        if item is None or not isinstance(item, Word) or item.text in _OPERATORS:
            self._row.fail("a pattern")
            return None
        self._row.take(Word)
        if item.text == "count" and self._row.has(Group):
            return self._count(item.span)
        pattern = self._resolver.find(item, Pattern)
        return None if pattern is None else PatternRef(pattern, item.span)

    def _parenthesised(self) -> Condition | None:
        group = self._row.take(Group)
        if group is None:
            return None
        inner = self._row.within(group)
        condition = _Reading(self._resolver, inner).any_of()
        inner.end()
        return None if inner.failed else condition

    def _count(self, start: Span) -> Condition | None:
        group = self._row.take(Group)
        if group is None:
            return None
        inner = self._row.within(group)
        name = inner.take(Word, "a pattern")
        inner.end()
        self._row.expect(">=")
        last = self._row.peek()
        number = self._row.whole()
        pattern = self._resolver.find(name, Pattern)
        if pattern is None:
            return None
        return CountAtLeast(pattern, number, start.to(last.span if last else group.span))


def _present(operands: Sequence[Condition | None]) -> tuple[Condition, ...] | None:
    """The operands; None where one of them is broken."""
    present = tuple(operand for operand in operands if operand is not None)
    return present if len(present) == len(operands) else None
