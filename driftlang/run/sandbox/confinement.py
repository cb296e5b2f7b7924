"""Whether the trials of a run are confined, and by what.

In: the wish (`auto`, `bubblewrap` or `none`) and the models to be run. Out: a `Confinement`, open while the run lasts.
Refuses to do: running a model that is not simulated without a sandbox, unless that is said in so many words.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from attrs import field, frozen

from driftlang.diagnostics.failure import Failure
from driftlang.gateway.route import Route
from driftlang.gateway.server import Gateway
from driftlang.run.install import ripgrep
from driftlang.run.launching import Launcher, unconfined
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.sandbox.launch import GATEWAY_URL, Enclosures
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.probe import Obstacle, find_bubblewrap, try_sandbox
from driftlang.run.sandbox.toolbox import make_toolbox
from driftlang.run.sandbox.watch import Watch
from driftlang.run.upstreams import is_simulated

_DOCTOR = "`driftlang doctor` tells more, and `--sandbox none` runs without one, at your own risk"
_USUAL_BOUNDS = Bounds()
AUTO, BUBBLEWRAP, NONE = MODES = ("auto", "bubblewrap", "none")


@frozen
class Confinement:
    """How the trials of a run are confined.

    Attributes:
        label: what records say of it: `bubblewrap VERSION`, or `none`.
        base_url: where an agent finds the model; empty where the gateway says so itself.
    """

    label: str
    opencode: Path
    base_url: str = ""
    _enclosures: tuple[Enclosures, ...] = field(default=())

    @property
    def is_enclosed(self) -> bool:
        """Whether trials run in a sandbox."""
        return bool(self._enclosures)

    def launcher(self, gateway: Gateway, route: Route) -> Launcher:
        """What starts the server of one attempt, whose model is behind `route`."""
        for enclosures in self._enclosures:
            return enclosures.launcher(partial(gateway.attended, route))
        return unconfined(self.opencode)


@asynccontextmanager
async def confine(
    mode: str,
    models: Iterable[str],
    opencode: Path,
    notice: Callable[[str], None],
    bounds: Bounds = _USUAL_BOUNDS,
) -> AsyncIterator[Confinement]:
    """How trials are confined in this run.

    Of `models` those that are simulated only play what the plan holds. `notice` is told when nothing else is run, and
    that is why it runs without a sandbox. `bounds` are those of each sandbox.

    Raises:
        Failure: there is no sandbox and there must be one.
    """
    free = Confinement(NONE, opencode)
    if mode == NONE:
        yield free
        return
    found = await asyncio.to_thread(find_bubblewrap)
    async with AsyncExitStack() as stack:
        obstacle = found if isinstance(found, Obstacle) else None
        if not isinstance(found, Obstacle):
            bubblewrap, version = found
            toolbox = await asyncio.to_thread(make_toolbox, opencode, ripgrep())
            porter = await stack.enter_async_context(Porter())
            obstacle = await try_sandbox(bubblewrap, toolbox, porter)
            watch = await stack.enter_async_context(Watch(bounds.every))
            enclosures = Enclosures(bubblewrap, toolbox, porter, watch, bounds)
            enclosed = Confinement(f"bubblewrap {version}", opencode, GATEWAY_URL, (enclosures,))
        if obstacle is None:
            yield enclosed
            return
        if mode == BUBBLEWRAP or not all(map(is_simulated, models)):
            raise Failure(f"there is no sandbox: {obstacle.reason}", help=f"{obstacle.help}; {_DOCTOR}")
        notice(f"there is no sandbox ({obstacle.reason}); simulated models run without one")
    yield free
