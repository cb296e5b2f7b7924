"""Which trials of a plan are run.

In: a plan, and what was asked for. Out: jobs, in the order of the plan.
Refuses to do: guessing; a model that the plan does not have is a mistake.
"""

from attrs import frozen

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure


@frozen
class Selection:
    """Which trials of a plan are run.

    Attributes:
        models: only these models; none means all.
        repeat: only runs 1 to this number; 0 means all.
    """

    models: tuple[str, ...] = ()
    repeat: int = 0


@frozen
class Job:
    """One trial, with the script and the cell that it is of."""

    trial: PlannedTrial
    script: PlannedScript
    cell: PlannedCell


def select_jobs(plan: Plan, selection: Selection) -> tuple[Job, ...]:
    """The chosen trials, in the order of the plan.

    Raises:
        Failure: a model that the plan does not have, or nothing chosen.
    """
    models = dict.fromkeys(trial.model for trial in plan.trials)
    for model in selection.models:
        if model not in models:
            raise Failure(
                f"the plan has no model `{model}`",
                help=f"choose of {', '.join(f'`{name}`' for name in models)}",
                status=ExitStatus.MISUSE,
            )
    scripts = {script.id: script for script in plan.scripts}
    cells = {cell.id: cell for cell in plan.cells}
    chosen = []
    for trial in plan.trials:
        script = scripts[trial.script]
        is_model_wanted = not selection.models or trial.model in selection.models
        if is_model_wanted and (not selection.repeat or script.run <= selection.repeat):
            chosen.append(Job(trial, script, cells[script.cell]))
    if not chosen:
        raise Failure("the plan has no trial to run", help="build a plan with trials", status=ExitStatus.MISUSE)
    return tuple(chosen)
