"""Running a plan: every trial of it, some at a time, until each is finished or has ended in an error.

In: a plan's folder and the folder of the run. Out: the run's journal, and a `RunSummary`.
Refuses to do: running a finished trial again. A run that was killed is continued by the same call: what a killed
runner left is reaped first, and a trial that was cut off begins anew, from its fresh repository.
"""

import asyncio
import platform
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from pathlib import Path
from time import monotonic

from attrs import evolve, field, frozen

from driftlang import __version__
from driftlang.build.manifest import check_manifest
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.run.abilities import refuse_unable
from driftlang.run.capacity import default_jobs
from driftlang.run.chain import Head
from driftlang.run.commons import SandboxWish
from driftlang.run.folder import hold
from driftlang.run.install import VERSION
from driftlang.run.interruption import explained_groups, interruptible
from driftlang.run.journal import Journal
from driftlang.run.opencode import find_opencode
from driftlang.run.places import take_left
from driftlang.run.progress import Progress, Silence, Workload
from driftlang.run.reaping import reap
from driftlang.run.records import RunnerStamp
from driftlang.run.sandbox.confinement import AUTO
from driftlang.run.scheduler import Outcome, Rules, StoppedModel, carry_out
from driftlang.run.selection import RETRY_ERRORS, Job, Selection, select_jobs, select_open
from driftlang.run.services import Spending, load_services
from driftlang.run.sites import Site, Work, dask_site, local_site
from driftlang.run.trial import Limits
from driftlang.run.upstreams import check_models, spending


@frozen
class FailedTrial:
    """A trial whose last attempt ended in an error."""

    trial: str
    script: str
    model: str
    reason: str


@frozen
class RunSummary:
    """How a run went.

    Attributes:
        folder: the run's folder.
        trials: number of trials chosen.
        finished: how many of them are finished now.
        finished_before: how many were already when it began.
        failed: those whose last attempt ended in an error.
        seconds: wall time.
        notices: what the user should know of how it was run.
        head: the journal's last record; with its digest noted elsewhere, nothing of the run can be changed unseen.
        stopped: models that were given up.
        ended: why the whole run was, or empty.
        spending: what this run and earlier ones in its folder have spent.
    """

    folder: Path
    trials: int
    finished: int
    finished_before: int
    seconds: float
    failed: tuple[FailedTrial, ...] = field(factory=tuple)
    head: Head = Head()  # noqa: RUF009 - frozen
    notices: tuple[str, ...] = ()
    stopped: tuple[StoppedModel, ...] = ()
    ended: str = ""
    spending: Spending = field(factory=Spending)


async def run_plan(  # noqa: PLR0913 - each of the last has its default, and is named at every call
    plan_folder: Path,
    run_folder: Path,
    *,
    jobs: int = 0,
    provider_jobs: int = 0,
    retries: int = 1,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    progress: Progress = Silence(),  # noqa: B008 - it has no state
    opencode: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sandbox: str = AUTO,
    dask: str = "",
    budget: Decimal | None = None,
    providers: Path | None = None,
    prices: Path | None = None,
) -> RunSummary:
    """Run the plan in `plan_folder`, or go on with it, into `run_folder`.

    `jobs` trials go on at a time (0: as many as fit), `provider_jobs` of one provider (0: any number); see `Rules`.
    `opencode` is a binary whose version was checked; without one it is found, or installed. For `sandbox` see
    `confine`. The workers of the scheduler at `dask` use the OpenCode, the sandbox and the keys of their machine.
    `budget` is what may be spent, in dollars, with what earlier runs in the same folder have spent; without one it is
    what the study declares. `providers` and `prices` are files of the user's.

    Raises:
        Failure: the plan is damaged or asks for what cannot be run, a model cannot be reached, OpenCode is missing or
            wrong, the folder is another plan's or another runner's or cannot be written, or the run was interrupted.
    """
    begun = monotonic()
    plan, chosen = _read(plan_folder, selection)
    services = load_services(run_folder, budget=_budget(plan, budget), providers=providers, prices=prices)
    check_models((job.trial for job in chosen), services, has_keys=not dask)
    if not dask and opencode is None and not await asyncio.to_thread(run_folder.exists):
        opencode = await asyncio.to_thread(find_opencode)  # told before anything is written
    outcome, notices = Outcome(), list[str]()
    ids = [trial.id for trial in plan.trials]
    with hold(run_folder, plan_folder) as folder, Journal(folder.path, folder.digest, ids) as journal:
        check_manifest(folder.plan)
        await asyncio.to_thread(_reap_killed, journal)
        before = _finished(journal, chosen)
        wanted = select_open(chosen, journal.statuses(), selection.retry)
        wish = SandboxWish(sandbox, tuple(sorted({job.trial.model for job in wanted})), limits.bounds)
        work = Work(plan, folder, journal, progress, limits, jobs, wish, notices.append, services)
        if wanted:
            rules = Rules(jobs, provider_jobs, retries, rooms=services.rooms)
            site = dask_site(work, dask) if dask else local_site(work, opencode)
            with interruptible(), explained_groups():
                work = evolve(work, former=_former(journal, selection.retry))
                outcome = await _carry_out(wanted, site, rules, work, _workload(chosen, before, jobs))
            journal.close_run()
        else:
            progress.run_began(_workload(chosen, before, jobs or default_jobs()))
        counts, head = (len(chosen), len(_finished(journal, chosen)), len(before)), journal.head
    took, failed = monotonic() - begun, _failed(chosen, outcome)
    spent = spending(services, (job.trial.model for job in chosen))
    return RunSummary(run_folder, *counts, took, failed, head, tuple(notices), outcome.stopped, outcome.ended, spent)


def _read(plan_folder: Path, selection: Selection) -> tuple[Plan, tuple[Job, ...]]:
    """The plan, and the jobs chosen of it, which can be carried out here."""
    plan = read_plan(plan_folder)
    check_manifest(plan_folder)
    chosen = select_jobs(plan, selection)
    refuse_unable(chosen)
    return plan, chosen


def _budget(plan: Plan, given: Decimal | None) -> Decimal | None:
    """What the run may spend: what was given, or else what the study declares, or no bound."""
    if given is not None:
        return given
    return Decimal(str(plan.study.cost_dollars)) if plan.study.cost_dollars else None


async def _carry_out(
    wanted: Sequence[Job], opening: AbstractAsyncContextManager[Site], rules: Rules, work: Work, workload: Workload
) -> Outcome:
    """Carry out jobs at a site, which says how many go on at a time."""
    async with opening as site:
        count = min(site.jobs, site.room)
        work.journal.open_run(_stamp(count, site.sandbox))
        work.progress.run_began(evolve(workload, jobs=count))
        rules, admission = evolve(rules, jobs=site.jobs), site.admission
        return await carry_out(
            wanted, site.attempt, rules, admission=admission, progress=work.progress, former=work.former
        )


def _former(journal: Journal, retry: str) -> tuple[tuple[str, str], ...]:
    """Attempts of a killed runner, trial and reason; none count where trials that ended in an error are asked for."""
    endings = () if retry == RETRY_ERRORS else journal.endings()
    return tuple((ending.attempt.trial, ending.reason) for ending in endings)


def _stamp(jobs: int, sandbox: str) -> RunnerStamp:
    """What this runner is."""
    system = f"{platform.system()} {platform.machine()}"
    return RunnerStamp(__version__, VERSION, sandbox, platform.python_version(), system, jobs)


def _finished(journal: Journal, jobs: Sequence[Job]) -> set[str]:
    statuses = journal.statuses()
    return {job.trial.id for job in jobs if statuses.get(job.trial.id) == "finished"}


def _workload(chosen: Sequence[Job], finished: set[str], jobs: int) -> Workload:
    done = [job for job in chosen if job.trial.id in finished]
    return Workload(
        trials=len(chosen),
        steps=sum(len(job.script.turns) for job in chosen),
        finished_trials=len(done),
        finished_steps=sum(len(job.script.turns) for job in done),
        jobs=jobs,
    )


def _failed(chosen: Sequence[Job], outcome: Outcome) -> tuple[FailedTrial, ...]:
    failed = outcome.failed
    trials = [(job.trial, failed[job.trial.id]) for job in chosen if job.trial.id in failed]
    return tuple(FailedTrial(trial.id, trial.script, trial.model, reason) for trial, reason in trials)


def _reap_killed(journal: Journal) -> None:
    """End the servers of a killed runner and remove its work trees.

    The lock of the run's folder does not tell that the runner is dead: the folder may be a copy. The place's does.
    """
    for cut in journal.cut_attempts():
        with take_left(cut.place) as left:
            if left is not None:
                reap(cut.marker)
                left.clear()
                journal.note_cut(cut)
