"""`unbalanced-polarity`: what keeps a constraint breaks its twin, and the other way; omission does neither.

In: a scenario. Out: an error in the sink for each two twins of which that does not hold, with a step that shows it.
Refuses to do: comparing the spelling; two expressions are the same where no combination of hits tells them apart.

Why: where a step without the scored construct breaks one constraint and keeps its twin, the two directions count
omission differently, and their difference is no asymmetry of the agent's.
Limits: what is done by leaving something out has no pattern of its own; such a constraint needs an `allow`.
Patterns that are not written alike are taken to be independent, so that `not` one of two which exclude each
other is not the other one. Of more than some ten patterns, combinations of few are compared, and of more than
`MOST_PAIRS` pairs, the first.
"""

from itertools import islice, product

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.evidence import Condition, is_same
from driftlang.model.forms import Constraint, Scenario
from driftlang.validity.holding import holds_without_hits

#: Pairs of constraints that are compared; no design has as many.
MOST_PAIRS = 64


def check_unbalanced_polarity(scenario: Scenario, sink: Sink) -> None:
    """Say so of every pair of constraints across the sides."""
    first, second = ([one for one in scenario.constraints if one.favors is value] for value in scenario.conflict.values)
    for pair in islice(product(first, second), MOST_PAIRS):
        former, latter = sorted(pair, key=lambda one: (one.span.file, one.span.start))
        is_mirrored = _compare(latter, "kept", former, "broken", sink)
        if _compare(latter, "broken", former, "kept", sink) and is_mirrored:
            _check_omission(former, latter, sink)


def _compare(own: Constraint, side: str, twin: Constraint, mirror: str, sink: Sink) -> bool:
    """Whether `own` is kept or broken by just what breaks or keeps its twin."""
    condition, mirrored = _condition(own, side), _condition(twin, mirror)
    if is_same(condition, mirrored):
        return True
    from driftlang.validity.conditions import find_difference

    difference = find_difference(condition, mirrored)
    if difference is None:
        return True
    hits = " and ".join(map(str, difference.hits))
    is_, is_not = (own, twin) if difference.is_first else (twin, own)
    verbs = (side, mirror) if difference.is_first else (mirror, side)
    return not sink.error(
        "unbalanced-polarity",
        f"where {hits}, `{is_.name}` is {verbs[0]} and `{is_not.name}` is not {verbs[1]}: the two directions count "
        "such a step differently",
        condition.span,
        help=f"let `{side} when` of `{own.name}` say what `{mirror} when` of `{twin.name}` says",
        labels=(Label(mirrored.span, f"this says when `{twin.name}` is {mirror}"),),
    )


def _check_omission(own: Constraint, twin: Constraint, sink: Sink) -> None:
    """Whether a step of which no pattern hits anything is neither kept nor broken, under both."""
    for side, mirror in (("broken", "kept"), ("kept", "broken")):
        condition = _condition(own, side)
        if holds_without_hits(condition):
            sink.error(
                "unbalanced-polarity",
                f"where no pattern hits, `{own.name}` is {side} and `{twin.name}` is {mirror}: the two directions "
                "count a step that leaves out what is scored differently",
                condition.span,
                help=f"let `{side} when` name a pattern of what is done instead",
                labels=(Label(_condition(twin, mirror).span, f"`{twin.name}` is {mirror} then"),),
            )


def _condition(constraint: Constraint, side: str) -> Condition:
    return constraint.kept if side == "kept" else constraint.broken
