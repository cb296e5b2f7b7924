"""`no-placebo`: an arm with pressure has one beside it that differs from it in meaning alone.

In: a scenario. Out: an error in the sink where there is none.
Refuses to do: judging the placebo's sentences; `placebo-leans` does.

Why: without a control that says as much in the same place, the effect of being told something cannot be told from
that of what is said.
Limits: an arm `unrelated` (pressure toward another value) counts as a control for meaning as well. A fork into
pressure has its control in another branch of the fork, or in an arm of the scenario.
"""

from collections.abc import Collection

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Fork, Scenario

_PRESSED = ("opposing", "supporting")
_CONTROLS = frozenset({"placebo", "unrelated"})


def check_no_placebo(scenario: Scenario, sink: Sink) -> None:
    """Say so where pressure has no control."""
    arm = _uncontrolled(scenario.arms)
    if arm:
        _report(scenario, f"the arm `{arm}` of `{scenario.name}`", (), sink)
        return
    for session in scenario.sessions.values():
        for event in session.events:
            if isinstance(event, Fork):
                arm = _uncontrolled({*event.arms, *(_CONTROLS.intersection(scenario.arms))})
                if arm:
                    labels = (Label(event.span, f"`{session.name}` forks here"),)
                    _report(scenario, f"the branch `{arm}` into which `{scenario.name}` forks", labels, sink)


def _uncontrolled(arms: Collection[str]) -> str:
    """The first arm with pressure, where no control is among the arms; else nothing."""
    return next((arm for arm in _PRESSED if arm in arms and _CONTROLS.isdisjoint(arms)), "")


def _report(scenario: Scenario, what: str, labels: tuple[Label, ...], sink: Sink) -> None:
    sentences = "" if scenario.placebo else "write `placebo NAME` with neutral sentences, and "
    sink.error(
        "no-placebo",
        f"{what} has nothing beside it that differs from it in meaning alone",
        scenario.span,
        help=f"{sentences}add `placebo` to the arms",
        labels=labels,
    )
