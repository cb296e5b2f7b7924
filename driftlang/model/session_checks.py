"""The checks of sessions that need a scenario: its steps, arms, constraints and places.

In: a scenario. Out: diagnostics.
Refuses to do: judging whether an event is of use.
"""

from collections.abc import Callable, Iterator

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.forms import Compact, Event, Factor, Fork, Pad, Remind, Scenario, Session, Stretch, Switch
from driftlang.source import Span

#: Places that are sent with every request, so that no compaction takes the constraint away.
_SENT_EACH_TIME = ("agents_file", "system_prompt")
#: Events of which a step has at most one, and what they do.
_ONE_A_STEP: tuple[tuple[type[Event], str], ...] = (
    (Fork, "fork"),
    (Switch, "switch"),
    (Compact, "compact"),
    (Pad, "pad"),
    (Remind, "remind"),
)


def check_sessions(scenario: Scenario, missing_for: Callable[[str], str], sink: Sink) -> bool:
    """Whether every session fits the scenario; `missing_for` says what an arm lacks to speak, or nothing."""
    before = len(sink.found)
    for session in scenario.sessions.values():
        _check_steps(session, scenario, sink)
        _check_doubles(session, len(scenario.tasks.steps), sink)
        _check_forks(session, scenario, missing_for, sink)
        _check_switches(session, scenario, sink)
    is_fine = len(sink.found) == before
    for session in scenario.sessions.values():
        _check_compaction(session, scenario, sink)
        _check_reminders(session, scenario, sink)
    return is_fine


def _check_reminders(session: Session, scenario: Scenario, sink: Sink) -> None:
    """Warn of a reminder that may name a constraint which a cell does not state."""
    absent = [factor for factor in scenario.factors if factor.name == "constraint" and _may_be_absent(factor, scenario)]
    for event in session.events if absent else ():
        if isinstance(event, Remind) and event.text and "constraint" not in event.text[0].names:
            sink.warn(
                "absent-constraint-reminded",
                "the reminder has a text of its own, which is said in cells that do not state the constraint as well",
                event.span,
                help="write `verbatim`, which says nothing there, or put it into `when constraint is stated { ... }`",
                labels=(Label(absent[0].span, "the constraint is absent at one level"),),
            )


def _may_be_absent(factor: Factor, scenario: Scenario) -> bool:
    """Whether the scenario, at the levels that are fixed in it, has cells without the constraint."""
    return scenario.fixed.get("constraint", "absent") == "absent" and any(one.name == "absent" for one in factor.levels)


def _check_steps(session: Session, scenario: Scenario, sink: Sink) -> None:
    """Every event has the steps that it names."""
    steps = len(scenario.tasks.steps)
    for event in session.events:
        for stretch in event.at:
            last = max(stretch.first, stretch.last)
            if last > steps:
                sink.error(
                    "event-without-step",
                    f"an event is at step {last}, but the tasks of `{scenario.name}` have {steps}",
                    stretch.span,
                    help="name a step that the scenario has, or give the scenario another session",
                    labels=(Label(scenario.tasks.span, f"these have {steps} steps"),),
                )


def _check_doubles(session: Session, steps: int, sink: Sink) -> None:
    """No step has two events that would undo each other or could come in either order."""
    for form, word in _ONE_A_STEP:
        seen: dict[int, Span] = {}
        for position, stretch in _positions((event for event in session.events if type(event) is form), steps):
            if position in seen:
                sink.error(
                    "doubled-entry",
                    f"there are two of `{word}` at step {position}",
                    stretch.span,
                    help="remove one of the two",
                    labels=(Label(seen[position], "the first is here"),),
                )
            seen.setdefault(position, stretch.span)


def _positions(events: Iterator[Event], steps: int) -> Iterator[tuple[int, Stretch]]:
    for event in events:
        for stretch in event.at:
            for position in stretch.positions(steps):
                yield position, stretch


def _check_forks(session: Session, scenario: Scenario, missing_for: Callable[[str], str], sink: Sink) -> None:
    """Every arm that a session forks into can speak."""
    for event in session.events:
        if isinstance(event, Fork):
            for arm in event.arms:
                missing = missing_for(arm)
                if missing:
                    sink.error(
                        "arm-without-messages",
                        f"a fork goes into the arm `{arm}`, where `{scenario.name}` has nothing to inject: {missing}",
                        event.span,
                        help=f"add it to the scenario, or leave `{arm}` out of the fork",
                        labels=(Label(scenario.span, "the scenario is declared here"),),
                    )


def _check_switches(session: Session, scenario: Scenario, sink: Sink) -> None:
    """Every constraint that a session switches to is of the scenario's conflict."""
    names = [constraint.name for constraint in scenario.constraints]
    conflict = scenario.conflict
    for event in session.events:
        if isinstance(event, Switch) and len(conflict.values) > 2:
            sink.error(
                "wrong-argument",
                f"`switch` is for a conflict of two values, `{conflict.name}` has {len(conflict.values)}, each pair "
                "of which is run apart",
                event.span,
                help="leave out the switch, or declare a conflict of the two values alone",
                labels=(Label(conflict.span, f"`{conflict.name}` is declared here"),),
            )
        elif isinstance(event, Switch) and event.constraint not in names:
            sink.error(
                "unknown-name",
                f"`{event.constraint}` is no constraint of the conflict `{conflict.name}`"
                f"{did_you_mean(event.constraint, names)}",
                event.span,
                help=f"switch to a constraint of `{conflict.name}`, the conflict of `{scenario.name}`",
                labels=(Label(conflict.span, f"`{conflict.name}` is declared here"),),
            )


def _check_compaction(session: Session, scenario: Scenario, sink: Sink) -> None:
    """Compaction can reach the constraint at some place of the scenario."""
    compaction = next((event for event in session.events if isinstance(event, Compact)), None)
    varied = [level.name for factor in scenario.factors if factor.name == "place" for level in factor.levels]
    places = varied or [constraint.place for constraint in scenario.constraints]
    if compaction is None or session.mode == "fresh" or not places or not set(places) <= set(_SENT_EACH_TIME):
        return
    first = next((one for one in scenario.constraints if one.place == places[0]), scenario)
    sink.warn(
        "compaction-spares-rule",
        f"compaction cannot remove the constraint from `{scenario.name}`: "
        f"{' and '.join(f'`{place}`' for place in dict.fromkeys(places))} "
        f"{'are' if len(set(places)) > 1 else 'is'} sent again with every request",
        compaction.span,
        help="place the constraint in `first_turn`, or `vary place` to compare with one that compaction can reach",
        labels=(Label(first.span, "the constraint stands in such a place"),),
    )
