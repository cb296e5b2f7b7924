"""When a condition over patterns holds, given what the patterns hit.

In: a condition, and counts of hits. Out: whether it holds.
Refuses to do: looking into patterns, or at what they hit.
"""

from collections.abc import Iterator, Mapping, Sequence

from driftlang.model.evidence import And, Condition, CountAtLeast, Not, Or, Pattern, PatternRef


def holds_without_hits(condition: Condition) -> bool:
    """Whether the condition holds where no pattern hits anything."""
    return holds(condition, {id(pattern): 0 for pattern, _ in atoms(condition)}, (0,))


def atoms(condition: Condition) -> Iterator[tuple[Pattern, int]]:
    """Every pattern of a condition, with the number of units that it must hit."""
    match condition:
        case PatternRef():
            yield condition.pattern, condition.pattern.at_least
        case CountAtLeast():
            yield condition.pattern, condition.number
        case Not():
            yield from atoms(condition.operand)
        case And() | Or():
            for operand in condition.operands:
                yield from atoms(operand)


def holds(condition: Condition, places: Mapping[int, int], counts: Sequence[int]) -> bool:
    """Whether it holds of these counts; `places` says which is a pattern's, by the pattern's id."""
    match condition:
        case PatternRef():
            return counts[places[id(condition.pattern)]] >= condition.pattern.at_least
        case CountAtLeast():
            return counts[places[id(condition.pattern)]] >= condition.number
        case Not():
            return not holds(condition.operand, places, counts)
        case And():
            return all(holds(operand, places, counts) for operand in condition.operands)
        case Or():
            return any(holds(operand, places, counts) for operand in condition.operands)
