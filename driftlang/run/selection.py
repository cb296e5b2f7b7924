"""Which trials of a plan are run.

In: a plan, what was asked for, and where the trials stand. Out: jobs, in the order of the plan.
Refuses to do: guessing; a model that the plan does not have is a mistake. A finished trial is never chosen again.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure

#: What may be asked for about trials that ended in an error.
RETRY_ERRORS, RETRY_NONE = RETRIES = ("errors", "none")


@frozen
class Selection:
    """Which trials of a plan are run.

    Attributes:
        models: only these models; none means all.
        repeat: only runs 1 to this number; 0 means all.
        retry: `errors`: only trials that ended in an error; `none`: all but these; else both.
    """

    models: tuple[str, ...] = ()
    repeat: int = 0
    retry: str = ""


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


def select_open(jobs: Sequence[Job], statuses: Mapping[str, str], retry: str) -> tuple[Job, ...]:
    """Those of `jobs` that are to be done, by the status of their trials; see `Selection.retry`."""

    def is_open(status: str) -> bool:
        if status == "error":
            return retry != RETRY_NONE
        return status != "finished" and retry != RETRY_ERRORS

    return tuple(job for job in jobs if is_open(statuses.get(job.trial.id, "pending")))
