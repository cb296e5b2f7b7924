"""`no-placebo`: an arm with pressure has one beside it that differs from it in meaning alone.

In: a scenario. Out: an error in the sink where there is none.
Refuses to do: judging the placebo's sentences; `placebo-leans` does.

Why: without a control that says as much in the same place, the effect of being told something cannot be told from
that of what is said.
Limits: an arm `unrelated` (pressure toward another value) counts as a control for meaning as well.
"""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Scenario

_PRESSED = frozenset({"opposing", "supporting"})
_CONTROLS = frozenset({"placebo", "unrelated"})


def check_no_placebo(scenario: Scenario, sink: Sink) -> None:
    """Say so where pressure has no control."""
    pressed = [arm for arm in scenario.arms if arm in _PRESSED]
    if not pressed or not _CONTROLS.isdisjoint(scenario.arms):
        return
    sink.error(
        "no-placebo",
        f"the arm `{pressed[0]}` of `{scenario.name}` has no arm beside it that differs from it in meaning alone",
        scenario.span,
        help="write `placebo NAME` with neutral sentences, and add `placebo` to the arms",
    )
