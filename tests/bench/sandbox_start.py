"""What a sandbox costs a trial: its start with the porter's sockets, against a process that is confined by nothing.

Each round starts `/bin/true` by itself, and in a sandbox made as those of trials are (every mount, the filter, a
listening socket made in its network, bounds set), and waits until all of it is gone. Rounds of both are interleaved;
medians count, and the least of each, which a busy machine shows too. The porter's own process is started once a run,
and measured apart.
"""

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket
from time import perf_counter

from attrs import evolve

from driftlang.run.install import ripgrep
from driftlang.run.opencode import find_opencode
from driftlang.run.places import take_place
from driftlang.run.sandbox import launch
from driftlang.run.sandbox.inspection import setup_of
from driftlang.run.sandbox.launch import Enclosures
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.probe import Obstacle, find_bubblewrap, try_sandbox
from driftlang.run.sandbox.toolbox import make_toolbox
from driftlang.run.sandbox.watch import Watch

ROUNDS = 21


@asynccontextmanager
async def _unattended(listener: socket) -> AsyncIterator[None]:
    with listener:
        yield


async def _confined(enclosures: Enclosures) -> float:
    with take_place("bench", "work") as place:
        place.work_tree.mkdir()
        started = perf_counter()
        async with enclosures.launcher(_unattended)(evolve(setup_of(place))) as begun:
            await begun.process.wait()
        return perf_counter() - started


async def _free() -> float:
    started = perf_counter()
    process = await asyncio.create_subprocess_exec("/bin/true")
    await process.wait()
    return perf_counter() - started


async def _rounds() -> None:
    found = find_bubblewrap()
    assert not isinstance(found, Obstacle), found.reason
    toolbox = make_toolbox(find_opencode(), ripgrep())
    started = perf_counter()
    async with Porter() as porter, Watch() as watch:
        assert await try_sandbox(found[0], toolbox, porter) is None
        once = perf_counter() - started
        enclosures = Enclosures(found[0], toolbox, porter, watch)
        launch.OPENCODE, launch.SERVE = "../../bin/true", ()  # type: ignore[misc]  # the sandbox's cost alone
        pairs = [(await _confined(enclosures), await _free()) for _ in range(ROUNDS)]
    print(f"once a run, porter and probe: {once * 1000:.0f} ms")
    for name, choose in (("median", statistics.median), ("least", min)):
        confined, free = (choose(times) * 1000 for times in zip(*pairs[1:], strict=True))
        print(f"a trial, {name}: {confined:.1f} ms in the sandbox, {free:.1f} ms without")


def main() -> None:
    """Print what a sandbox costs."""
    asyncio.run(_rounds())


if __name__ == "__main__":
    main()
