"""Which patterns are why a condition is not what it should be.

In: a condition, what it should be, how often each pattern hit. Out: `Blame`: the noisy and the missing ones.
Refuses to do: blaming a pattern whose hits do not matter to the outcome.
"""

from collections.abc import Mapping

from attrs import frozen

from driftlang.model.evidence import patterns_of
from driftlang.model.forms import And, Condition, CountAtLeast, Not, Or, Pattern, PatternRef
from driftlang.score.expression import evaluate, parse
from driftlang.score.scorer import unparse


@frozen
class Blame:
    """Patterns that hit and must not (`noisy`), and that must hit and do not (`missing`)."""

    noisy: tuple[Pattern, ...] = ()
    missing: tuple[Pattern, ...] = ()

    def and_(self, other: "Blame") -> "Blame":
        """Both, each pattern once."""
        return Blame(_each_once(*self.noisy, *other.noisy), _each_once(*self.missing, *other.missing))


def holds(condition: Condition, hits: Mapping[str, int]) -> bool:
    """Whether the condition holds, as the scorer evaluates it; `hits` counts units by pattern."""
    at_least = {pattern.name: pattern.at_least for pattern in patterns_of(condition)}
    return evaluate(parse(unparse(condition)), hits, at_least)


def blame(condition: Condition, *, should_hold: bool, hits: Mapping[str, int]) -> Blame:
    """Who is to blame that the condition holds or does not; nobody, where it is as it should be."""
    if holds(condition, hits) is should_hold:
        return Blame()
    match condition:
        case PatternRef() | CountAtLeast():
            return Blame(missing=(condition.pattern,)) if should_hold else Blame(noisy=(condition.pattern,))
        case Not():
            return blame(condition.operand, should_hold=not should_hold, hits=hits)
        case And() | Or():
            found = Blame()
            for operand in condition.operands:
                found = found.and_(blame(operand, should_hold=should_hold, hits=hits))
            return found


def _each_once(*patterns: Pattern) -> tuple[Pattern, ...]:
    return tuple({pattern.span: pattern for pattern in patterns}.values())
