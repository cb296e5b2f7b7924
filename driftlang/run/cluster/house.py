"""What the attempts of a worker's process share, and the thread that they are made in.

In: orders, from the threads in which Dask runs tasks. Out: `Attempted`s.
Refuses to do: more than the machine has memory for, and leaving anything open: an attempt that is ended is waited for.

All attempts share one event loop, with one gateway and one provider, as on a single machine; the threads of tasks wait.
The loop's thread lives as long as the process: OpenCode ends with the thread that started it.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as WaitedLong
from contextlib import AsyncExitStack
from functools import lru_cache
from itertools import count
from pathlib import Path

from attrs import evolve, frozen

from driftlang.build.plan import Plan, PlannedTrial
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.failure import Failure
from driftlang.gateway.ledger import Ledger
from driftlang.run.capacity import MemoryAdmission
from driftlang.run.cluster.left_behind import LeftBehind
from driftlang.run.cluster.orders import Attempted, Order
from driftlang.run.commons import Commons, SandboxWish, open_commons
from driftlang.run.journal import Attempt
from driftlang.run.progress import Silence
from driftlang.run.recorder import MemoryRecorder
from driftlang.run.records import StepRecord
from driftlang.run.selection import Job, Selection, select_jobs
from driftlang.run.services import Services
from driftlang.run.sites import within_budget
from driftlang.run.stored_forms import dump_form
from driftlang.run.trial import attempt_trial
from driftlang.run.upstreams import Upstreams, check_models

#: How often a waiting thread asks whether its answer is still wanted, in seconds.
_WANTED_EVERY = 1.0
#: How long ended attempts may take to close what they have open, in seconds.
_END_SECONDS = 20.0

#: Tells the coordinator of an event: its kind, and its trial or step.
Tell = Callable[[str, PlannedTrial, str], None]


@frozen
class _Rooms:
    """What attempts share that are confined alike; `notices` are what the user should know."""

    commons: Commons
    notices: tuple[str, ...]


class House:
    """The thread of attempts; what they share is opened by the first of them, and closed by the end of the process."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._under_way: dict[int, tuple[str, asyncio.Task[object]]] = {}
        self._numbers = count(1)
        self._openings: dict[SandboxWish, asyncio.Task[_Rooms]] = {}
        self._memory = MemoryAdmission()
        self._of_runs: dict[str, Services] = {}
        self._kept: list[AsyncExitStack] = []
        self._left = LeftBehind()
        threading.Thread(target=self._loop.run_forever, name="attempts", daemon=True).start()

    def attempt(self, order: Order, folder: Path, tell: Tell, is_wanted: Callable[[], bool]) -> Attempted:
        """Make one attempt with the plan in `folder`, and wait for it; called in any thread but the house's own.

        Raises:
            Failure: the machine is in trouble, or the attempt was ended because nobody wants it.
        """
        self._left.clear()
        number = next(self._numbers)
        going = asyncio.run_coroutine_threadsafe(self._attempt(number, order, folder, tell), self._loop)
        try:
            while not _is_done(going, _WANTED_EVERY):
                if not is_wanted():
                    self._loop.call_soon_threadsafe(self._cancel, number)
            return going.result()
        except CancelledError:
            raise Failure(f"the attempt at trial {order.trial} was not wanted any more") from None

    async def end(self, run: str) -> int:
        """End the attempts of `run`, and wait until they have; how many there were. Called in any other loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._end(run), self._loop))

    async def _end(self, run: str) -> int:
        mine = {number: task for number, (owner, task) in self._under_way.items() if owner == run}
        for number in mine:
            self._cancel(number)
        if mine:
            await asyncio.wait(mine.values(), timeout=_END_SECONDS)
        return len(mine)

    def _cancel(self, number: int) -> None:
        _, task = self._under_way.get(number, ("", None))
        if task is not None and not task.cancelling():  # twice would cut the orderly end short
            task.cancel()

    async def _attempt(self, number: int, order: Order, folder: Path, tell: Tell) -> Attempted:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - within a coroutine there is one
        self._under_way[number] = order.run, task
        try:
            rooms = await self._rooms(order.wish)
            _refuse_other(rooms.commons.confinement.label, order.sandbox)
            plan, job = _job_of(folder, order.trial)
            await self._memory.enter()
            recorder = _NotedRecorder(number, self._left)
            try:
                tell("began", job.trial, "")
                services = self._services(order, job)
                upstreams = Upstreams(plan, folder, rooms.commons.provider, services)
                world = rooms.commons.world(upstreams, recorder, _Relay(tell), order.limits)
                ending = within_budget(await attempt_trial(world, job), services.ledger)
                return Attempted(recorder.record, ending)
            finally:
                self._memory.leave()
                self._left.forget(recorder.record.place)
        finally:
            del self._under_way[number]

    def _services(self, order: Order, job: Job) -> Services:
        """The services of one attempt, with a budget of its own; keys and paces are those of the whole run."""
        services = self._of_runs.setdefault(order.run, Services(dict(order.providers), dict(order.prices)))
        services = evolve(services, ledger=Ledger(order.budget))
        check_models((job.trial,), services)
        return services

    async def describe(self, wish: SandboxWish) -> tuple[str, tuple[str, ...]]:
        """What confines the agents here, and what the user should know of it. Called in any other loop."""
        rooms = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._rooms(wish), self._loop))
        return rooms.commons.confinement.label, rooms.notices

    async def _rooms(self, wish: SandboxWish) -> _Rooms:
        opening = self._openings.get(wish)
        if opening is None or (opening.done() and opening.exception()):
            # What was missing may have come by the next time.
            opening = self._openings[wish] = asyncio.create_task(self._open(wish))
        return await asyncio.shield(opening)

    async def _open(self, wish: SandboxWish) -> _Rooms:
        notices: list[str] = []
        async with AsyncExitStack() as opened:
            commons = await opened.enter_async_context(open_commons(wish, None, notices.append))
            self._kept.append(opened.pop_all())  # it ends with the process
        return _Rooms(commons, tuple(notices))


def _refuse_other(found: str, wanted: str) -> None:
    if found != wanted:
        raise Failure(
            f"agents are confined by {found} here, and by {wanted} elsewhere: their trials would not be comparable",
            help="make the workers' machines alike (`driftlang doctor` tells what a sandbox needs)",
        )


@lru_cache(maxsize=4)
def _jobs_of(folder: Path) -> tuple[Plan, dict[str, Job]]:
    plan = read_plan(folder)
    return plan, {job.trial.id: job for job in select_jobs(plan, Selection())}


def _job_of(folder: Path, trial: str) -> tuple[Plan, Job]:
    plan, jobs = _jobs_of(folder)
    return plan, jobs[trial]


def _is_done(going: "Future[Attempted]", seconds: float) -> bool:
    """Whether the attempt ends within `seconds`."""
    try:
        going.exception(seconds)
    except WaitedLong:
        return False
    return True


class _NotedRecorder(MemoryRecorder):
    """Keeps an attempt, and a note on disk as long as it is under way."""

    def __init__(self, number: int, left: LeftBehind) -> None:
        super().__init__(number)
        self._left = left

    def begin(self, trial: str, marker: str, place: str) -> Attempt:
        self._left.note(place, marker)
        return super().begin(trial, marker, place)


class _Relay(Silence):
    """Tells the coordinator of steps; of trials it knows by itself."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def step_ended(self, trial: PlannedTrial, record: StepRecord) -> None:
        self._tell("step", trial, dump_form(record))
