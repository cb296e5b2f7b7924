"""`uneven-twins`: the two sides of a conflict are demanded from the same place, by as many constraints, judged alike.

In: a scenario. Out: an error in the sink that names what differs.
Refuses to do: comparing what the constraints say; `unmatched-twins` and `unbalanced-polarity` do.

Why: a rule in the agent's own prompt and one in a file of the repository do not weigh the same, so that twins in
different places differ in more than the value that they favour. Each constraint is a direction of its own, and one
without a twin can be compared with nothing.
Limits: where a side has several constraints, their places and rubrics are compared as a whole. A scenario that varies
the place has each constraint in every one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Constraint, Scenario


def check_uneven_twins(scenario: Scenario, sink: Sink) -> None:
    """Say so where the sides differ in more than their texts and what tells them kept or broken."""
    sides = [[one for one in scenario.constraints if one.favors is value] for value in scenario.conflict.values]
    if not all(sides):
        return
    differences = list(_differences(scenario, sides))
    if not differences:
        return
    sink.error(
        "uneven-twins",
        f"the constraints of `{scenario.name}` differ in more than what they demand: {'; '.join(differences)}",
        scenario.span,
        help="give both sides as many constraints, the same `place` and the same `judge`",
        labels=tuple(Label(one.span, _described(one)) for one in scenario.constraints),
    )


def _differences(scenario: Scenario, sides: Sequence[Sequence[Constraint]]) -> Iterator[str]:
    counts = [len(side) for side in sides]
    if len(set(counts)) > 1:
        yield _told("favored", scenario, [f"by {count}" for count in counts])
        return
    readings: list[tuple[str, Callable[[Constraint], str]]] = [("judged", _judge)]
    if all(factor.name != "place" for factor in scenario.factors):
        readings.insert(0, ("demanded", lambda one: f"in `{one.place}`"))
    for verb, reading in readings:
        read = [sorted(map(reading, side)) for side in sides]
        if read[0] != read[1]:
            yield _told(verb, scenario, [" and ".join(several) for several in read])


def _told(verb: str, scenario: Scenario, each: Iterable[str]) -> str:
    told = zip(scenario.conflict.values, each, strict=True)
    return ", ".join(f"`{value.name}` is {verb} {how}" for value, how in told)


def _judge(constraint: Constraint) -> str:
    return " and ".join(f"by `{rubric.name}`" for rubric in constraint.judge) or "by none"


def _described(constraint: Constraint) -> str:
    return f"favors `{constraint.favors.name}`, in `{constraint.place}`, judged {_judge(constraint)}"
