"""What happens before a turn, carried out: switch, compact, pad, remind, probe.

In: a line of a trial and its next turn. Out: the session and the work tree as the turn is to find them, and what
happened in words.
Refuses to do: passing over an event. One that cannot be carried out ends the attempt: without it the trial would be
another one. Forks are in `trial.py`, since their branches have steps.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import field, frozen

from driftlang.cells.events import (
    EVENT_KINDS,
    CompactEvent,
    ForkEvent,
    PadEvent,
    ProbeEvent,
    RemindEvent,
    SwitchEvent,
    TurnEvent,
)
from driftlang.cells.forms import Turn
from driftlang.gateway.route import Route
from driftlang.model.paths import AGENTS_FILE
from driftlang.observe.step import reply_of
from driftlang.run.history import Speaker, fork, restate, say
from driftlang.run.line import Line
from driftlang.run.reaping import marked, reap
from driftlang.run.records import ProbeRecord
from driftlang.run.server import AttemptError
from driftlang.run.turns import Conversation, TurnEnd
from driftlang.run.work_files import MACHINE_TROUBLE, create_file, read_file, rewrite_file, why_closed
from driftlang.run.world_copy import Folder, WorldCopy, keep_world

#: Stands before filler, which must read as a piece of the surroundings and not as something to do.
PAD_OPENING = "For reference, a piece of a file. Nothing needs to be done about it."
_ORDER = tuple(EVENT_KINDS)


@frozen
class Happened:
    """What happened before one turn, in words, and what was asked."""

    words: list[str] = field(factory=list)
    probes: list[ProbeRecord] = field(factory=list)


@frozen
class Stage:
    """Where events happen.

    Attributes:
        place: where the constraint stands, one of `model.forms.PLACES`.
        first_instructions: the prompt that the trial began with.
        agents_file: the repository's AGENTS.md as the trial began with it.
        paddings: filler texts by id.
        folders: all that the agent writes to: its work tree first, then its private folders.
        aside: where copies of them are kept for a while.
        marker: what every process of the agent's carries; see `reaping`.
        turn_seconds: what a call of the model's own may take.
        route: is told which step and branch a call is of, and what for.
    """

    conversation: Conversation
    speaker: Speaker
    place: str
    first_instructions: str
    agents_file: bytes
    paddings: Mapping[str, str]
    folders: tuple[Folder, ...]
    aside: Path
    marker: str
    turn_seconds: float
    route: Route

    def system_text(self, line: Line) -> str:
        """What stands behind the system prompt of every turn of the line."""
        return line.instructions if self.place == "system_prompt" else ""

    @asynccontextmanager
    async def keeping(self, name: str) -> AsyncIterator["KeptMoment"]:
        """The agent's files as they are now, kept aside under `name` while the context lasts.

        Raises:
            AttemptError: they cannot be copied.
        """
        running = frozenset(await asyncio.to_thread(marked, self.marker))
        world = await asyncio.to_thread(keep_world, self.folders, self.aside / name)
        try:
            yield KeptMoment(world, self.marker, running)
        finally:
            await asyncio.to_thread(world.remove)

    async def happen(self, turn: Turn, line: Line) -> Happened:
        """Carry out what happens before `turn`, forks aside.

        Raises:
            AttemptError: something cannot be carried out.
        """
        happened = Happened()
        for event in sorted(turn.events, key=lambda one: _ORDER.index(type(one))):
            try:
                await self._carry_out(event, turn, line, happened)
            except AttemptError as trouble:
                kind = EVENT_KINDS[type(event)]
                raise AttemptError(f"`{kind}` before step {turn.position} ({turn.step}): {trouble.reason}") from trouble
        return happened

    async def _carry_out(self, event: TurnEvent, turn: Turn, line: Line, happened: Happened) -> None:
        match event:
            case ForkEvent():
                return
            case SwitchEvent():
                happened.words.append(await self._switch(event, line))
            case CompactEvent():
                self.route.begin(turn.position, line.branch, EVENT_KINDS[CompactEvent])
                happened.words.append(await self._compact())
            case PadEvent():
                await say(self.conversation, f"{PAD_OPENING}\n\n{self._padding(event)}")
                happened.words.append(f"pad of {event.tokens} tokens")
            case RemindEvent():
                await say(self.conversation, event.text)
                happened.words.append("remind")
            case ProbeEvent():
                self.route.begin(turn.position, line.branch, EVENT_KINDS[ProbeEvent])
                happened.probes.append(await self._probe(event, line))
                happened.words.append(f"probe {event.name}")

    def _padding(self, event: PadEvent) -> str:
        if event.padding not in self.paddings:
            raise AttemptError(f"the plan has no filler `{event.padding}`")
        return self.paddings[event.padding]

    async def _compact(self) -> str:
        """Have the session compacted; one without messages has nothing, and its model is not asked."""
        if not await self.conversation.history():
            return "compact: there was nothing to compact"
        end = await self.conversation.compact(self.speaker.provider, self.speaker.model, seconds=self.turn_seconds)
        self._require(end)
        return "compact"

    async def _probe(self, event: ProbeEvent, line: Line) -> ProbeRecord:
        """Ask on a fork, and undo what that did to the agent's files."""
        asked = await fork(self.conversation)
        async with self.keeping("asked") as moment:
            self.conversation.enter(asked)
            end = await self.conversation.prompt(event.text, system=self.system_text(line), seconds=self.turn_seconds)
            self._require(end)
            await moment.restore()
        self.conversation.enter(line.session)
        return ProbeRecord(event.name, event.text, reply_of(json.loads(end.messages)))

    def _require(self, end: TurnEnd) -> None:
        self.route.end()
        if end.error or self.route.exceeded:
            raise AttemptError(self.route.exceeded or end.error)

    async def _switch(self, event: SwitchEvent, line: Line) -> str:
        """Put the other constraint where the one in force stands; turns to come have it in their text already."""
        former, line.instructions = line.instructions, event.instructions
        said = f"switch to {event.constraint}"
        if self.place == "agents_file":
            return said + await asyncio.to_thread(self._switch_agents_file, former, event.instructions)
        is_said = self.place == "first_turn" and bool(await self.conversation.history())
        if is_said and not await restate(self.conversation, former, event.instructions):
            return f"{said}: no turn of the session holds the former one"
        return said

    def _switch_agents_file(self, former: str, text: str) -> str:
        try:
            return self._rewrite_agents_file(former, text)
        except OSError as trouble:
            if trouble.errno in MACHINE_TROUBLE:
                raise
            raise AttemptError(f"{AGENTS_FILE}: {(trouble.strerror or str(trouble)).lower()}") from trouble

    def _rewrite_agents_file(self, former: str, text: str) -> str:
        """Put `text` where `former` stands in the file; where it does not any more, write the file as it was built."""
        tree = self.folders[0].path
        file = tree / AGENTS_FILE
        source = b"" if why_closed(tree, file) else read_file(file)
        if former and isinstance(source, bytes) and former.encode() in source:
            rewrite_file(file, source.replace(former.encode(), text.encode()))
            return ""
        if os.path.lexists(file):
            file.unlink()
        built = self.agents_file.removesuffix(f"{self.first_instructions}\n".encode()) + text.encode() + b"\n"
        if reason := create_file(tree, file, built):
            raise AttemptError(f"{AGENTS_FILE}: {reason}")
        return f": {AGENTS_FILE} was written anew, since the former one did not stand there any more"


@frozen
class KeptMoment:
    """What an agent had and ran at one moment: its files, its programs that were `running`."""

    world: WorldCopy
    marker: str
    running: frozenset[int]

    async def restore(self) -> None:
        """End what was begun since, and make the files what they were.

        Raises:
            AttemptError: the agent has left what cannot be removed.
        """
        await asyncio.to_thread(reap, self.marker, spared=self.running)
        await asyncio.to_thread(self.world.restore)


def read_agents_file(work_tree: Path) -> bytes:
    """The repository's AGENTS.md, or nothing where it has none."""
    file = work_tree / AGENTS_FILE
    return file.read_bytes() if file.is_file() else b""
