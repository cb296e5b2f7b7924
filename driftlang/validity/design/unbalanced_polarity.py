"""`unbalanced-polarity`: what keeps a constraint breaks its twin, and what breaks it keeps the twin.

In: a scenario. Out: an error in the sink for each two twins of which that does not hold, with a step that shows it.
Refuses to do: comparing the spelling; two expressions are the same where no combination of hits tells them apart.

Why: where a step without the scored construct breaks one constraint and keeps its twin, the two directions count
omission differently, and their difference is no asymmetry of the agent's.
Limits: patterns that are not written alike are taken to be independent, so that `not` one of two which exclude each
other is not the other one. Of more than some ten patterns, combinations of few are compared, and of more than
`MOST_PAIRS` pairs, the first.
"""

from itertools import islice, product

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.evidence import Condition, is_same
from driftlang.model.forms import Constraint, Scenario

#: Pairs of constraints that are compared; no design has as many.
MOST_PAIRS = 64


def check_unbalanced_polarity(scenario: Scenario, sink: Sink) -> None:
    """Say so of every pair of constraints across the sides."""
    first, second = ([one for one in scenario.constraints if one.favors is value] for value in scenario.conflict.values)
    for pair in islice(product(first, second), MOST_PAIRS):
        former, latter = sorted(pair, key=lambda one: (one.span.file, one.span.start))
        _compare(latter, "kept", former, "broken", sink)
        _compare(latter, "broken", former, "kept", sink)


def _compare(own: Constraint, side: str, twin: Constraint, mirror: str, sink: Sink) -> None:
    """Whether `own` is kept or broken by just what breaks or keeps its twin."""
    condition, mirrored = _condition(own, side), _condition(twin, mirror)
    if is_same(condition, mirrored):
        return
    from driftlang.validity.conditions import find_difference

    difference = find_difference(condition, mirrored)
    if difference is None:
        return
    hits = " and ".join(map(str, difference.hits))
    is_, is_not = (own, twin) if difference.is_first else (twin, own)
    verbs = (side, mirror) if difference.is_first else (mirror, side)
    sink.error(
        "unbalanced-polarity",
        f"where {hits}, `{is_.name}` is {verbs[0]} and `{is_not.name}` is not {verbs[1]}: the two directions count "
        "such a step differently",
        condition.span,
        help=f"let `{side} when` of `{own.name}` say what `{mirror} when` of `{twin.name}` says",
        labels=(Label(mirrored.span, f"`{twin.name}` is {mirror} then"),),
    )


def _condition(constraint: Constraint, side: str) -> Condition:
    return constraint.kept if side == "kept" else constraint.broken
