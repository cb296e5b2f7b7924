"""Starting a check of a step inside a sandbox of its own.

In: what the sandboxes of a run share. Out: a `CheckLauncher` (see `checks.py`).
Refuses to do: any network, and showing more than an agent's own sandbox does. The copy of the work tree stands where
the agent has its work tree, so that paths in what was built still hold.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from driftlang.run.checks import SHELL, Bench, CheckLauncher
from driftlang.run.checks import variables as environment
from driftlang.run.launching import Launch
from driftlang.run.layout import ENCLOSED
from driftlang.run.sandbox.arguments import isolation, system, variables
from driftlang.run.sandbox.launch import Enclosures, start_box


def enclosed(enclosures: Enclosures) -> CheckLauncher:
    """A launcher of checks, each in a sandbox of its own."""

    @asynccontextmanager
    async def launch(command: str, bench: Bench) -> AsyncIterator[Launch]:
        arguments = (
            *isolation(),
            *system(enclosures.sizes, enclosures.toolbox.accounts),
            *_folders(enclosures, bench),
            *variables(environment(ENCLOSED.home, ENCLOSED.temporary, ENCLOSED.path)),
        )
        async with start_box(enclosures.bubblewrap, arguments, (SHELL, "-c", command)) as box:
            box.release()
            yield Launch(box.process, box.output, box.kill, box.end)

    return launch


def _folders(enclosures: Enclosures, bench: Bench) -> Iterator[str]:
    """An empty home, the copy, and the tools; of these only the first two can be written to."""
    directory = f"{ENCLOSED.home}/{bench.tree.name}"
    yield from ("--bind", str(bench.home), ENCLOSED.home)
    yield from ("--bind", str(bench.tree), directory)
    yield from ("--ro-bind", str(bench.programs), ENCLOSED.programs)
    yield from ("--ro-bind", str(enclosures.toolbox.programs), ENCLOSED.tools[0])
    yield from ("--remount-ro", "/", "--chdir", directory)
