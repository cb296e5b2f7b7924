"""One attempt at a trial, from a fresh repository to the end of its last turn.

In: a `World` (what the trials of a run share) and a `Job` (one trial of the plan). Out: the journal's record of it,
and the reason when it ended in an error.
Refuses to do: going on after a turn that did not end by itself, continuing an attempt that was cut off, and scoring.

A step: carry out what is to happen before it, take earlier comments out if the cell says so, put the step's in,
snapshot, send the turn, wait until the agent is idle, snapshot, check the work, write the journal. Where the trial
forks, each branch is played to its end first, then the files are made again as they were.
"""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import evolve, field, frozen

from driftlang.build.instance import instantiate
from driftlang.build.plan import Plan
from driftlang.cells.forms import Branch, Turn
from driftlang.diagnostics.failure import Failure
from driftlang.gateway.forms import Exchange, RouteLimits, TurnUsage
from driftlang.gateway.route import Route
from driftlang.gateway.server import Gateway
from driftlang.observe.forms import Tree
from driftlang.observe.snapshot import Kept, Seen, take
from driftlang.observe.texts import encodable
from driftlang.run.capacity import admitted
from driftlang.run.checks import run_checks
from driftlang.run.configuration import ServerSetup
from driftlang.run.deadlines import within
from driftlang.run.earlier import seek_earlier
from driftlang.run.ending import Ending, ending_of
from driftlang.run.events import Stage, read_agents_file
from driftlang.run.exposed import demand_on, facts_of
from driftlang.run.history import Speaker, fork, recall
from driftlang.run.injections import place_injections, spoken_text
from driftlang.run.journal import Attempt, StepEntry
from driftlang.run.line import Line, branch_name
from driftlang.run.places import Place, take_place
from driftlang.run.progress import Progress
from driftlang.run.reaping import new_marker
from driftlang.run.recorded import ReplayUpstreams
from driftlang.run.recorder import Recorder
from driftlang.run.records import CheckRecord, EarlierText, StepRecord
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.sandbox.confinement import Confinement
from driftlang.run.selection import Job
from driftlang.run.server import AttemptError, ServerLimits, serve
from driftlang.run.turns import Conversation, TurnEnd, TurnLimits, converse
from driftlang.run.upstreams import Upstreams
from driftlang.run.work_files import MACHINE_TROUBLE
from driftlang.run.world_copy import Folder


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
    """

    server: ServerLimits = field(factory=ServerLimits)
    turn: TurnLimits = field(factory=TurnLimits)
    route: RouteLimits = field(factory=RouteLimits)
    bounds: Bounds = field(factory=Bounds)


@frozen
class World:
    """What the trials of a run share.

    Attributes:
        plan_folder: the run's own copy of the plan.
        gate: admits servers to their start, up to their first model call.
    """

    plan: Plan
    plan_folder: Path
    opencode: Path
    ripgrep: Path
    confinement: Confinement
    journal: Recorder
    gateway: Gateway
    upstreams: Upstreams | ReplayUpstreams
    exchanges: ExchangeBuffer
    gate: asyncio.Semaphore
    progress: Progress
    limits: Limits


async def attempt_trial(world: World, job: Job) -> Ending:
    """Make one attempt at a trial; how it ended, well or in an error.

    Raises:
        Failure: the machine is in trouble (a full disk, a damaged plan), so that the run must stop.
    """
    async with admitted(world.gate) as let_next_in:  # waiting here is no part of the trial's time
        with take_place(job.trial.id, job.cell.directory) as place:
            marker = new_marker()
            attempt = world.journal.begin(job.trial.id, marker, place.key)
            begun = time.monotonic()
            play = _Play(world, job, attempt, place, let_next_in)
            reason = encodable(await _play(play, marker))
            world.journal.end(attempt, reason, time.monotonic() - begun, world.exchanges.take(attempt))
    return ending_of(reason, play.status, is_final=play.is_final)


async def _play(play: "_Play", marker: str) -> str:
    """Why the attempt ended in an error, or empty."""
    seconds = play.world.plan.study.trial_seconds
    try:
        async with within(seconds, lambda: play.waited):
            await play.play(marker)
    except AttemptError as trouble:
        play.is_final = trouble.is_final
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


def _refuse_unpaid(turn: Turn, route: Route) -> None:
    """Begin no step that the run's budget has no room for."""
    if reason := route.refuse_turn():
        raise AttemptError(f"step {turn.position} ({turn.step}) was not begun: {reason}")


class _Play:
    """An attempt under way; `let_next_in` opens the gate to the next one.

    Attributes:
        status: of the answer to the last model call; 0 while there was none.
        is_final: whether another attempt would come to the same.
    """

    def __init__(self, world: World, job: Job, attempt: Attempt, place: Place, let_next_in: Callable[[], None]) -> None:
        self.world = world
        self.status = 0
        self.is_final = False
        self._let_next_in = let_next_in
        self._job = job
        self._attempt = attempt
        self._place = place
        self._seen = Seen()
        self._marker = ""
        self._route: Route | None = None

    @property
    def waited(self) -> float:
        """Seconds in which the gateway held the attempt's calls back."""
        return self._route.waited if self._route else 0.0

    async def play(self, marker: str) -> None:
        """Everything from the fresh repository to the end of the last turn."""
        self._marker = marker
        self._place.work_tree.mkdir()
        line = Line("", self._job.cell.instructions)
        # A server takes a second to start, and looks at the work tree when it is first asked about it.
        preparing = asyncio.ensure_future(self._prepare(line))
        try:
            async with self._routed() as route, self._conversation(route, marker, preparing) as conversation:
                stage = self._stage(conversation, route, preparing.result())
                await self._follow(line, self._job.script.turns, stage)
        finally:
            await asyncio.gather(preparing, return_exceptions=True)

    async def _prepare(self, line: Line) -> bytes:
        """Write the fresh repository; its AGENTS.md."""
        await asyncio.to_thread(instantiate, self.world.plan_folder, self._job.cell, self._place.work_tree)
        kept = Kept()
        base = await self._snapshot(kept, line)
        self.world.journal.note_base(self._attempt, base, kept.contents)
        return read_agents_file(self._place.work_tree)

    @asynccontextmanager
    async def _routed(self) -> AsyncIterator[Route]:
        """The gateway's route for this attempt."""
        job, world = self._job, self.world
        subject = world.upstreams.subject(job.trial, world.plan.harness_of(job.cell), "")
        with world.upstreams.open(job.trial, job.cell.solutions, subject) as upstream:
            route = world.gateway.open(
                trial=job.trial.id,
                attempt=self._attempt.number,
                upstream=upstream,
                limits=world.limits.route,
                base_url=world.confinement.base_url,
                called=self._let_next_in,  # what takes OpenCode all the processor it can get is behind it then
            )
            self._route = route
            try:
                yield route
            finally:
                route.close()

    @asynccontextmanager
    async def _conversation(
        self, route: Route, marker: str, preparing: Awaitable[bytes]
    ) -> AsyncIterator[Conversation]:
        """A server of this attempt's own, and the conversation with it once the repository stands."""
        world = self.world
        setup = ServerSetup(
            root=self._place.root,
            subject=world.upstreams.subject(self._job.trial, world.plan.harness_of(self._job.cell), route.base_url),
            ripgrep=world.ripgrep,
            reads_agents_file=self._job.cell.place == "agents_file",
            marker=marker,
            programs=self._job.cell.programs,
            work_tree=self._place.work_tree,
            is_enclosed=world.confinement.is_enclosed,
        )
        launcher = world.confinement.launcher(world.gateway, route)
        async with serve(world.opencode, setup, world.limits.server, launcher) as server:
            await asyncio.shield(preparing)  # its thread goes on in any case
            async with converse(server, server.directory, world.limits.turn, lambda: route.waited) as conversation:
                yield conversation

    def _stage(self, conversation: Conversation, route: Route, built: bytes) -> Stage:
        """Where what is between turns happens."""
        world, cell, place = self.world, self._job.cell, self._place
        subject = world.upstreams.subject(self._job.trial, world.plan.harness_of(cell), route.base_url)
        return Stage(
            conversation=conversation,
            speaker=Speaker(subject.provider, subject.model),
            place=cell.place,
            first_instructions=cell.instructions,
            agents_file=built,
            paddings={padding.id: padding.text for padding in world.plan.paddings},
            folders=_written_folders(place, conversation),
            aside=place.aside,
            marker=self._marker,
            turn_seconds=world.plan.study.turn_seconds,
            route=route,
        )

    async def _follow(self, line: Line, turns: Sequence[Turn], stage: Stage) -> None:
        """Go through the turns of a line, and before them through the branches that fork off it."""
        cell, script = self._job.cell, self._job.script
        for turn in turns:
            if not line.session or cell.session == "fresh":
                line.session = await stage.conversation.open_session()
                if cell.prefix:
                    await recall(stage.conversation, cell.prefix, stage.speaker)
            branches = [one for one in script.branches if one.position == turn.position and not line.branch]
            if branches:
                await self._fork(line, branches, stage)
            await self._step(turn, line, stage)

    async def _fork(self, line: Line, branches: Sequence[Branch], stage: Stage) -> None:
        """Play each branch from the same history and files; behind it, nothing is left of what it did."""
        async with stage.keeping("forked") as moment:
            for branch in branches:
                side = line.branch_off(branch_name(branch, self._job.script))
                if self._job.cell.session != "fresh":
                    side.session = await fork(stage.conversation)
                    side.watch.go_on_in(side.session)
                    stage.conversation.enter(side.session)
                await self._follow(side, branch.turns, stage)
                await moment.restore()
                stage.conversation.enter(line.session)

    async def _step(self, turn: Turn, line: Line, stage: Stage) -> None:
        """One step; its record is in the journal when this returns or raises."""
        world, tree, route = self.world, self._place.work_tree, stage.route
        _refuse_unpaid(turn, route)
        happened = await stage.happen(turn, line)
        earlier = await asyncio.to_thread(self._seek_earlier, line)
        injected = await asyncio.to_thread(place_injections, tree, turn.injections, line.paths)
        line.note_injected(turn, injected)
        kept = Kept()
        before = await self._snapshot(kept, line)
        route.begin(turn.position, line.branch)
        said, seconds = spoken_text(turn, injected), world.plan.study.turn_seconds
        end = await stage.conversation.prompt(said, system=stage.system_text(line), seconds=seconds)
        route.end()
        after, trouble = await self._look_behind(kept, line)
        end = evolve(end, error=route.exceeded or end.error or trouble)
        exchanges = world.exchanges.take(self._attempt)
        line.turns.append(turn)
        demand = demand_on(self._job.cell, line.turns, turn.position)
        facts = facts_of(turn, injected, demand, line.session, (before, after), end.messages)
        record = evolve(
            _record(turn, end, route.turn_usage()),
            injected=injected,
            earlier=earlier,
            branch=line.branch,
            events=tuple(happened.words),
            probes=tuple(happened.probes),
            checks=() if end.error else await self._check(turn),
            exposure=await asyncio.to_thread(line.watch.step, exchanges, facts),
        )
        self.status = exchanges[-1].status if exchanges else 0
        entry = StepEntry(record, turn.targets, line.session, before, after, kept.contents, end.messages, exchanges)
        world.journal.add_step(self._attempt, entry)
        world.progress.step_ended(self._job.trial, record)
        if end.error:
            branch = f" of the branch {line.branch}" if line.branch else ""
            raise AttemptError(f"step {turn.position} ({turn.step}){branch}: {end.error}")

    def _seek_earlier(self, line: Line) -> tuple[EarlierText, ...]:
        """What had become of what was said, taken out if the cell says so; see `StepRecord.earlier`.

        All of it is sought in every step: an agent that goes back to a commit of its own brings a comment back.
        """
        removes = self._job.cell.earlier == "removed"
        return line.tell_earlier(seek_earlier(self._place.work_tree, line.said, removes=removes))

    async def _check(self, turn: Turn) -> tuple[CheckRecord, ...]:
        """Whether the step's work was done."""
        place, launch = self._place, self.world.confinement.check_launcher
        return await run_checks(turn.checks, place.work_tree, place.root / "bin", place.aside / "checked", launch)

    async def _look_behind(self, kept: Kept, line: Line) -> tuple[Tree, str]:
        """What the turn left, or an empty tree and why none can be had: the step is on record all the same."""
        found = Kept()
        try:
            after = await self._snapshot(found, line)
        except AttemptError as trouble:
            return Tree({}, (trouble.reason,)), trouble.reason
        kept.contents.update(found.contents)
        return after, ""

    async def _snapshot(self, kept: Kept, line: Line) -> Tree:
        try:
            tree = await asyncio.to_thread(take, self._place.work_tree, kept, self._seen)
        except Failure as trouble:  # of the work tree, which is the agent's doing, not of the machine
            raise AttemptError(trouble.message) from trouble
        line.paths.update(tree.entries)
        return tree


def _record(turn: Turn, end: TurnEnd, usage: TurnUsage) -> StepRecord:
    """The turn itself, as it went."""
    return StepRecord(
        position=turn.position,
        step=turn.step,
        started=end.started,
        seconds=end.seconds,
        injected=(),
        finish=end.finish,
        error=end.error,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        model_calls=usage.calls,
        cached_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        dollars=usage.dollars,
        waited=usage.waited,
    )


def _written_folders(place: Place, conversation: Conversation) -> tuple[Folder, ...]:
    """All that the agent writes to, its work tree first. What its server keeps for itself must go on as it is."""
    servers_own = frozenset({"opencode"})
    private = (Folder(place.root / name, servers_own) for name in ("config", "data", "state", "cache"))
    scratch = (Folder(path) for path in conversation.scratch)
    return (Folder(place.work_tree), Folder(place.root / "home"), *private, *scratch)
