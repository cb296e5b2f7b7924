"""Whether a run can go on with another plan, and if not, what has changed.

In: the plan of a run, and another one. Out: why the second cannot take the first one's place, in words; empty where it
can: it has every trial of the first. More repeats, models and scenarios, and other scorers, change no trial.
Refuses to do: comparing files. What a trial is, its id covers.
"""

from collections.abc import Iterator

from attrs import fields

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.cells.forms import Turn

#: Parts of a cell that a trial's id covers, in words; others are called by their names.
_CELL_WORDS = {
    "commit": "repository",
    "constraint": "constraint's text",
    "instructions": "instructions",
    "place": "place of the constraint",
    "programs": "stub programs",
    "uses": "required programs",
}
_TURN_WORDS = {"text": "texts of the steps", "targets": "target files"}
_MOST_NAMED = 4


def why_other(old: Plan, new: Plan) -> str:
    """What keeps `new` from taking the place of `old`; empty where nothing does."""
    there = {trial.id for trial in new.trials}
    lacking = [trial for trial in old.trials if trial.id not in there]
    if not lacking:
        return ""
    found = list(dict.fromkeys((*_study_changes(old, new), *_trial_changes(old, new, lacking))))
    more = [f"{len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    return ", and ".join((*found[:_MOST_NAMED], *more)) or f"{len(lacking)} of its trials are not in the plan"


def _study_changes(old: Plan, new: Plan) -> Iterator[str]:
    """What differs for all trials."""
    models = [sorted({trial.model for trial in plan.trials}) for plan in (old, new)]
    if set(models[0]) - set(models[1]):
        yield f"it is of {', '.join(models[0])}, not of {', '.join(models[1])}"
    if old.study.repeat > new.study.repeat:
        yield f"it has {old.study.repeat} repeats, not {new.study.repeat}"
    if old.study.harness != new.study.harness:
        yield f"its harness is {old.study.harness}, not {new.study.harness}"
    for name in ("turn_seconds", "trial_seconds", "cost_dollars"):
        former, now = getattr(old.study, name), getattr(new.study, name)
        if former != now:
            yield f"its limit of {name.replace('_', ' ')} is {former:g}, not {now:g}"
    if old.format != new.format:
        yield f"its plan is of form {old.format}, not {new.format}"


def _trial_changes(old: Plan, new: Plan, lacking: list[PlannedTrial]) -> Iterator[str]:
    """What differs between trials of the same script and model."""
    former = {script.id: script for script in old.scripts}
    now = {script.id: script for script in new.scripts}
    cells = [{cell.id: cell for cell in plan.cells} for plan in (old, new)]
    options = {(trial.script, trial.model): trial.options for trial in new.trials}
    for trial in lacking:
        script = former[trial.script]
        if script.cell not in cells[1]:
            yield f"its cell {script.cell} is not in the plan"
        elif script.id in now:
            yield from _cell_changes(cells[0][script.cell], cells[1][script.cell])
            yield from _script_changes(script, now[script.id])
            if options.get((trial.script, trial.model), trial.options) != trial.options:
                yield f"the options of {trial.model} have changed"


def _cell_changes(old: PlannedCell, new: PlannedCell) -> Iterator[str]:
    for attribute in fields(PlannedCell):
        if getattr(old, attribute.name) != getattr(new, attribute.name):
            yield f"the {_CELL_WORDS.get(attribute.name, attribute.name)} of {old.scenario} changed"


def _script_changes(old: PlannedScript, new: PlannedScript) -> Iterator[str]:
    scenario = old.cell.partition("/")[0]
    if [turn.step for turn in old.turns] != [turn.step for turn in new.turns]:
        yield f"the steps of {scenario}, or their order, changed"
        return
    for former, now in zip(old.turns, new.turns, strict=True):
        for attribute in fields(Turn):
            if getattr(former, attribute.name) != getattr(now, attribute.name):
                yield f"the {_TURN_WORDS.get(attribute.name, attribute.name)} of {scenario} changed"
    if old.branches != new.branches:
        yield f"the branches of {scenario} changed"
    if old.seed != new.seed:
        yield f"the seeds of {scenario} changed"
