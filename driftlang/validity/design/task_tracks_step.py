"""`task-tracks-step`: a study that speaks of steps has the tasks in more than one order.

In: a study. Out: an error in the sink where each of its scenarios has `order fixed`.
Refuses to do: judging how well orders are balanced; `latin_square` and `shuffled` both are.

Why: in a fixed order the fourth step is always the same task, so that what happens at the fourth step may be due to
the step or to the task.
A study speaks of steps where something in it depends on their number: a schedule that speaks at some of them only, or
with a severity that moves with the step, and a session that goes on from step to step, be it without an event: what it
is asked for then is whether agents drift while it lasts.
Limits: steps that `after` leaves no other order are not told of, though the confound is the same.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.forms import Scenario, Step, Study
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
    steps = scenario.tasks.steps
    if len(steps) < 2 or _has_one_order(steps):
        return ()
    return next(_words_of_steps(scenario, len(steps)), ())


def _words_of_steps(scenario: Scenario, steps: int) -> Iterator[tuple[Label, ...]]:
    for session in scenario.sessions.values():
        yield from ((Label(event.span, "this happens at a step"),) for event in session.events)
    if not set(scenario.arms) <= {"bare"}:
        for schedule in used_schedules(scenario):
            if len(schedule.at.positions(steps)) < steps:
                yield (Label(schedule.at.span, "this speaks at some steps only"),)
            if way := movement(schedule, scenario):
                yield (Label(schedule.span, f"severity {way} with the step here"),)
    for session in scenario.sessions.values():
        if session.mode == "continue":
            yield (Label(session.span, "this goes on from step to step"),)


def _has_one_order(steps: Sequence[Step]) -> bool:
    """Whether each step must come after the one above it."""
    return all(former.name in step.after for former, step in pairwise(steps))
