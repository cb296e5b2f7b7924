"""Checks of a step: whether the work was done, found out on a copy that the agent never sees.

In: commands, the work tree as the step left it, a folder for copies, and how a command is started. Out: a
`CheckRecord` for each.
Refuses to do: anything in the agent's own files, and waiting longer than a check may take. What a check starts is
ended with it.

All checks of a step share one copy, in their order, as they would follow each other on a build machine.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from attrs import frozen

from driftlang.cells.forms import TurnCheck
from driftlang.observe.texts import encodable
from driftlang.run.configuration import AGENT_PATH
from driftlang.run.launching import Launch, start_printing
from driftlang.run.reaping import MARKER_NAME, new_marker, reap
from driftlang.run.records import CheckRecord
from driftlang.run.world_copy import Folder, copy_folder, remove_folder

SHELL = "/bin/sh"
#: Bytes of a check's output that are kept: its last ones.
_KEPT_OUTPUT = 4_000
#: How long what a check has started may take to end, and its last words to arrive, in seconds.
_ENDING, _LAST_WORDS = 5.0, 1.0


@frozen
class Bench:
    """Where a check is run: a copy of the work tree, a home with nothing in it, a folder for temporary files.

    `programs` holds what stands on the agent's PATH before all others.
    """

    tree: Path
    home: Path
    temporary: Path
    programs: Path


#: Starts a shell command at a bench; it lives at most as long as the context.
CheckLauncher = Callable[[str, Bench], AbstractAsyncContextManager[Launch]]


def variables(home: str, temporary: str, programs: Sequence[str]) -> dict[str, str]:
    """The whole environment of a check; `programs` are the folders of PATH, but for those of the system."""
    return {
        "PATH": os.pathsep.join((*programs, *(folder for folder in AGENT_PATH if Path(folder).is_dir()))),
        "HOME": home,
        "TMPDIR": temporary,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_COLOR": "1",
        "CI": "1",
    }


@asynccontextmanager
async def unconfined(command: str, bench: Bench) -> AsyncIterator[Launch]:
    """Start a check with nothing of this process's own environment, but free to go anywhere."""
    marker = new_marker()
    environment = variables(str(bench.home), str(bench.temporary), [str(bench.programs)])
    process, output = await start_printing(
        (SHELL, "-c", command), {**environment, MARKER_NAME: marker}, folder=bench.tree
    )

    def kill() -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    async def end(_: float) -> None:
        kill()
        await asyncio.to_thread(reap, marker)
        await process.wait()

    with output:
        try:
            yield Launch(process, output, kill, end)
        finally:
            await end(_ENDING)


async def run_checks(
    checks: Sequence[TurnCheck], work_tree: Path, programs: Path, store: Path, launch: CheckLauncher
) -> tuple[CheckRecord, ...]:
    """Run `checks` on one copy of `work_tree` below `store`, which must not exist and is removed afterwards.

    Raises:
        AttemptError: the work tree cannot be copied.
    """
    if not checks:
        return ()
    bench = Bench(store / work_tree.name, store / "home", store / "tmp", programs)
    try:
        for folder in (bench.tree, bench.home, bench.temporary):
            folder.mkdir(parents=True, mode=0o700)
        await asyncio.to_thread(copy_folder, Folder(work_tree), bench.tree)
        return tuple([await _run(check, bench, launch) for check in checks])
    finally:
        await asyncio.to_thread(remove_folder, store)


async def _run(check: TurnCheck, bench: Bench, launch: CheckLauncher) -> CheckRecord:
    begun, late, said = time.monotonic(), "", bytearray()
    async with launch(check.command, bench) as started:
        reading = asyncio.create_task(_gather(started.output, said))
        try:
            async with asyncio.timeout(check.seconds):
                await started.process.wait()
        except TimeoutError:
            late = f"it did not end within {check.seconds:g} s"
        seconds = time.monotonic() - begun
        await started.end(_ENDING)
        status = await started.process.wait()
        await asyncio.wait((reading,), timeout=_LAST_WORDS)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    output = "\n".join(filter(None, (said.decode("utf-8", "replace").strip(), late)))
    return CheckRecord(check.command, status == 0 and not late, status, seconds, encodable(output))


async def _gather(output: IO[bytes], said: bytearray) -> None:
    """Read all that is printed, so that nobody waits for a reader, and keep the end of it in `said`."""
    stream = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(stream)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, output)
    try:
        while piece := await stream.read(1 << 16):
            said += piece
            del said[:-_KEPT_OUTPUT]
    finally:
        transport.close()
