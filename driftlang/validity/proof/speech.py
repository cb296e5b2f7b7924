"""Whether what a schedule says has a place to stand.

In: scenarios and their cells. Out: findings in the sink.
Refuses to do: looking at what agents make of a file. A step with no place that can hold what is said would be counted
as one under pressure, though nothing ever says a word.
"""

from collections.abc import Sequence

from driftlang.cells.forms import Cell, Turn
from driftlang.cells.schedule import speaking_positions
from driftlang.diagnostics.diagnostic import Sink
from driftlang.inject.insert import can_hold
from driftlang.model.forms import Scenario, Schedule, Step
from driftlang.model.schedules import OUTSIDE_FILES


def check_speech(scenarios: Sequence[Scenario], cells: Sequence[Cell], sink: Sink) -> None:
    """Say of each step, once, that a schedule speaks there and has no place to: no target, or files that hold none."""
    of_key = {scenario.key: scenario for scenario in scenarios}
    wrong: dict[Step, tuple[str, str]] = {}
    for cell in cells:
        if cell.arm == "bare":
            continue
        scenario = of_key[cell.variant]
        steps = {step.name: step for step in scenario.tasks.steps}
        schedule = _schedule(scenario, cell)
        for script in cell.scripts:
            due = speaking_positions(schedule.at, len(script.turns))
            for turn in script.turns:
                if turn.position in due and (silent := _silent_place(turn, schedule)):
                    wrong.setdefault(steps[turn.step], silent)
    for step, (place, path) in wrong.items():
        _report(step, place, path, sink)


def _schedule(scenario: Scenario, cell: Cell) -> Schedule:
    return scenario.schedules[cell.levels["schedule"]] if "schedule" in cell.levels else scenario.schedule


def _silent_place(turn: Turn, schedule: Schedule) -> tuple[str, str] | None:
    """The kind of place and the file that cannot hold what is due; nothing when all of it has a place.

    The file is empty where the step has no target to speak in.
    """
    if schedule.places[-1].may_be_nothing:
        return None
    for injection in turn.injections:
        if not any(spot.place in OUTSIDE_FILES or can_hold(spot.path, spot.place) for spot in injection.spots):
            return injection.place, injection.path
    is_without = not turn.injections and not turn.targets and schedule.places[-1].is_of_target
    return (schedule.places[-1].kind, "") if is_without else None


def _report(step: Step, place: str, path: str, sink: Sink) -> None:
    if path:
        sink.error(
            "place-without-comments",
            f"a schedule speaks in `{path}` (`{place}`), a file of a type that can hold nothing there",
            (step.targets[0] if step.targets else step).span,
            help="name a file of another type, give another place behind `else`, or let the schedule speak elsewhere",
        )
    else:
        sink.error(
            "place-without-comments",
            f"a schedule speaks at the step `{step.name}`, which has no target to speak in",
            step.span,
            help="give the step a `target`, or let the schedule speak at other steps",
        )
