"""`idle-entry`: what a scenario or study says changes something.

In: a scenario, or a study. Out: a warning in the sink for an entry that changes nothing.
Refuses to do: telling of declarations that nothing uses; they may be there for other files.

Why: an entry without effect was meant to have one. A factor of one level varies nothing, a sample of one combination
is no sample, and a judge without a question is never asked.
Limits: an arm that is in no contrast and an event on a step without opportunity are not looked for.
"""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario, Study


def check_idle_scenario(scenario: Scenario, sink: Sink) -> None:
    """Factors of one level, and designs without what they choose from."""
    for factor in scenario.factors:
        if len(factor.levels) == 1:
            sink.warn(
                "idle-entry",
                f"`{factor.name}` has one level, `{factor.levels[0].name}`, so that nothing varies",
                factor.span,
                help="name a second level, or write what it says without `vary`",
            )
    kind, least = scenario.design.kind, {"sample": 1, "pairwise": 2}.get(scenario.design.kind, 0)
    if len(scenario.factors) < least:
        sink.warn(
            "idle-entry",
            f"`{kind}` chooses nothing: `{scenario.name}` varies {'one factor' if scenario.factors else 'nothing'}",
            scenario.span,
            help=f"vary {'more' if scenario.factors else 'something'}, or leave out `{kind}`",
        )


def check_idle_judge(study: Study, sink: Sink) -> None:
    """A judge whom no constraint asks anything."""
    if study.judge and not any(one.judge for scenario in study.scenarios for one in scenario.constraints):
        sink.warn(
            "idle-entry",
            f"the judge of `{study.name}` is asked nothing: no constraint of its scenarios has a `judge`",
            study.span,
            help="write `judge RUBRIC` in the constraints, or leave out the study's `judge`",
        )
