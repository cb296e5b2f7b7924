"""One private OpenCode server: started, watched, stopped.

In: the binary and a `ServerSetup`. Out: a `Server` that answers, or an `AttemptError` that says why it does not.
Refuses to do: outliving its trial. It is stopped with everything it started, and ends with this process where the
system can arrange that (`setpriv --pdeathsig` on Linux); what is left by a killed runner is reaped by the next one.
"""

import asyncio
import re
import signal
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import httpx
from attrs import frozen

from driftlang.run.configuration import ServerSetup
from driftlang.run.install import VERSION
from driftlang.run.launching import Launch, Launcher, unconfined

T = TypeVar("T")
#: How long an ended server's last lines may take to arrive, in seconds, while something else holds its output open.
_LAST_WORDS = 0.3
_LISTENING = re.compile(r"listening on (http://\S+)")


class AttemptError(Exception):
    """An attempt at a trial cannot go on; the trial's outcome is `error`, never a score. `reason` says why.

    `is_final` says that another attempt would come to the same.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


@frozen
class ServerLimits:
    """How long a server may take, in seconds.

    Attributes:
        start: from its start to its first answer.
        health_every, health_timeout: how often it is asked for its health, and how long it may take to answer.
        health_misses: how many unanswered questions in a row make it dead. OpenCode has been seen to stop answering
            for good, with two cores busy, when many directories boot at once.
        request: any other request, but the turn itself.
        stop: from SIGTERM to SIGKILL.
    """

    start: float = 90.0
    health_every: float = 5.0
    health_timeout: float = 5.0
    health_misses: int = 3
    request: float = 60.0
    stop: float = 5.0


class Server:
    """A server that was seen to answer; made by `serve`.

    Attributes:
        client: speaks to it, with its password.
        process: its id.
        directory: the work tree, as the server names it.
        scratch: see `Launch`.
    """

    def __init__(self, launch: Launch, setup: ServerSetup, limits: ServerLimits) -> None:
        self._launch = launch
        self._limits = limits
        self._output: deque[str] = deque(maxlen=20)
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._tasks: list[asyncio.Task[None]] = []
        self.process = launch.process.pid
        self.directory = setup.directory
        self.scratch = launch.scratch
        self.client = httpx.AsyncClient(
            auth=("opencode", setup.password),
            timeout=limits.request,
            transport=launch.transport,
            trust_env=False,  # a proxy of the user's has no part in what stays on this machine
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # nothing here is TLS: no certificates need loading
        )

    async def start(self) -> None:
        """Wait until the server answers, and watch it from then on."""
        reader = asyncio.create_task(self._watch_output())
        self._tasks += (reader, asyncio.create_task(self._watch_process(reader)))
        try:
            async with asyncio.timeout(self._limits.start):
                self.client.base_url = httpx.URL(await self.unless_ended(self._url))
                answer = await self.unless_ended(self.client.get("/global/health"))
        except TimeoutError:
            raise AttemptError(f"the server did not start within {self._limits.start:.0f} s") from None
        except (httpx.HTTPError, OSError) as trouble:
            raise AttemptError(f"the server did not answer at its start: {describe(trouble)}") from trouble
        if answer.status_code != 200 or f'"{VERSION}"' not in answer.text:
            raise AttemptError(f"the server does not say that it is OpenCode {VERSION}: {answer.text[:200]}")
        self._tasks.append(asyncio.create_task(self._watch_health()))

    async def unless_ended(self, wanted: Awaitable[T]) -> T:
        """What `wanted` gives, or `AttemptError` as soon as the server is dead."""
        task = asyncio.ensure_future(wanted)
        try:
            await asyncio.wait((task, self._ended), return_when=asyncio.FIRST_COMPLETED)
            if self._ended.done():
                raise AttemptError(self._ended.result())
            return task.result()
        finally:
            task.cancel()
            # Its own trouble, if any, came with the end of the server.
            await asyncio.gather(task, return_exceptions=True)

    async def why_ended(self, seconds: float = 1.0) -> str:
        """Why the server is dead; empty when it still lives after `seconds`."""
        await asyncio.wait((self._ended,), timeout=seconds)
        return self._ended.result() if self._ended.done() else ""

    async def stop(self) -> None:
        """End the server and everything that it started."""
        await self.client.aclose()
        await self._launch.end(self._limits.stop)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _note_end(self, reason: str) -> None:
        if not self._ended.done():
            self._ended.set_result(reason)

    async def _watch_output(self) -> None:
        """Read what the server prints, so that it never waits for a reader, until nobody holds its output any more."""
        stream = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(stream)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, self._launch.output)
        try:
            while line := await _line(stream):
                self._output.append(line)
                told = _LISTENING.search(line)
                if told and not self._url.done():
                    self._url.set_result(told[1])
        finally:
            transport.close()

    async def _watch_process(self, reader: asyncio.Task[None]) -> None:
        """Tell when the server has ended; what it started may live on, and hold its output open."""
        ended = asyncio.ensure_future(self._launch.process.wait())
        try:
            # Thousands of processes take their time to end: a bound that was passed is told before that.
            await asyncio.wait((ended, self._launch.exceeded), return_when=asyncio.FIRST_COMPLETED)
            if self._launch.exceeded.done():
                self._note_end(self._launch.exceeded.result())
                return
            code = ended.result()
        finally:
            ended.cancel()
        await asyncio.wait((reader,), timeout=_LAST_WORDS)
        how = _told(code)
        last = f": {self._output[-1][:300]}" if self._output and not self._url.done() else ""
        self._note_end(f"the server ended {how}{last}")

    async def _watch_health(self) -> None:
        """Kill the server when it does not answer several times in a row."""
        misses = 0
        while misses < self._limits.health_misses:
            await asyncio.sleep(self._limits.health_every)
            try:
                await self.client.get("/global/health", timeout=self._limits.health_timeout)
                misses = 0
            except httpx.HTTPError:
                misses += 1
        self._note_end(f"the server left {misses} questions for its health unanswered")
        self._launch.kill()


def _told(code: int) -> str:
    """How a process ended; one that watched over another says its signal as shells do."""
    number = -code if code < 0 else code - 128
    if number in set(signal.Signals):
        return f"by {signal.Signals(number).name}"
    return f"with exit status {code}"


async def _line(stream: asyncio.StreamReader) -> str:
    """The next line; one that is longer than the reader's buffer comes in pieces."""
    try:
        line = await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        line = end.partial
    except asyncio.LimitOverrunError as long:
        line = await stream.read(long.consumed)
    return line.decode("utf-8", "replace")


@asynccontextmanager
async def serve(
    binary: Path, setup: ServerSetup, limits: ServerLimits, launcher: Launcher | None = None
) -> AsyncIterator[Server]:
    """A server that lives as long as the context; `setup.root` exists and is empty.

    `launcher` starts it elsewhere than as a process like any other.

    Raises:
        AttemptError: it did not start.
    """
    async with (launcher or unconfined(binary))(setup) as launch:
        server = Server(launch, setup, limits)
        try:
            await server.start()
            yield server
        finally:
            await server.stop()


def describe(trouble: Exception) -> str:
    """One line about an exception of the network."""
    return f"{type(trouble).__name__} {trouble}".strip().replace("\n", " ")[:300]
