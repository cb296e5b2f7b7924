"""Starting a server inside the sandbox.

In: a run's `Enclosures` and, for each attempt, the place of the gateway. Out: a `Launcher` (see `launching.py`).
Refuses to do: starting anything before its network has a listening gateway, its bounds are set, and its first process
is held by a descriptor: bubblewrap waits before it runs the server. When that first process is killed, the kernel ends
everything in the sandbox, so nothing can be left behind.
"""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from attrs import field, frozen

from driftlang.run.configuration import ServerSetup, write_setup
from driftlang.run.launching import SERVE, Launch, Launcher, start_printing
from driftlang.run.layout import ENCLOSED
from driftlang.run.sandbox.arguments import TmpfsSizes, folders, isolation, system, variables
from driftlang.run.sandbox.bounds import Bounds, bound, most_tasks
from driftlang.run.sandbox.filter import refusals
from driftlang.run.sandbox.network import DoorTransport
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.toolbox import OPENCODE, Toolbox
from driftlang.run.sandbox.watch import Watch
from driftlang.run.server import AttemptError

#: The gateway inside; every sandbox has a network of its own, so the port is the same in all.
GATEWAY_PORT = 8080
GATEWAY_URL = f"http://127.0.0.1:{GATEWAY_PORT}/v1"
_SERVER_PORT = 4096
#: From bubblewrap's start to its word that the namespaces are made, in seconds.
_SECONDS = 30.0

#: Answers what comes to a listening socket, while the context lasts.
Attend = Callable[[socket.socket], AbstractAsyncContextManager[None]]


@frozen
class Enclosures:
    """What the sandboxes of a run share.

    Attributes:
        bubblewrap: the program.
        toolbox: what is brought in.
        porter: makes sockets in their networks.
        watch: adds up what they take.
        bounds: how much that may be, in each.
        sizes: of the folders that are memory.
    """

    bubblewrap: Path
    toolbox: Toolbox
    porter: Porter
    watch: Watch
    bounds: Bounds = field(factory=Bounds)
    sizes: TmpfsSizes = field(factory=TmpfsSizes)

    def launcher(self, attend: Attend) -> Launcher:
        """A launcher of OpenCode in a sandbox of its own, where `attend` serves the model."""

        @asynccontextmanager
        async def launch(setup: ServerSetup) -> AsyncIterator[Launch]:
            async with AsyncExitStack() as stack:
                box = await stack.enter_async_context(self._start(setup))
                door = await self.porter.open(box.network, box.processes, most_tasks(self.bounds))
                stack.callback(door.close)
                await stack.enter_async_context(attend(await door.listen(GATEWAY_PORT)))
                bound(box.first, self.bounds)
                launch = Launch(box.process, box.output, box.kill, box.end, DoorTransport(door), scratch=box.scratch)
                stack.enter_context(
                    self.watch.over(box.first, (setup.root, setup.work_tree), self.bounds, partial(_stop, launch))
                )
                box.release()
                yield launch

        return launch

    @asynccontextmanager
    async def _start(self, setup: ServerSetup) -> AsyncIterator["Box"]:
        arguments = (
            *isolation(),
            *system(self.sizes, self.toolbox.accounts),
            *folders(setup, self.toolbox.programs),
            *variables(write_setup(setup)),
        )
        command = (f"{ENCLOSED.tools[0]}/{OPENCODE}", *SERVE, str(_SERVER_PORT))
        async with start_box(self.bubblewrap, arguments, command) as box:
            yield box


def _stop(launch: Launch, reason: str) -> None:
    """End a sandbox, and say why."""
    if not launch.exceeded.done():
        launch.exceeded.set_result(reason)
        launch.kill()


class Box:
    """A sandbox whose namespaces are made, and whose program has not begun until `release`; made by `start_box`.

    Attributes:
        first: id of its first process, as the host counts.
        network, processes: descriptors of its namespaces.
    """

    def __init__(self, process: asyncio.subprocess.Process, output: IO[bytes], first: int, blocking: IO[bytes]) -> None:
        self.process = process
        self.output = output
        self.first = first
        self._blocking = blocking
        self._handle = os.pidfd_open(first)
        try:
            self.network = os.open(f"/proc/{first}/ns/net", os.O_RDONLY)
            self.processes = os.open(f"/proc/{first}/ns/pid", os.O_RDONLY)
        except OSError:
            os.close(self._handle)
            raise

    @property
    def scratch(self) -> tuple[Path, ...]:
        """Its folders that are memory, as the host reaches them while it lives."""
        return tuple(Path(f"/proc/{self.first}/root{folder}") for folder in (ENCLOSED.temporary, "/dev/shm"))  # noqa: S108 - the sandbox's own

    def release(self) -> None:
        """Let the program begin."""
        self._blocking.write(b"\n")

    def kill(self) -> None:
        """End everything in the sandbox."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def end(self, seconds: float) -> None:
        """End everything in the sandbox and wait until all of it is gone."""
        self.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), seconds)
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    def close(self) -> None:
        """Let go of what is held."""
        os.close(self._handle)
        os.close(self.network)
        os.close(self.processes)


@asynccontextmanager
async def start_box(
    bubblewrap: Path, arguments: Iterable[str], command: tuple[str, ...], seconds: float = _SECONDS
) -> AsyncIterator[Box]:
    """A sandbox made by `arguments`, about to run `command`; all of it has ended when the context has.

    Raises:
        AttemptError: bubblewrap makes none; why, in its own words.
    """
    async with AsyncExitStack() as stack:
        process, output, telling, blocking = await _start(bubblewrap, arguments, command, stack)
        try:
            box = Box(process, output, await _first_process(telling, output, seconds), blocking)
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        try:
            yield box
        finally:
            await box.end(seconds)
            box.close()


async def _start(
    bubblewrap: Path, arguments: Iterable[str], command: tuple[str, ...], stack: AsyncExitStack
) -> tuple[asyncio.subprocess.Process, IO[bytes], IO[bytes], IO[bytes]]:
    """The process of bubblewrap, what it prints, where it tells of the sandbox, what it waits for; `stack` closes all.

    Options stand in a file, since the arguments of a process can be read by all that run beside it.
    """
    telling, told = (
        stack.enter_context(os.fdopen(end, mode, 0)) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
    )
    waiting, blocking = (
        stack.enter_context(os.fdopen(end, mode, 0)) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
    )
    options = [*arguments, "--info-fd", str(told.fileno()), "--block-fd", str(waiting.fileno())]
    inherited = [told, waiting]
    if refused := refusals():
        inherited.append(stack.enter_context(_in_memory(refused)))
        options += ["--seccomp", str(inherited[-1].fileno())]
    inherited.append(stack.enter_context(_in_memory(b"\0".join(map(os.fsencode, options)))))
    process, output = await start_printing(
        (str(bubblewrap), "--args", str(inherited[-1].fileno()), "--", *command),
        {},
        Path("/"),
        tuple(file.fileno() for file in inherited),
    )
    stack.enter_context(output)
    for file in inherited:
        file.close()
    return process, output, telling, blocking


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb", 0), os.fdopen(writing, "wb", 0)


def _in_memory(content: bytes) -> IO[bytes]:
    """A file without a name, to be read from its start."""
    file = os.fdopen(os.memfd_create("options"), "w+b", 0)
    file.write(content)
    file.seek(0)
    return file


async def _first_process(telling: IO[bytes], output: IO[bytes], seconds: float) -> int:
    """The id of the sandbox's first process, which bubblewrap tells once there are namespaces."""
    stream = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(stream)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, telling)
    try:
        async with asyncio.timeout(seconds):
            told = await stream.read()
    except TimeoutError:
        raise AttemptError(f"bubblewrap made no sandbox within {seconds:.0f} s") from None
    finally:
        transport.close()
    try:
        return int(json.loads(told)["child-pid"])
    except (ValueError, KeyError, TypeError):
        said = await asyncio.to_thread(output.read, 4096)
        reason = said.decode("utf-8", "replace").strip().replace("\n", "; ")
        raise AttemptError(f"bubblewrap made no sandbox: {reason or 'it says nothing'}") from None
