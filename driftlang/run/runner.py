"""Running a plan: every trial of it, some at a time, until each is finished or has ended in an error.

In: a plan's folder and the folder of the run. Out: the run's journal, and a `RunSummary`.
Refuses to do: running a finished trial again. A run that was killed is continued by the same call: what a killed
runner left is reaped first, and a trial that was cut off begins anew, from its fresh repository.
"""

import asyncio
import platform
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

from attrs import evolve, field, frozen

from driftlang import __version__
from driftlang.build.manifest import check_manifest
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.failure import Failure
from driftlang.gateway.server import Gateway
from driftlang.run.abilities import refuse_unable
from driftlang.run.capacity import default_jobs
from driftlang.run.chain import Head
from driftlang.run.folder import RunFolder, hold
from driftlang.run.install import VERSION, ripgrep
from driftlang.run.journal import Journal
from driftlang.run.opencode import find_opencode
from driftlang.run.places import take_left
from driftlang.run.progress import Progress, Silence, Workload
from driftlang.run.reaping import reap
from driftlang.run.records import RunnerStamp
from driftlang.run.sandbox.confinement import AUTO, Confinement, confine
from driftlang.run.selection import RETRY_ERRORS, Job, Selection, select_jobs, select_open
from driftlang.run.trial import ExchangeBuffer, Limits, World, attempt_trial
from driftlang.run.upstreams import Upstreams, check_models
from driftlang.sim.server import SimulatedProvider

#: Servers that may be at their start and first turn at a time: OpenCode has been seen to hang when many boot at once.
_BOOTING = 2


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
        failed: those that are not.
        seconds: wall time.
        head: the journal's last record; with its digest noted elsewhere, nothing of the run can be changed unseen.
        notices: what the user should know of how it was run.
    """

    folder: Path
    trials: int
    finished: int
    finished_before: int
    seconds: float
    failed: tuple[FailedTrial, ...] = field(factory=tuple)
    head: Head = Head()  # noqa: RUF009 - frozen
    notices: tuple[str, ...] = ()


async def run_plan(  # noqa: PLR0913 - each of the last has its default, and is named at every call
    plan_folder: Path,
    run_folder: Path,
    *,
    jobs: int = 0,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    progress: Progress = Silence(),  # noqa: B008 - it has no state
    opencode: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sandbox: str = AUTO,
    simulated: SimulatedProvider | None = None,
) -> RunSummary:
    """Run the plan in `plan_folder`, or go on with it, into `run_folder`.

    `jobs` trials go on at a time (0: as many as fit this machine). `opencode` is a binary whose version was checked;
    without one it is found, or installed. `sandbox` is one of `auto`, `bubblewrap` and `none` (see `confinement`).
    `simulated` plays the simulated models; without one, the run has its own.

    Raises:
        Failure: the plan is damaged or asks for what cannot be run, a model cannot be reached, OpenCode is missing or
            wrong, the folder is another plan's or another runner's or cannot be written, or the run was interrupted.
    """
    begun = monotonic()
    plan = read_plan(plan_folder)
    check_manifest(plan_folder)
    chosen = select_jobs(plan, selection)
    refuse_unable(chosen)
    check_models(job.trial for job in chosen)
    failed: dict[str, str] = {}
    notices: list[str] = []
    ids = [trial.id for trial in plan.trials]
    with hold(run_folder, plan_folder) as folder, Journal(folder.path, folder.digest, ids) as journal:
        check_manifest(folder.plan)
        await asyncio.to_thread(_reap_killed, journal)
        before = _finished(journal, chosen)
        wanted = select_open(chosen, journal.statuses(), selection.retry)
        count = jobs or default_jobs()
        progress.run_began(_workload(chosen, before, count))
        if wanted:
            binary = await asyncio.to_thread(find_opencode) if opencode is None else opencode
            former = {} if selection.retry == RETRY_ERRORS else _former_errors(journal)
            confined = confine(sandbox, _models(wanted), binary, notices.append, limits.bounds)
            async with confined as shut, _world(plan, folder, journal, shut, limits, simulated) as world:
                journal.open_run(_stamp(count, shut.label))
                with _interruptible():
                    failed = await _run_all(evolve(world, progress=progress), wanted, count, former)
            journal.close_run()
        after = _finished(journal, chosen)
        head = journal.head
    failures = [_failed_trial(job, failed[job.trial.id]) for job in chosen if job.trial.id in failed]
    took = monotonic() - begun
    return RunSummary(run_folder, len(chosen), len(after), len(before), took, tuple(failures), head, tuple(notices))


def _models(jobs: Sequence[Job]) -> list[str]:
    return [job.trial.model for job in jobs]


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


def _failed_trial(job: Job, reason: str) -> FailedTrial:
    return FailedTrial(job.trial.id, job.script.id, job.trial.model, reason)


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


@asynccontextmanager
async def _world(  # noqa: PLR0913, PLR0917 - the parts of one form, which is made here alone
    plan: Plan,
    folder: RunFolder,
    journal: Journal,
    confinement: Confinement,
    limits: Limits,
    simulated: SimulatedProvider | None,
) -> AsyncIterator[World]:
    """What the trials share: the gateway and the simulated provider, open as long as the context lasts."""
    exchanges = ExchangeBuffer()
    async with simulated or SimulatedProvider() as provider, Gateway(exchanges.add) as gateway:
        yield World(
            plan=plan,
            plan_folder=folder.plan,
            opencode=confinement.opencode,
            ripgrep=ripgrep(),
            confinement=confinement,
            journal=journal,
            gateway=gateway,
            upstreams=Upstreams(plan, folder.plan, provider),
            exchanges=exchanges,
            gate=asyncio.Semaphore(_BOOTING),
            progress=Silence(),
            limits=limits,
        )


def _stamp(jobs: int, sandbox: str) -> RunnerStamp:
    """What this runner is."""
    system = f"{platform.system()} {platform.machine()}"
    return RunnerStamp(__version__, VERSION, sandbox, platform.python_version(), system, jobs)


def _former_errors(journal: Journal) -> dict[str, list[str]]:
    """Reasons of attempts that ended in an error in this run before its runner was killed, by trial."""
    reasons: dict[str, list[str]] = {}
    for ending in journal.endings():
        if ending.reason:
            reasons.setdefault(ending.attempt.trial, []).append(ending.reason)
    return reasons


async def _run_all(
    world: World, wanted: Sequence[Job], count: int, former: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Run every job, `count` at a time; reasons of those that ended in an error, by trial.

    `former` counts for those that a killed runner has tried already.
    """
    tried = {job.trial.id: former.get(job.trial.id, ()) for job in wanted}
    failed = {trial: reasons[-1] for trial, reasons in tried.items() if len(reasons) >= world.limits.attempts}
    queue = deque((job, len(tried[job.trial.id]) + 1) for job in wanted if job.trial.id not in failed)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(count, len(wanted))):
                group.create_task(_work(world, queue, failed))
    except BaseExceptionGroup as group:
        known = group.subgroup((Failure, OSError))
        if known is None:
            raise
        raise _as_failure(_first(known)) from None
    return failed


async def _work(world: World, queue: "deque[tuple[Job, int]]", failed: dict[str, str]) -> None:
    """Take jobs until there is none; one that failed goes to the end of the queue while it has attempts left."""
    while queue:
        job, number = queue.popleft()
        world.progress.trial_began(job.trial)
        reason = await attempt_trial(world, job)
        if not reason:
            world.progress.trial_finished(job.trial)
            continue
        is_tried_again = number < world.limits.attempts
        world.progress.trial_failed(job.trial, reason, is_tried_again=is_tried_again)
        if is_tried_again:
            queue.append((job, number + 1))
        else:
            failed[job.trial.id] = reason


def _as_failure(trouble: BaseException) -> Failure:
    """The failure that `trouble` is, or that it amounts to."""
    if isinstance(trouble, Failure):
        return trouble
    reason = (getattr(trouble, "strerror", None) or str(trouble)).lower()
    return Failure(
        f"{getattr(trouble, 'filename', None) or 'the run'}: {reason}",
        help="free space or choose another place, then run the same command again",
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first exception that is no group."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the run in order: turns aborted, servers stopped, the journal closed."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - within a coroutine there is one
    asked = False

    def interrupt() -> None:
        nonlocal asked
        if not asked:  # a second signal must not cut the orderly end short
            asked = True
            task.cancel()

    signals = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    except asyncio.CancelledError:
        if not asked:
            raise
        raise Failure("the run was interrupted", help="the same command goes on where it stopped") from None
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, former[number])
