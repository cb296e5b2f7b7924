"""Whether what a schedule says has a place to stand.

In: scenarios and their cells. Out: findings in the sink.
Refuses to do: looking at what agents make of a file. A step whose first target cannot hold a comment would be counted
as one under pressure, though its file never says a word.
"""

from collections.abc import Sequence

from driftlang.cells.forms import Cell, Turn
from driftlang.cells.schedule import speaking_positions
from driftlang.diagnostics.diagnostic import Sink
from driftlang.inject.comments import style_of
from driftlang.model.forms import Scenario, Schedule, Step


def check_speech(scenarios: Sequence[Scenario], cells: Sequence[Cell], sink: Sink) -> None:
    """Say of each step, once, that a schedule speaks there and has no place to: no target, or one without comments."""
    of_key = {scenario.key: scenario for scenario in scenarios}
    wrong: dict[Step, str] = {}
    for cell in cells:
        if cell.arm == "bare":
            continue
        scenario = of_key[cell.variant]
        steps = {step.name: step for step in scenario.tasks.steps}
        schedule = _schedule(scenario, cell)
        for script in cell.scripts:
            due = speaking_positions(schedule.at, len(script.turns))
            for turn in script.turns:
                if turn.position in due and not _can_speak(turn):
                    wrong.setdefault(steps[turn.step], turn.targets[0] if turn.targets else "")
    for step, target in wrong.items():
        _report(step, target, sink)


def _schedule(scenario: Scenario, cell: Cell) -> Schedule:
    return scenario.schedules[cell.levels["schedule"]] if "schedule" in cell.levels else scenario.schedule


def _can_speak(turn: Turn) -> bool:
    return bool(turn.targets) and style_of(turn.targets[0]) is not None


def _report(step: Step, target: str, sink: Sink) -> None:
    if target:
        sink.error(
            "place-without-comments",
            f"a schedule speaks at the top of `{target}`, a file of a type whose comments are not known",
            step.targets[0].span,
            help="name a source file as the step's first target, or let the schedule speak at other steps",
        )
    else:
        sink.error(
            "place-without-comments",
            f"a schedule speaks at the step `{step.name}`, which has no target to speak in",
            step.span,
            help="give the step a `target`, or let the schedule speak at other steps",
        )
