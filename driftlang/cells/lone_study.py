"""A scenario by itself, as a study of one run, so that its cells can be looked at before there is a study.

In: scenarios. Out: a `Study` for each, named after it.
Refuses to do: running. It names no model.
"""

from collections.abc import Sequence

from driftlang.model.forms import Limits, Scenario, Study


def lone_studies(scenarios: Sequence[Scenario]) -> tuple[Study, ...]:
    """A study for each name of a scenario, of all that the name stands for."""
    of_name: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        of_name.setdefault(scenario.name, []).append(scenario)
    return tuple(map(_lone_study, of_name.values()))


def _lone_study(scenarios: Sequence[Scenario]) -> Study:
    """One run, no model; its seeds are those of a study with the scenario's name."""
    return Study(
        name=scenarios[0].name,
        scenarios=tuple(scenarios),
        models=(),
        repeat=1,
        limits=Limits(),
        judge="",
        judge_votes=0,
        harness="native",
        primary=(),
        detect=(),
        doc="",
        span=scenarios[0].span,
    )
