"""Checks of a step: whether the work was done, found out on a copy that the agent never sees.

In: commands, the work tree as the step left it, a folder for copies, and how a command is confined. Out: a
`CheckRecord` for each.
Refuses to do: anything in the agent's own files, and waiting longer than a check may take. What a check starts is
ended with it.

All checks of a step share one copy, in their order, as they would follow each other on a build machine.
"""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from driftlang.cells.forms import TurnCheck
from driftlang.observe.step import encodable
from driftlang.run.configuration import AGENT_PATH
from driftlang.run.reaping import MARKER_NAME, new_marker, reap
from driftlang.run.records import CheckRecord
from driftlang.run.world_copy import copy_folder, remove_folder

#: Bytes of a check's output that are kept: its last ones.
_KEPT_OUTPUT = 4_000
_SHELL = "/bin/sh"


@frozen
class Bench:
    """Where a check is run: a copy of the work tree, a home with nothing in it, a folder for temporary files.

    `programs` holds what stands on the agent's PATH before all others.
    """

    tree: Path
    home: Path
    temporary: Path
    programs: Path


@frozen
class Launch:
    """A program to start: its arguments, its whole environment and the folder that it starts in."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


#: How a shell command is run at a bench.
Confinement = Callable[[str, Bench], Launch]


def unconfined(command: str, bench: Bench) -> Launch:
    """The command with the agent's PATH and nothing of this process's own environment, but free to go anywhere."""
    folders = [str(bench.programs), *(folder for folder in AGENT_PATH if Path(folder).is_dir())]
    variables = {
        "PATH": os.pathsep.join(folders),
        "HOME": str(bench.home),
        "TMPDIR": str(bench.temporary),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_COLOR": "1",
        "CI": "1",
    }
    return Launch((_SHELL, "-c", command), variables, bench.tree)


async def run_checks(
    checks: Sequence[TurnCheck], work_tree: Path, programs: Path, store: Path, confine: Confinement
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
        await asyncio.to_thread(copy_folder, work_tree, bench.tree)
        return tuple([await _run(check, bench, confine) for check in checks])
    finally:
        await asyncio.to_thread(remove_folder, store)


async def _run(check: TurnCheck, bench: Bench, confine: Confinement) -> CheckRecord:
    launch, marker = confine(check.command, bench), new_marker()
    begun = time.monotonic()
    with (bench.temporary.parent / "output").open("w+b") as output:
        process = await asyncio.create_subprocess_exec(
            *launch.arguments,
            cwd=launch.folder,
            env={**launch.environment, MARKER_NAME: marker},
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            start_new_session=True,
        )
        late = ""
        try:
            async with asyncio.timeout(check.seconds):
                await process.wait()
        except TimeoutError:
            late = f"it did not end within {check.seconds:g} s"
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.to_thread(reap, marker)
            status = await process.wait()
        said = "\n".join(filter(None, (_last_of(Path(output.name)).strip(), late)))
    passed = status == 0 and not late
    return CheckRecord(check.command, passed, status, time.monotonic() - begun, encodable(said))


def _last_of(path: Path) -> str:
    """The end of a file that may be of any size."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _KEPT_OUTPUT))
        return stream.read(_KEPT_OUTPUT).decode("utf-8", "replace")
