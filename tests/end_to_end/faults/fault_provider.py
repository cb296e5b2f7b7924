"""A model provider that plays the reference solutions until a fault strikes.

In: for each run of a small plan at most one `Fault`: from which call of which turn, how often, and the deed. Out: the
OpenAI chat-completions protocol on loopback; what was asked of it, and when each fault struck.
Refuses to do: telling the product anything. What a deed made the agent do is taken out of the history before the
reference solution is played on, as a model that had gone astray would find its way back.
"""

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from aiohttp import web
from attrs import define, evolve, field, frozen

from driftlang.gateway.forms import Upstream
from driftlang.sim.chat import ChatError, ChatRequest, parse_request
from driftlang.sim.playbook import Playbook
from driftlang.sim.respond import respond
from driftlang.sim.server import SimulatedProvider
from driftlang.sim.wire import Writer, error_body

#: Ids of calls that no reference solution made.
FAULT_ID = "call_fault"
#: As often as it is asked.
ALWAYS = 10**9
#: Run 1 of a small plan has this seed.
_FIRST_SEED = 1001


@define
class Strike:
    """A call that came in, and what has been sent to it so far."""

    provider: "FaultProvider"
    plant: "Plant"
    request: web.Request
    asked: ChatRequest
    body: bytes
    answer: bytearray

    async def begin(self) -> web.StreamResponse:
        """The head of a streamed answer, sent; what is written to it is kept in `answer`."""
        stream = _Stream(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        stream.sent = self.answer
        await stream.prepare(self.request)
        return stream

    async def play(self) -> web.StreamResponse:
        """The reference solution's next answer, to a history without what a fault put into it."""
        plant, asked = self.plant, self.asked
        answer = respond(_cleared(asked), plant.playbook)
        stream = await self.begin()
        writer = Writer(answer, plant.playbook, plant.model, len(self.body))
        for event in writer.events(with_usage=asked.includes_usage):
            await stream.write(event)
        await stream.write_eof()
        return stream


Deed = Callable[[Strike], Awaitable[web.StreamResponse]]


@frozen
class Fault:
    """Something that goes wrong in one trial.

    Attributes:
        name: what it is, in the words of the table.
        done: what is done, in the words of the table.
        deed: gives the answer to a call that it strikes.
        step, call: the first call that is struck: its turn, and its number in the turn, both from 1.
        times: how many calls of the attempt are struck.
        has_own_port: whether the trial's provider must be one that can go away alone.
    """

    name: str
    done: str
    deed: Deed
    step: int = 2
    call: int = 1
    times: int = ALWAYS
    has_own_port: bool = False


class Port:
    """A port of one trial's own, which the provider can leave."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.number: int = self._socket.getsockname()[1]
        self._site = web.SockSite(runner, self._socket)
        self._starting = asyncio.ensure_future(self._site.start())

    async def leave(self) -> None:
        """Stop listening, and keep the port, so that whoever connects is refused."""
        await self._starting
        await self._site.stop()
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self.number))

    def close(self) -> None:
        """Let the port go."""
        self._socket.close()


@define
class Plant:
    """A fault in one attempt at a trial, and what that attempt has asked for so far.

    Attributes:
        run: which run of the plan, from 1.
        requests, answers: bodies of all calls that came in, in their order, and of what was streamed to each.
        struck_at: when the fault struck first, in seconds since the epoch; 0 while it has not.
    """

    run: int
    playbook: Playbook
    model: str
    fault: Fault | None
    port: Port | None = None
    requests: list[bytes] = field(factory=list)
    answers: list[bytearray] = field(factory=list)
    calls_of_turn: dict[int, int] = field(factory=dict)
    strikes: int = 0
    struck_at: float = 0.0

    def is_struck(self, turn: int) -> bool:
        """Count a call of turn `turn`; whether the fault strikes it."""
        number = self.calls_of_turn[turn] = self.calls_of_turn.get(turn, 0) + 1
        fault = self.fault
        if fault is None or (turn, number) < (fault.step, fault.call) or self.strikes >= fault.times:
            return False
        self.strikes += 1
        self.struck_at = self.struck_at or time.time()
        return True


class FaultProvider(SimulatedProvider):
    """Serves on free ports of 127.0.0.1 while its context is open; run *n* of the plan has `faults[n - 1]`."""

    def __init__(self, faults: tuple[Fault, ...], run_folder: Path) -> None:
        super().__init__()
        self.run_folder = run_folder
        self._faults = faults
        self._plants: dict[str, Plant] = {}
        #: Every attempt that was opened, by run, in order.
        self.attempts: dict[int, list[Plant]] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    def open(self, playbook: Playbook, *, model: str = "") -> Upstream:
        """Serve `playbook` under a new key, with the fault of its run."""
        upstream = super().open(playbook, model=model)
        run = playbook.seed - _FIRST_SEED + 1
        fault = self._faults[run - 1] if run <= len(self._faults) else None
        plant = Plant(run, playbook, model or playbook.model.removeprefix("sim/"), fault)
        self._plants[upstream.api_key] = plant
        self.attempts.setdefault(run, []).append(plant)
        if fault is None or not fault.has_own_port:
            return evolve(upstream, base_url=self._base_url)
        plant.port = Port(self._runner)
        return evolve(upstream, base_url=f"http://127.0.0.1:{plant.port.number}/v1")

    def close(self, upstream: Upstream) -> None:
        """Forget the key."""
        super().close(upstream)
        plant = self._plants.pop(upstream.api_key, None)
        if plant is not None and plant.port is not None:
            plant.port.close()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        _, _, key = request.headers.get("Authorization", "").partition(" ")
        plant = self._plants.get(key)
        if plant is None:
            return await super()._complete(request)
        body = await request.read()
        plant.requests.append(body)
        plant.answers.append(bytearray())
        try:
            asked = parse_request(body)
            strike = Strike(self, plant, request, asked, body, plant.answers[-1])
            if plant.is_struck(len(asked.turns)) and plant.fault is not None:
                return await plant.fault.deed(strike)
            return await strike.play()
        except ChatError as error:
            return web.Response(status=error.status, body=error_body(error), content_type="application/json")


class _Stream(web.StreamResponse):
    """A streamed answer that keeps what it has sent."""

    sent: bytearray

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it."""
        self.sent += data
        await super().write(data)


def chunk(delta: dict[str, object], finish: str | None = None) -> bytes:
    """One event of a streamed answer."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1735689600, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


def _cleared(asked: ChatRequest) -> ChatRequest:
    """The request without calls that a fault made, and without their results."""
    messages = []
    for message in asked.messages:
        if message.answers.startswith(FAULT_ID):
            continue
        own = tuple(call for call in message.calls if not call[0].startswith(FAULT_ID))
        messages.append(evolve(message, calls=own))
    return evolve(asked, messages=tuple(messages))
