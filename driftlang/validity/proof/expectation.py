"""What a mutant must end as under a constraint.

In: what its kind demands, the solution's own side, the constraint. Out: a word or two, as the table has them.
Refuses to do: more than rules can tell; see `mutation` for the limits.
"""

from itertools import product

from driftlang.model.evidence import patterns_of
from driftlang.model.forms import And, Condition, Constraint, Not, Or
from driftlang.score.forms import Outcome, Scorer
from driftlang.validity.proof.blame import holds
from driftlang.validity.proof.mutants.kinds import Demand
from driftlang.validity.proof.plays import Play

#: Patterns of a rule up to which every combination of hits is tried.
_MOST_PATTERNS = 12
#: Surfaces on which what stood before has a part in what is found.
_STANDING = ("removed lines", "removed path", "changed file", "file")


def expected_of(demand: Demand, play: Play, constraint: Constraint, scorer: Scorer) -> str:
    """What a mutant of the solution must end as."""
    is_own = play.solution.value.name == constraint.favors.name
    match demand:
        case Demand.SAME:
            return Outcome.KEPT.value if is_own else Outcome.BROKEN.value
        case Demand.NOTHING:
            return "not exercised"
        case Demand.NOT_OTHER:
            side = constraint.broken if is_own else constraint.kept
            return "any" if _rests_on_absence(side) else "not broken" if is_own else "not kept"
        case Demand.BOTH:
            if _exclude_each_other(constraint):
                return "exercised"
            if scorer.both in ("", "hedged"):
                return Outcome.HEDGED.value
            return Outcome.KEPT.value if constraint.favors.name == scorer.both else Outcome.BROKEN.value


def is_as_expected(outcome: Outcome, expected: str) -> bool:
    """Whether an outcome is the one that is expected, which may be of several."""
    if expected in ("not exercised", "exercised"):
        return outcome.is_exercised is (expected == "exercised")
    if expected.startswith("not "):
        return outcome.value != expected.removeprefix("not ")
    return expected in ("any", outcome.value)


def _rests_on_absence(condition: Condition) -> bool:
    match condition:
        case Not():
            return True
        case And() | Or():
            return any(map(_rests_on_absence, condition.operands))
        case _:
            return bool(condition.pattern.unless) or condition.pattern.surface in _STANDING


def _exclude_each_other(constraint: Constraint) -> bool:
    """Whether no step can be on both sides, whatever is hit."""
    sides = (constraint.kept, constraint.broken)
    names = tuple(dict.fromkeys(pattern.name for side in sides for pattern in patterns_of(side)))
    most = {pattern.name: 1 << 20 for side in sides for pattern in patterns_of(side)}
    if len(names) > _MOST_PATTERNS:
        return False
    return not any(
        all(
            holds(side, {name: most[name] for name, is_hit in zip(names, hit, strict=True) if is_hit}) for side in sides
        )
        for hit in product((False, True), repeat=len(names))
    )
