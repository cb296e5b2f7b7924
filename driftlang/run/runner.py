"""Running a plan: every trial of it, some at a time, until each is finished or has ended in an error.

In: a plan's folder and the folder of the run. Out: the run's journal, and a `RunSummary`.
Refuses to do: running a finished trial again. A run that was killed is continued by the same call: what a killed
runner left is reaped first, and a trial that was cut off begins anew, from its fresh repository.
"""

import asyncio
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from time import monotonic

from attrs import evolve, frozen

from driftlang import __version__
from driftlang.build.manifest import check_manifest
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.abilities import refuse_unable
from driftlang.run.capacity import default_jobs
from driftlang.run.commons import SandboxWish
from driftlang.run.expected import expect
from driftlang.run.folder import RunFolder, hold
from driftlang.run.install import VERSION
from driftlang.run.interruption import explained_groups, interruptible
from driftlang.run.journal import Journal
from driftlang.run.opencode import find_opencode
from driftlang.run.places import take_left
from driftlang.run.progress import Progress, Silence, Workload
from driftlang.run.reaping import reap
from driftlang.run.recorded import RecordedRun, read_recorded
from driftlang.run.records import RunnerStamp
from driftlang.run.sandbox.confinement import AUTO, NONE
from driftlang.run.scheduler import Outcome, Rules, carry_out
from driftlang.run.selection import RETRY_ERRORS, Job, Selection, select_jobs, select_open
from driftlang.run.services import load_services
from driftlang.run.sites import Site, Work, dask_site, local_site
from driftlang.run.summary import FailedTrial, RunSummary
from driftlang.run.trial import Limits
from driftlang.run.upstreams import check_models, spending
from driftlang.sim.server import SimulatedProvider


async def run_plan(  # noqa: PLR0913 - each of the last has its default, and is named at every call
    plan_folder: Path,
    run_folder: Path,
    *,
    jobs: int = 0,
    provider_jobs: int = 0,
    retries: int = 1,
    keeps_going: bool = False,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    progress: Progress = Silence(),  # noqa: B008 - it has no state
    opencode: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sandbox: str = AUTO,
    budget: Decimal | None = None,
    providers: Path | None = None,
    prices: Path | None = None,
    replay: Path | None = None,
    dask: str = "",
    simulated: SimulatedProvider | None = None,
) -> RunSummary:
    """Run the plan in `plan_folder`, or go on with it, into `run_folder`.

    `jobs` trials go on at a time (0: as many as fit), `provider_jobs` of one provider (0: any number); see `Rules`.
    `opencode` is a binary whose version was checked; without one it is found, or installed. For `sandbox` see
    `confine`. `budget` is what may be spent, in dollars, with what earlier runs in the same folder have spent; without
    one it is what the study declares. `providers` and `prices` are files of the user's. `replay` is the folder of a
    recorded run that is played again, with no provider: of its trials the finished ones. The workers of the scheduler
    at `dask` use the OpenCode, the sandbox, the providers and the keys of their machine. `simulated` plays the
    simulated models; without one, the run has its own.

    Raises:
        Failure: the plan is damaged or asks for what cannot be run, a model cannot be reached, OpenCode is missing or
            wrong, the folder is another plan's or another runner's or cannot be written, or the run was interrupted.
    """
    begun = monotonic()
    plan, chosen = _read(plan_folder, selection, sandbox)
    recorded = await asyncio.to_thread(_read_recorded, replay, chosen, dask)
    services = load_services(run_folder, budget=_budget(plan, budget), providers=providers, prices=prices)
    if recorded is None:
        check_models((job.trial for job in chosen), services, has_keys=not dask)
    if not dask and opencode is None and not await asyncio.to_thread(run_folder.exists):
        opencode = await asyncio.to_thread(find_opencode)  # told before anything is written
    notices = list[str]()
    with _opened(run_folder, plan_folder, plan, recorded) as (folder, journal):
        await asyncio.to_thread(_reap_killed, journal)
        before, unplayable = _finished(journal, chosen), _not_recorded(recorded, chosen)
        wanted = [
            job for job in select_open(chosen, journal.statuses(), selection.retry) if job.trial.id not in unplayable
        ]
        wish = SandboxWish(sandbox, tuple(sorted({job.trial.model for job in wanted})), limits.bounds)
        shared = (plan, folder, journal, progress, limits, jobs, wish, notices.append, services, recorded, simulated)
        work = Work(*shared)
        rules = Rules(jobs, provider_jobs, retries, keeps_going=keeps_going, rooms=services.rooms)
        run = _Run(work, rules, _workload(plan, chosen, before, jobs))
        outcome = await run.carry_out(wanted, opencode, dask, is_counted=selection.retry != RETRY_ERRORS)
        ended = evolve(outcome, failed=unplayable | outcome.failed)
        spent = spending(services, () if recorded else (job.trial.model for job in chosen))
        told = _summarize(chosen, ended, before, journal)
    return evolve(told, seconds=monotonic() - begun, notices=tuple(notices), spending=spent)


def _summarize(chosen: Sequence[Job], outcome: Outcome, before: set[str], journal: Journal) -> RunSummary:
    """How the run stands now."""
    return RunSummary(
        folder=journal.folder,
        trials=len(chosen),
        finished=len(_finished(journal, chosen)),
        finished_before=len(before),
        seconds=0.0,
        failed=_failed(chosen, outcome),
        head=journal.head,
        stopped=outcome.stopped,
        ended=outcome.ended,
    )


def _read(plan_folder: Path, selection: Selection, sandbox: str) -> tuple[Plan, tuple[Job, ...]]:
    """The plan, and the jobs chosen of it, which can be carried out here."""
    plan = read_plan(plan_folder)
    check_manifest(plan_folder)
    chosen = select_jobs(plan, selection)
    refuse_unable(chosen, is_confined=sandbox != NONE)
    return plan, chosen


def _read_recorded(folder: Path | None, jobs: Sequence[Job], dask: str) -> RecordedRun | None:
    if folder is None:
        return None
    if dask:
        raise Failure(
            "a recorded run is played again on one machine",
            help="leave `--dask` or `--replay` out",
            status=ExitStatus.MISUSE,
        )
    return read_recorded(folder, jobs)


@contextmanager
def _opened(
    run_folder: Path, plan_folder: Path, plan: Plan, recorded: RecordedRun | None
) -> Iterator[tuple[RunFolder, Journal]]:
    """The run's folder and journal, nobody else's for as long as the context lasts."""
    ids = [trial.id for trial in plan.trials]
    with hold(run_folder, plan_folder) as folder, Journal(folder.path, folder.digest, ids) as journal:
        check_manifest(folder.plan)
        journal.bind_replay(recorded.digest if recorded else "")
        yield folder, journal


def _budget(plan: Plan, given: Decimal | None) -> Decimal | None:
    """What the run may spend: what was given, or else what the study declares, or no bound."""
    if given is not None:
        return given
    return Decimal(str(plan.study.cost_dollars)) if plan.study.cost_dollars else None


def _not_recorded(recorded: RecordedRun | None, jobs: Sequence[Job]) -> dict[str, str]:
    """Why trials cannot be played again, by trial."""
    reasons = {job.trial.id: recorded.why_not(job.trial.id) for job in jobs} if recorded else {}
    return {trial: reason for trial, reason in reasons.items() if reason}


@frozen
class _Run:
    """A run that is about to begin."""

    work: Work
    rules: Rules
    workload: Workload

    async def carry_out(self, wanted: Sequence[Job], opencode: Path | None, dask: str, *, is_counted: bool) -> Outcome:
        """Carry out jobs, here or on workers; `is_counted` says whether attempts of a runner that was killed count."""
        if not wanted:
            self.work.progress.run_began(evolve(self.workload, jobs=self.rules.jobs or default_jobs()))
            return Outcome()
        endings = self.work.journal.endings() if is_counted else ()
        former = [(one.attempt.trial, one.reason) for one in endings]
        opening = dask_site(self.work, dask) if dask else local_site(self.work, opencode)
        with interruptible(), explained_groups():
            async with opening as site:
                outcome = await self._carry_out(wanted, site, former)
        self.work.journal.close_run()
        return outcome

    async def _carry_out(self, wanted: Sequence[Job], site: Site, former: Sequence[tuple[str, str]]) -> Outcome:
        """Carry out jobs at a site, which says how many go on at a time."""
        refuse_unable(wanted, is_confined=site.sandbox != NONE)
        if notice := self.work.journal.open_run(self._stamp(site)):
            self.work.notice(notice)
        self.work.progress.run_began(evolve(self.workload, jobs=min(site.jobs, site.room)))
        rules = evolve(self.rules, jobs=site.jobs)
        progress = self.work.progress
        return await carry_out(wanted, site.attempt, rules, admission=site.admission, progress=progress, former=former)

    def _stamp(self, site: Site) -> RunnerStamp:
        """What this runner is."""
        return RunnerStamp(
            driftlang=__version__,
            opencode=VERSION,
            sandbox=site.sandbox,
            python=platform.python_version(),
            system=f"{platform.system()} {platform.machine()}",
            jobs=site.jobs,
        )


def _finished(journal: Journal, jobs: Sequence[Job]) -> set[str]:
    statuses = journal.statuses()
    return {job.trial.id for job in jobs if statuses.get(job.trial.id) == "finished"}


def _workload(plan: Plan, chosen: Sequence[Job], finished: set[str], jobs: int) -> Workload:
    done = [job for job in chosen if job.trial.id in finished]
    whole, past = expect(plan, chosen), expect(plan, done)
    return Workload(
        trials=len(chosen),
        steps=whole.turns,
        finished_trials=len(done),
        finished_steps=past.turns,
        jobs=jobs,
        compactions=whole.compactions,
        probes=whole.probes,
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
    for ended in journal.ended_attempts():  # the record of an end comes before the place is cleared
        with take_left(ended.place) as left:
            if left is not None and (left.root.exists() or left.holder.exists()):
                reap(ended.marker)
                left.clear()
