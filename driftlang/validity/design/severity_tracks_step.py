"""`severity-tracks-step`: somewhere in a scenario, severity does not follow the step.

In: a scenario with all that its declaration stands for. Out: an error in the sink where severity rises with the step
in every schedule, or falls in every one.
Refuses to do: judging how well a mixture tells the two apart; one schedule that differs is enough.

Why: where the last steps always bring the strongest messages, what is lost by the end of a run may be due to the time
that has passed or to the strength of what was said, and nothing in the data tells which.
Limits: a scenario with a rising and a falling schedule is taken to be balanced. Combinations that `exclude` leaves out
count. Messages without a second severity, schedules that speak once and scenarios without pressure track nothing.
"""

from collections.abc import Iterator, Sequence

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Fork, Scenario, Schedule
from driftlang.source import Span

_MOVES = {"ascending": "rises", "descending": "falls"}


def check_severity_tracks_step(variants: Sequence[Scenario], sink: Sink) -> None:
    """Say so where every schedule has severity move with the step, the same way."""
    found: dict[Span, tuple[Schedule, str]] = {}
    for scenario in variants:
        if _is_silent(scenario):
            continue
        for schedule in used_schedules(scenario):
            found[schedule.span] = (schedule, movement(schedule, scenario))
    ways = {way for _, way in found.values()}
    if len(ways) != 1 or "" in ways:
        return
    (way,) = ways
    sink.error(
        "severity-tracks-step",
        f"severity {way} with the step in every schedule of `{variants[0].name}`: time cannot be told from strength",
        variants[0].span,
        help="write `severity shuffled`, or vary the schedule with one that has it: `vary schedule in [NAME, NAME]`",
        labels=tuple(
            Label(schedule.span, f"`severity {schedule.severity}`, and the messages have several severities")
            for schedule, _ in found.values()
        ),
    )


def used_schedules(scenario: Scenario) -> Iterator[Schedule]:
    """The schedules that cells of a scenario have: those that it varies, else its own."""
    varied = [level.name for factor in scenario.factors if factor.name == "schedule" for level in factor.levels]
    return (scenario.schedules[name] for name in varied or [scenario.schedule.name])


def movement(schedule: Schedule, scenario: Scenario) -> str:
    """How severity goes with the step: `rises`, `falls`, or empty where it does neither."""
    way = _MOVES.get(schedule.severity, "")
    if not way or len(schedule.at.positions(len(scenario.tasks.steps))) < 2:
        return ""
    severities: dict[str, set[int]] = {}
    for pressure in scenario.pressures:
        severities.setdefault(pressure.toward.name, set()).update(message.severity for message in pressure.messages)
    # What an arm says is toward one value.
    return way if any(len(several) > 1 for several in severities.values()) else ""


def _is_silent(scenario: Scenario) -> bool:
    """Whether no arm has pressure, of the cells or of a fork: a placebo has no severity."""
    forked = (event for session in scenario.sessions.values() for event in session.events if isinstance(event, Fork))
    return {*scenario.arms, *(arm for fork in forked for arm in fork.arms)} <= {"bare", "placebo"}
