"""A scenario by itself, as a study of one run, so that its cells can be looked at before there is a study.

In: a scenario. Out: `Study`, named after it.
Refuses to do: running. It names no model.
"""

from driftlang.model.forms import Limits, Scenario, Study


def lone_study(scenario: Scenario) -> Study:
    """A study of this scenario alone: one run, no model; its seeds are those of a study with the scenario's name."""
    return Study(
        name=scenario.name,
        scenarios=(scenario,),
        models=(),
        repeat=1,
        limits=Limits(),
        judge="",
        judge_votes=0,
        harness="native",
        primary=(),
        detect=(),
        doc="",
        span=scenario.span,
    )
