"""The coordinator of a run on more than one machine: it hands out attempts, and keeps the journal.

In: the address of a Dask scheduler, jobs. Out: endings, and the attempts in the one journal, each in one go.
Refuses to do: handing out more than the workers have threads for, working with another version of this program, and
losing count: an attempt whose worker was lost is in the journal as cut.

Dask moves the task of a lost worker to another one, as often as its `distributed.scheduler.allowed-failures` says.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from attrs import field, frozen

from driftlang.build.plan import PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.cluster.orders import Attempted, Order, PlanNeeded, identity
from driftlang.run.cluster.plan_store import keep_plan, pack_plan
from driftlang.run.cluster.worker import carry_out_order, describe_sandbox, end_attempts
from driftlang.run.ending import Ending, Stops
from driftlang.run.journal import CutAttempt
from driftlang.run.recorder import append
from driftlang.run.records import StepRecord
from driftlang.run.selection import Job
from driftlang.run.sites import Work
from driftlang.run.stored_forms import load_form

if TYPE_CHECKING:
    from distributed import Client, Future

#: How long a scheduler may take to answer, and how long no worker may be there, in seconds.
_CONNECT_SECONDS = 10
_WORKER_SECONDS = 120.0
#: How often the workers are counted, in seconds.
_COUNT_EVERY = 1.0
#: How long ended attempts may take on their workers, in seconds.
_END_SECONDS = 30.0
#: Trials at a time for which there is a coroutine; how many go on is told by the workers.
_MOST_JOBS = 1024


@frozen
class _Ongoing:
    """A trial under way.

    Attributes:
        share: dollars that are held for it.
        workers: those that have begun an attempt at it, the last of them still at it.
        costs: what each of these attempts has spent on steps that have ended.
    """

    trial: PlannedTrial
    share: Decimal
    workers: list[str] = field(factory=list)
    costs: list[Decimal] = field(factory=list)

    @property
    def spent_by_lost(self) -> Decimal:
        """What attempts have spent whose worker was lost, as far as it was told."""
        return sum(self.costs[:-1], Decimal(0))


class Cluster:
    """The workers of a scheduler; an `Admission`, whose room is the number of their threads."""

    most_jobs = _MOST_JOBS

    def __init__(self, client: "Client", work: Work) -> None:
        self.run = f"driftlang-{secrets.token_hex(8)}"
        self._client = client
        self.sandbox = ""
        self._work = work
        self._ongoing: dict[str, _Ongoing] = {}
        self._plans: dict[str, asyncio.Lock] = {}
        self._sent: set[str] = set()
        self._threads = 0
        self._at_work = 0
        self._door = asyncio.Lock()
        self._changed = asyncio.Event()

    async def enter(self) -> None:
        """Wait until a worker has a thread that is free; who came first goes first."""
        async with self._door:
            while self._at_work >= self._threads:
                self._changed.clear()
                await self._changed.wait()
            self._at_work += 1

    def leave(self) -> None:
        """A thread is free again."""
        self._at_work -= 1
        self._changed.set()

    async def attempt(self, job: Job) -> Ending:
        """Have one attempt made, and write it into the journal.

        Raises:
            Failure: the scheduler is gone, or a worker is in trouble that is no trial's.
        """
        from distributed import KilledWorker

        share = self._share()
        if share is not None and share <= 0:
            return Ending("the budget is used up, or held by attempts under way", Stops.RUN)
        ongoing = self._ongoing[job.trial.id] = _Ongoing(job.trial, share or Decimal(0))
        try:
            attempted = await self._answer(job, share)
        except KilledWorker:
            self._note_lost(ongoing, ongoing.workers[:-1])
            reason = f"workers were lost while they were at it: {len(ongoing.workers)}"
            attempt = self._work.journal.begin(job.trial.id, "", "")
            self._work.journal.end(attempt, reason, 0.0, ())
            return Ending(reason)
        finally:
            del self._ongoing[job.trial.id]
            self._work.services.ledger.charge(ongoing.spent_by_lost)
        self._note_lost(ongoing, ongoing.workers[:-1])
        append(attempted.record, self._work.journal)
        self._work.services.ledger.charge(_cost(attempted))
        return attempted.ending

    def _share(self) -> Decimal | None:
        """Dollars that the next attempt may spend, so that all of them together cannot pass the budget."""
        ledger = self._work.services.ledger
        if ledger.budget is None:
            return None
        held = sum((one.share for one in self._ongoing.values()), Decimal(0))
        return (ledger.budget - ledger.spent - held) / max(1, self._threads - len(self._ongoing))

    async def _answer(self, job: Job, share: Decimal | None) -> Attempted:
        """What a worker makes of the job, who is sent the plan when it has none."""
        services = self._work.services
        plan = str(self._work.folder.plan.absolute())
        order = Order(
            *(identity(), self.run, plan, self._work.folder.digest, job.trial.id, self._work.limits),
            *(self._work.wish, self.sandbox, services.providers, services.prices, share),
        )
        while True:
            key = f"{self.run}-{job.trial.id}-{secrets.token_hex(4)}"
            future = self._client.submit(carry_out_order, order, key=key, pure=False)
            answer = await self._wait(future)
            if isinstance(answer, Attempted):
                return answer
            await self._send_plan(answer.address)

    async def _wait(self, future: "Future[Attempted | PlanNeeded]") -> Attempted | PlanNeeded:
        me = asyncio.current_task()
        assert me is not None  # noqa: S101 - within a coroutine there is one
        try:
            answer: Attempted | PlanNeeded = await future
        except asyncio.CancelledError:
            if me.cancelling():
                raise
            raise Failure(
                "the Dask scheduler has forgotten the run, or is gone",
                help="start the scheduler and its workers again, then the same command goes on where it stopped",
            ) from None
        finally:
            future.release()
        return answer

    async def _send_plan(self, address: str) -> None:
        """Send a worker the plan, once."""
        async with self._plans.setdefault(address, asyncio.Lock()):
            if address not in self._sent:
                packed = await asyncio.to_thread(pack_plan, self._work.folder.plan)
                with suppress(KeyError, OSError):  # a worker that has left in between
                    await self._client.run(keep_plan, self._work.folder.digest, packed, workers=[address])
                self._sent.add(address)

    def _note_lost(self, ongoing: _Ongoing, workers: list[str]) -> None:
        for _ in workers:
            lost = self._work.journal.begin(ongoing.trial.id, "", "")
            self._work.journal.note_cut(CutAttempt(lost, "", ""))

    def hear(self, event: tuple[float, Mapping[str, str]]) -> None:
        """A worker has told something of an attempt."""
        _, told = event
        ongoing = self._ongoing.get(told["trial"])
        if ongoing is None:
            return
        if told["kind"] == "began":
            if ongoing.workers:
                self._work.progress.trial_lost(ongoing.trial, ongoing.workers[-1])
            ongoing.workers.append(told["worker"])
            ongoing.costs.append(Decimal(0))
        elif ongoing.workers[-1:] == [told["worker"]]:
            record = load_form(StepRecord, told["record"])
            ongoing.costs[-1] += record.dollars or 0
            self._work.progress.step_ended(ongoing.trial, record)

    @property
    def room(self) -> int:
        """Threads of all workers when they were last counted."""
        return self._threads

    async def count_workers(self) -> int:
        """Count the workers' threads."""
        threads: dict[str, int] = await self._client.nthreads()
        self._threads = sum(threads.values())
        self._changed.set()
        return self._threads

    async def wait_for_worker(self) -> None:
        """Wait until there is a worker.

        Raises:
            Failure: there is none for long.
        """
        waited = 0.0
        while not await self.count_workers():
            waited = self._waited(waited)
            await asyncio.sleep(_COUNT_EVERY)

    def _waited(self, seconds: float) -> float:
        """How long there has been no worker, once more of it is waited."""
        if seconds >= _WORKER_SECONDS:
            raise Failure(
                f"the Dask scheduler has had no worker for {_WORKER_SECONDS:.0f} s",
                help="start one with `dask worker ADDRESS`, where this version of driftlang is installed",
            )
        return seconds + _COUNT_EVERY

    async def keep_count(self) -> None:
        """Keep count of the workers' threads, until it is cancelled.

        Raises:
            Failure: there has been no worker for long, or one is of another version.
        """
        waited = 0.0
        while True:
            waited = 0.0 if await self.count_workers() else self._waited(waited)
            await asyncio.sleep(_COUNT_EVERY)

    async def check_versions(self) -> None:
        """See that every worker runs what this process runs.

        Raises:
            Failure: one does not; status MISUSE.
        """

        def ask() -> str:  # sent as code, since a worker may not have this module
            try:
                from driftlang.run.cluster.orders import identity
            except ImportError:
                return "no driftlang, or an older one"
            return str(identity())

        found: dict[str, str] = await self._client.run(ask)
        for address, told in sorted(found.items()):
            if told != identity():
                raise Failure(
                    f"the worker {address} runs {told}, not {identity()}",
                    help="install the same version of driftlang there, and start the worker again",
                    status=ExitStatus.MISUSE,
                )

    async def check_sandboxes(self) -> None:
        """See that all workers confine agents alike, and how.

        Raises:
            Failure: they do not, or one cannot as it must.
        """
        told: dict[str, tuple[str, tuple[str, ...]]] = await self._client.run(describe_sandbox, self._work.wish)
        labels = {label for label, _ in told.values()}
        if len(labels) > 1:
            found = ", ".join(f"{address} by {label}" for address, (label, _) in sorted(told.items()))
            raise Failure(
                f"the workers do not confine agents alike ({found}): their trials would not be comparable",
                help="make their machines alike (`driftlang doctor` tells how), or use `--sandbox none`",
            )
        self.sandbox = labels.pop() if labels else self.sandbox
        for notice in sorted({notice for _, notices in told.values() for notice in notices}):
            self._work.notice(notice)

    async def end(self) -> None:
        """End what goes on at the workers still, and wait for that."""
        with suppress(TimeoutError, OSError, ValueError):
            async with asyncio.timeout(_END_SECONDS):
                await self._client.run(end_attempts, self.run, on_error="ignore")


def _cost(attempted: Attempted) -> Decimal:
    """What an attempt has cost, as far as prices are known."""
    record = attempted.record
    calls = chain(record.exchanges, *(step.exchanges for step in record.steps))
    return sum((call.dollars for call in calls if call.dollars is not None), Decimal(0))


@asynccontextmanager
async def join_cluster(address: str, work: Work) -> AsyncIterator[Cluster]:
    """The workers of the scheduler at `address`, as long as the context lasts.

    Raises:
        Failure: nobody answers there, or a worker runs another version.
    """
    async with AsyncExitStack() as joined:
        client = await joined.enter_async_context(_client(address))
        cluster = Cluster(client, work)
        await cluster.wait_for_worker()
        await cluster.check_versions()
        await cluster.check_sandboxes()
        client.subscribe_topic(cluster.run, cluster.hear)
        async with asyncio.TaskGroup() as group:
            counting = group.create_task(cluster.keep_count())
            try:
                yield cluster
            finally:
                counting.cancel()
                await cluster.end()
                client.unsubscribe_topic(cluster.run)


@asynccontextmanager
async def _client(address: str) -> AsyncIterator["Client"]:
    try:
        from distributed import Client
    except ImportError:
        raise Failure(
            "Dask is not installed", help="install it with `pip install 'driftlang[dask]'`", status=ExitStatus.MISUSE
        ) from None
    try:
        client = await Client(address, asynchronous=True, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as trouble:
        raise Failure(
            f"no Dask scheduler answers at `{address}`: {' '.join(str(trouble).split())[:200]}",
            help="start one with `dask scheduler`, and workers with `dask worker ADDRESS`",
        ) from trouble
    try:
        yield client
    finally:
        await client.close()
