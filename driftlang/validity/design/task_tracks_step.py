"""`task-tracks-step`: a study that speaks of steps has the tasks in more than one order.

In: a study. Out: an error in the sink where each of its scenarios has `order fixed`.
Refuses to do: judging how well orders are balanced; `latin_square` and `shuffled` both are.

Why: in a fixed order the fourth step is always the same task, so that what happens at the fourth step may be due to
the step or to the task.
A study speaks of steps where something in it depends on their number: a schedule that speaks at some of them only, or
with a severity that moves with the step, and a session with an event (compaction, reminder, fork, switch, probe, pad).
Limits: that one session goes on is not enough, since every run has steps; a curve over steps is confounded there all
the same. Orders that `after` leaves no choice are not seen.
"""

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Scenario, Study
from driftlang.validity.design.severity_tracks_step import movement, used_schedules


def check_task_tracks_step(study: Study, sink: Sink) -> None:
    """Say so where tasks and steps are one."""
    if any(scenario.order != "fixed" for scenario in study.scenarios):
        return
    for scenario in study.scenarios:
        reason = _steps_spoken_of(scenario)
        if reason:
            sink.error(
                "task-tracks-step",
                f"`{study.name}` speaks of steps, and every scenario of it has `order fixed`: the step cannot be told "
                "from the task",
                study.span,
                help="write `order latin_square` or `order shuffled` in the scenario",
                labels=(*reason, Label(scenario.span, "this scenario has `order fixed`")),
            )
            return


def _steps_spoken_of(scenario: Scenario) -> tuple[Label, ...]:
    """What depends on the number of a step, at most one."""
    steps = len(scenario.tasks.steps)
    if steps < 2:
        return ()
    for session in scenario.sessions.values():
        for event in session.events:
            return (Label(event.span, "this happens at a step"),)
    if set(scenario.arms) <= {"bare"}:
        return ()
    for schedule in used_schedules(scenario):
        if len(schedule.at.positions(steps)) < steps:
            return (Label(schedule.at.span, "this speaks at some steps only"),)
        if movement(schedule, scenario):
            return (Label(schedule.span, f"severity {movement(schedule, scenario)} with the step here"),)
    return ()
