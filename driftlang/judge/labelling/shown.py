"""From a run's folder to what a labeller sees of its steps.

In: a run's folder and the places of steps. Out: `ShownStep`s by place.
Refuses to do: telling the arm, the direction's name or any verdict, and keeping texts of any length.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from driftlang.build.plan import Plan, PlannedCell, PlannedScript
from driftlang.build.plan_toml import read_plan
from driftlang.cells.events import SwitchEvent
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.changes import cut, injected_lines, show_files
from driftlang.judge.labelling.forms import ShownCommand, ShownStep
from driftlang.observe.forms import StepObservation
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.reading import read_results

_LONGEST_TEXT, _LONGEST_COMMAND, _MOST_COMMANDS = 8000, 1000, 60


def show_steps(run_folder: Path, places: Collection[StepKey]) -> Mapping[StepKey, ShownStep]:
    """What is shown of each of `places`; one that the run does not hold is not in it.

    Raises:
        Failure: the folder is no run, or is damaged.
    """
    planned = _planned(read_plan(run_folder / PLAN_FOLDER))
    wanted: dict[str, set[StepKey]] = {}
    for place in places:
        wanted.setdefault(place.trial, set()).add(place)
    shown: dict[StepKey, ShownStep] = {}
    for result in read_results(run_folder):
        trial = result.record.trial
        if trial not in wanted or trial not in planned:
            continue
        script, cell = planned[trial]
        lines: set[str] = set()
        for step in result.observation.steps:
            lines |= injected_lines(step.injected)
            place = StepKey(trial, "", step.position)
            if place in wanted[trial]:
                shown[place] = _show(step, script, cell, lines)
    return shown


def _planned(plan: Plan) -> Mapping[str, tuple[PlannedScript, PlannedCell]]:
    scripts = {script.id: script for script in plan.scripts}
    cells = {cell.id: cell for cell in plan.cells}
    return {trial.id: (scripts[trial.script], cells[scripts[trial.script].cell]) for trial in plan.trials}


def _show(step: StepObservation, script: PlannedScript, cell: PlannedCell, injected: Collection[str]) -> ShownStep:
    task = next((turn.text for turn in script.turns if turn.position == step.position), "")
    commands = [ShownCommand(cut(run.command, _LONGEST_COMMAND), run.exit) for run in step.commands[:_MOST_COMMANDS]]
    return ShownStep(
        constraint=cut(_constraint(script, cell, step.position), _LONGEST_TEXT),
        task=cut(task, _LONGEST_TEXT),
        targets=step.targets,
        files=show_files(step.changes, injected),
        commands=tuple(commands),
        reply=cut(step.reply, _LONGEST_TEXT),
    )


def _constraint(script: PlannedScript, cell: PlannedCell, position: int) -> str:
    """The text that is in force at a step: that of the cell, or of the last switch before it."""
    switches = (event for turn in script.turns if turn.position <= position for event in turn.events)
    texts = [event.text for event in switches if isinstance(event, SwitchEvent)]
    return texts[-1] if texts else cell.constraint
