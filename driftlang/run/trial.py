"""One attempt at a trial, from a fresh repository to the end of its last turn.

In: a `World` (what the trials of a run share) and a `Job` (one trial of the plan). Out: the journal's record of it,
and the reason when it ended in an error.
Refuses to do: going on after a turn that did not end by itself, continuing an attempt that was cut off, and scoring.

A step: take earlier comments out if the cell says so, put the step's in, snapshot, send the turn, wait until the agent
is idle, snapshot, write the journal.
"""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from pathlib import Path

from attrs import evolve, field, frozen

from driftlang.build.instance import instantiate
from driftlang.build.plan import Plan
from driftlang.cells.forms import Spot, Turn
from driftlang.diagnostics.failure import Failure
from driftlang.gateway.forms import Exchange, RouteLimits
from driftlang.gateway.route import Route
from driftlang.gateway.server import Gateway
from driftlang.inject.forms import GONE
from driftlang.observe.forms import Tree
from driftlang.observe.snapshot import Kept, Seen, take
from driftlang.observe.step import encodable
from driftlang.run.configuration import ServerSetup, subject_of
from driftlang.run.earlier import seek_earlier
from driftlang.run.injections import place_injections, spoken_text, spot_in_file
from driftlang.run.journal import Attempt, Journal, StepEntry
from driftlang.run.places import Place, take_place
from driftlang.run.progress import Progress
from driftlang.run.reaping import new_marker
from driftlang.run.records import EarlierText, StepRecord
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.sandbox.confinement import Confinement
from driftlang.run.selection import Job
from driftlang.run.server import AttemptError, ServerLimits, serve
from driftlang.run.turns import Conversation, TurnLimits, converse
from driftlang.run.upstreams import Upstreams
from driftlang.run.work_files import MACHINE_TROUBLE


class ExchangeBuffer:
    """Model calls that are not in the journal yet, by attempt; the gateway adds, steps take."""

    def __init__(self) -> None:
        self._waiting: dict[Attempt, list[Exchange]] = {}

    def add(self, exchange: Exchange) -> None:
        """Keep a call until its step is written."""
        self._waiting.setdefault(Attempt(exchange.trial, exchange.attempt), []).append(exchange)

    def take(self, attempt: Attempt) -> tuple[Exchange, ...]:
        """The calls of an attempt since the last time."""
        return tuple(self._waiting.pop(attempt, ()))


@frozen
class Limits:
    """Bounds of every trial of a run, beside those that its study declares.

    Attributes:
        bounds: what the processes of one agent may take, in the sandbox.
        attempts: how often a trial that ended in an error is begun in one run; the next run tries again.
    """

    server: ServerLimits = field(factory=ServerLimits)
    turn: TurnLimits = field(factory=TurnLimits)
    route: RouteLimits = field(factory=RouteLimits)
    bounds: Bounds = field(factory=Bounds)
    attempts: int = 2


@frozen
class World:
    """What the trials of a run share.

    Attributes:
        plan_folder: the run's own copy of the plan.
        gate: admits servers to their start and first turn, where OpenCode needs all the processor it can get.
    """

    plan: Plan
    plan_folder: Path
    opencode: Path
    ripgrep: Path
    confinement: Confinement
    journal: Journal
    gateway: Gateway
    upstreams: Upstreams
    exchanges: ExchangeBuffer
    gate: asyncio.Semaphore
    progress: Progress
    limits: Limits


async def attempt_trial(world: World, job: Job) -> str:
    """Make one attempt at a trial; why it ended in an error, or empty when it is finished.

    Raises:
        Failure: the machine is in trouble (a full disk, a damaged plan), so that the run must stop.
    """
    async with AsyncExitStack() as admission:
        # Waiting here is no part of the trial's time.
        await admission.enter_async_context(world.gate)
        with take_place(job.trial.id, job.cell.directory) as place:
            marker = new_marker()
            attempt = world.journal.begin(job.trial.id, marker, place.key)
            begun = time.monotonic()
            reason = encodable(await _play(_Play(world, job, attempt, place, admission), marker))
            world.journal.end(attempt, reason, time.monotonic() - begun, world.exchanges.take(attempt))
    return reason


async def _play(play: "_Play", marker: str) -> str:
    """Why the attempt ended in an error, or empty."""
    seconds = play.world.plan.study.trial_seconds
    try:
        async with asyncio.timeout(seconds):
            await play.play(marker)
    except AttemptError as trouble:
        return trouble.reason
    except TimeoutError:
        return f"the trial did not end within {seconds:.0f} s"
    except OSError as trouble:
        if trouble.errno in MACHINE_TROUBLE:
            raise
        return f"{trouble.filename or 'the trial'}: {(trouble.strerror or str(trouble)).lower()}"
    except Failure:
        raise
    except Exception as trouble:  # noqa: BLE001 - what an agent leaves can break one trial, never the run
        return _unexpected(trouble)
    return ""


def _unexpected(trouble: Exception) -> str:
    """One line about an exception that nobody foresaw, with the place where it came from."""
    last = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"unexpected {type(trouble).__name__} ({Path(last.filename).name}, line {last.lineno}): {trouble}"[:500]


class _Play:
    """An attempt under way; `admission` holds the gate until the first turn has ended."""

    def __init__(self, world: World, job: Job, attempt: Attempt, place: Place, admission: AsyncExitStack) -> None:
        self.world = world
        self._admission = admission
        self._job = job
        self._attempt = attempt
        self._place = place
        self._seen = Seen()
        self._paths: set[str] = set()
        self._said: list[list[tuple[Spot, str]]] = []

    async def play(self, marker: str) -> None:
        """Everything from the fresh repository to the end of the last turn."""
        await asyncio.to_thread(instantiate, self.world.plan_folder, self._job.cell, self._place.work_tree)
        kept = Kept()
        base = await self._snapshot(kept)
        self.world.journal.note_base(self._attempt, base, kept.contents)
        first, *rest = self._job.script.turns
        async with self._routed() as route, self._conversation(route, marker) as conversation:
            session = await conversation.open_session()
            await self._step(first, conversation, route, session)
            await self._admission.aclose()
            for turn in rest:
                if self._job.cell.session == "fresh":
                    session = await conversation.open_session()
                await self._step(turn, conversation, route, session)

    @asynccontextmanager
    async def _routed(self) -> AsyncIterator[Route]:
        """The gateway's route for this attempt."""
        job, world = self._job, self.world
        subject = subject_of(job.trial.model, world.plan.harness_of(job.cell), "")
        with world.upstreams.open(job.trial, job.cell.solutions, subject) as upstream:
            route = world.gateway.open(
                trial=job.trial.id,
                attempt=self._attempt.number,
                upstream=upstream,
                limits=world.limits.route,
                base_url=world.confinement.base_url,
            )
            try:
                yield route
            finally:
                route.close()

    @asynccontextmanager
    async def _conversation(self, route: Route, marker: str) -> AsyncIterator[Conversation]:
        """A server of this attempt's own, and the conversation with it."""
        world = self.world
        setup = ServerSetup(
            root=self._place.root,
            subject=subject_of(self._job.trial.model, world.plan.harness_of(self._job.cell), route.base_url),
            ripgrep=world.ripgrep,
            reads_agents_file=self._job.cell.place == "agents_file",
            marker=marker,
            programs=self._job.cell.programs,
            work_tree=self._place.work_tree,
            is_enclosed=world.confinement.is_enclosed,
        )
        launcher = world.confinement.launcher(world.gateway, route)
        async with (
            serve(world.opencode, setup, world.limits.server, launcher) as server,
            converse(server, server.directory, world.limits.turn) as conversation,
        ):
            yield conversation

    async def _step(self, turn: Turn, conversation: Conversation, route: Route, session: str) -> None:
        """One step; its record is in the journal when this returns or raises."""
        world, tree = self.world, self._place.work_tree
        earlier = await asyncio.to_thread(self._seek_earlier)
        injected = await asyncio.to_thread(place_injections, tree, turn.injections, self._paths)
        spots = [(spot_in_file(one, went), one.text) for one, went in zip(turn.injections, injected, strict=True)]
        self._said.append([(spot, text) for spot, text in spots if spot])
        kept = Kept()
        before = await self._snapshot(kept)
        route.begin(turn.position)
        said = spoken_text(turn, injected)
        end = await conversation.prompt(said, system=self._system_text(), seconds=world.plan.study.turn_seconds)
        route.end()
        after, trouble = await self._look_behind(kept)
        end = evolve(end, error=end.error or trouble)
        if route.exceeded:
            end = evolve(end, error=route.exceeded)
        usage = route.turn_usage()
        record = StepRecord(
            position=turn.position,
            step=turn.step,
            started=end.started,
            seconds=end.seconds,
            injected=injected,
            earlier=earlier,
            finish=end.finish,
            error=end.error,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            model_calls=usage.calls,
        )
        exchanges = world.exchanges.take(self._attempt)
        entry = StepEntry(record, turn.targets, session, before, after, kept.contents, end.messages, exchanges)
        world.journal.add_step(self._attempt, entry)
        world.progress.step_ended(self._job.trial, turn.position)
        if end.error:
            raise AttemptError(f"step {turn.position} ({turn.step}): {end.error}")

    def _seek_earlier(self) -> tuple[EarlierText, ...]:
        """What had become of what was said, taken out if the cell says so; see `StepRecord.earlier`.

        All of it is sought in every step: an agent that goes back to a commit of its own brings a comment back.
        """
        said = list(chain.from_iterable(self._said))
        found = seek_earlier(self._place.work_tree, said, removes=self._job.cell.earlier == "removed")
        former = len(said) - sum(map(len, self._said[-1:]))
        return tuple(one for at, one in enumerate(found) if at >= former or one.fate != GONE)

    def _system_text(self) -> str:
        cell = self._job.cell
        return cell.instructions if cell.place == "system_prompt" else ""

    async def _look_behind(self, kept: Kept) -> tuple[Tree, str]:
        """What the turn left, or an empty tree and why none can be had: the step is on record all the same."""
        found = Kept()
        try:
            after = await self._snapshot(found)
        except AttemptError as trouble:
            return Tree({}, (trouble.reason,)), trouble.reason
        kept.contents.update(found.contents)
        return after, ""

    async def _snapshot(self, kept: Kept) -> Tree:
        try:
            tree = await asyncio.to_thread(take, self._place.work_tree, kept, self._seen)
        except Failure as trouble:  # of the work tree, which is the agent's doing, not of the machine
            raise AttemptError(trouble.message) from trouble
        self._paths.update(tree.entries)
        return tree
