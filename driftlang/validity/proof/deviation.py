"""Mutants that do not end as they must → findings, one a pattern.

In: deviations. Out: `evaded` and `solution-misscored` in the sink, at the pattern that is to blame.
Refuses to do: a finding for each mutant: what one pattern does to many is one weakness.
"""

from collections.abc import Sequence

from attrs import frozen

from driftlang.diagnostics.diagnostic import Diagnostic, Label, Severity, Sink
from driftlang.model.forms import Constraint, Pattern
from driftlang.score.forms import StepOutcome
from driftlang.source import Span
from driftlang.validity.proof.blame import Blame
from driftlang.validity.proof.mutants.kinds import Demand, Kind
from driftlang.validity.proof.plays import Play

#: Labels of one diagnostic: more would bury the place that it is about.
_MOST_LABELS = 6
_HELP = {
    "stub": "narrow it: what stands in the repository already must not count",
    "partial": "narrow it: half a solution must not count for the other side",
    "both at once": "widen it, so that it finds its side beside the other one",
    "in a comment": "let it look at `added code`, which leaves comments out",
    "wrapped command": "widen it: let it begin with the command's own words",
}


@frozen
class Deviation:
    """A mutant of a solution that did not end as it must under a constraint."""

    kind: Kind
    play: Play
    constraint: Constraint
    expected: str
    ended: StepOutcome
    blame: Blame


def report(wrong: Sequence[Deviation], sink: Sink) -> None:
    """One error an id and pattern: the first mutant, and how many more there are."""
    of_place: dict[tuple[bool, Span], list[tuple[Deviation, Pattern | None]]] = {}
    for each in wrong:
        for pattern in (*each.blame.noisy, *each.blame.missing) or (None,):
            span = pattern.span if pattern else each.play.solution.span
            of_place.setdefault((each.kind.demand is Demand.SAME, span), []).append((each, pattern))
    for (_, span), group in of_place.items():
        _report(span, group, sink)


def _report(span: Span, group: Sequence[tuple[Deviation, Pattern | None]], sink: Sink) -> None:
    first, pattern = group[0]
    more = len(group) - 1
    shown: dict[Span, Deviation] = {}
    for each, _ in group:
        shown.setdefault(each.play.solution.span, each)
    sink.add(
        Diagnostic(
            "evaded" if first.kind.demand is Demand.SAME else "solution-misscored",
            _message(first, pattern) + (f", and {more} more such outcome{'s' if more > 1 else ''}" if more else ""),
            span,
            Severity.ERROR,
            _HELP.get(first.kind.name, "widen it, so that layout, quotes and the names of locals have no part in it"),
            tuple(Label(each.play.solution.span, _ending(each)) for each in list(shown.values())[:_MOST_LABELS]),
        )
    )


def _message(each: Deviation, pattern: Pattern | None) -> str:
    solution = f"the solution `{each.play.solution.value.name}` of `{each.play.step.name}`"
    if pattern is None:
        return f"{solution} {_ending(each)}"
    verb = "hits" if pattern in each.blame.noisy else "misses"
    return f"`{pattern.name}` {verb} {solution} {_ending(each)}"


def _ending(each: Deviation) -> str:
    ended = f"{each.ended.outcome.value} under `{each.constraint.name}` (expected {each.expected})"
    return f"{each.kind.said}: it ends as {ended}"
