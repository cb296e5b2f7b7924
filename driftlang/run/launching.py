"""How a server's process is started and ended, be it in the sandbox or not.

In: nothing; this module defines `Launch` and `Launcher`, and starts a process that is confined by nothing.
Out: a running process, what it prints, how it is reached, and how it is ended with all that it started.
Refuses to do: leaving anything behind (see `reaping` for what can be done without a sandbox).
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import IO

import httpx
from attrs import field, frozen

from driftlang.run.configuration import ServerSetup, write_setup
from driftlang.run.reaping import reap

SERVE = ("serve", "--hostname", "127.0.0.1", "--port")


def _never() -> asyncio.Future[str]:
    return asyncio.get_running_loop().create_future()


@frozen
class Launch:
    """A server's process under way.

    Attributes:
        process: what is waited for; its id and, in the sandbox, that of everything in it, are the host's.
        output: what it prints, to be read.
        kill: ends it at once.
        end: ends it, in order where that is worth something, and everything that it started; seconds it may take.
        transport: the way to its port, where that is not on this machine's loopback.
        exceeded: done with a reason when it was ended for passing a bound.
    """

    process: asyncio.subprocess.Process
    output: IO[bytes]
    kill: Callable[[], None]
    end: Callable[[float], Awaitable[None]]
    transport: httpx.AsyncBaseTransport | None = None
    exceeded: asyncio.Future[str] = field(factory=_never)


#: Starts a server; the process lives at most as long as the context.
Launcher = Callable[[ServerSetup], AbstractAsyncContextManager[Launch]]


def unconfined(binary: Path) -> Launcher:
    """A launcher of `binary` as a process like any other."""

    @asynccontextmanager
    async def launch(setup: ServerSetup) -> AsyncIterator[Launch]:
        process, output = await start_printing(
            (*_with_this_process(), str(binary), *SERVE, "0"), write_setup(setup), setup.root / "home"
        )

        def kill() -> None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

        async def end(seconds: float) -> None:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.terminate()
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), seconds)
            kill()
            await asyncio.to_thread(reap, setup.marker)
            await process.wait()

        with output:
            yield Launch(process, output, kill, end)

    return launch


async def start_printing(
    command: tuple[str, ...], variables: dict[str, str], folder: Path, inherited: tuple[int, ...] = ()
) -> tuple[asyncio.subprocess.Process, IO[bytes]]:
    """The process of `command`, and the end to read of a pipe that it prints to.

    The pipe is not the process object's own, whose `wait` lasts until every child has let the pipe go.
    """
    reading, writing = os.pipe()
    output = os.fdopen(reading, "rb", 0)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=variables,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            pass_fds=inherited,
        )
    except BaseException:
        output.close()
        raise
    finally:
        os.close(writing)
    return process, output


def _with_this_process() -> tuple[str, ...]:
    """A prefix that makes the kernel end the server when this process dies, where there is such a program."""
    setpriv = shutil.which("setpriv", path="/usr/bin:/bin")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()
