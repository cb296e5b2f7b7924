"""What the trials of one process share: sandbox, gateway, simulated provider.

In: the wish for a sandbox, and the binary. Out: `Commons`, open as long as the context lasts, and `World`s made of it.
Refuses to do: knowing which trials there are, and when they begin.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import frozen

from driftlang.gateway.server import Gateway
from driftlang.run.install import ripgrep
from driftlang.run.opencode import find_opencode
from driftlang.run.progress import Progress
from driftlang.run.recorded import ReplayUpstreams
from driftlang.run.recorder import Recorder
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.sandbox.confinement import Confinement, confine
from driftlang.run.trial import ExchangeBuffer, Limits, World
from driftlang.run.upstreams import Upstreams
from driftlang.sim.server import SimulatedProvider

#: Servers that may be on the way to their first model call at a time: OpenCode has been seen to hang when many boot at
#: once, and needs all the processor that it can get there, but none while a model thinks.
BOOTING = 2


@frozen
class SandboxWish:
    """How agents are to be confined; the parameters of `confine`."""

    mode: str
    models: tuple[str, ...]
    bounds: Bounds


@frozen
class Commons:
    """What trials share; see `World`."""

    confinement: Confinement
    provider: SimulatedProvider
    gateway: Gateway
    exchanges: ExchangeBuffer
    gate: asyncio.Semaphore

    def world(
        self, upstreams: Upstreams | ReplayUpstreams, journal: Recorder, progress: Progress, limits: Limits
    ) -> World:
        """The world of trials of a plan; `upstreams` are where their models are."""
        return World(
            plan=upstreams.plan,
            plan_folder=upstreams.plan_folder,
            opencode=self.confinement.opencode,
            ripgrep=ripgrep(),
            confinement=self.confinement,
            journal=journal,
            gateway=self.gateway,
            upstreams=upstreams,
            exchanges=self.exchanges,
            gate=self.gate,
            progress=progress,
            limits=limits,
        )


@asynccontextmanager
async def open_commons(
    wish: SandboxWish,
    opencode: Path | None,
    notice: Callable[[str], None],
    simulated: SimulatedProvider | None = None,
) -> AsyncIterator[Commons]:
    """What trials share.

    Without `opencode` it is found, or installed; for `notice` see `confine`. Without `simulated` they have a provider
    of their own.

    Raises:
        Failure: OpenCode is missing or wrong, or there is no sandbox and there must be one.
    """
    binary = await asyncio.to_thread(find_opencode) if opencode is None else opencode
    exchanges = ExchangeBuffer()
    async with (
        confine(wish.mode, wish.models, binary, notice, wish.bounds) as confinement,
        simulated or SimulatedProvider() as provider,
        Gateway(exchanges.add) as gateway,
    ):
        yield Commons(confinement, provider, gateway, exchanges, asyncio.Semaphore(BOOTING))
