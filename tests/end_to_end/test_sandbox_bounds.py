"""Programs in the sandbox that take too much are ended within seconds, with the reason, and nobody else is."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from attrs import evolve
from small_plans import PlanShape

from driftlang.run.configuration import write_setup
from driftlang.run.install import ripgrep
from driftlang.run.journal import read_results
from driftlang.run.places import take_place
from driftlang.run.runner import run_plan
from driftlang.run.sandbox.arguments import TmpfsSizes, folders, isolation, system, variables
from driftlang.run.sandbox.bounds import Bounds, bound, most_tasks
from driftlang.run.sandbox.inspection import setup_of
from driftlang.run.sandbox.launch import Box, start_box
from driftlang.run.sandbox.porter import Porter
from driftlang.run.sandbox.probe import Obstacle, find_bubblewrap
from driftlang.run.sandbox.toolbox import Toolbox, make_toolbox
from driftlang.run.sandbox.watch import Watch
from driftlang.run.trial import Limits

pytestmark = pytest.mark.opencode

MIB = 1024 * 1024
SMALL = evolve(
    Bounds(), memory=200 * MIB, processes=40, threads=200, processor_seconds=8.0, file=10 * MIB, written=40 * MIB
)
#: From its beginning to its end, in seconds; a program that takes too much takes it at once.
PROMPTLY = 60.0


class _Running:
    """A command in a sandbox of its own."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box = box
        self.folder = folder
        self.reason = ""

    def tell(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.box.kill()


@pytest.fixture
def toolbox(opencode: Path, bubblewrap: str) -> Toolbox:  # noqa: ARG001 - where there is none, the test says so
    return make_toolbox(opencode, ripgrep())


@asynccontextmanager
async def _running(toolbox: Toolbox, watch: Watch, name: str, command: str) -> AsyncIterator[_Running]:
    found = find_bubblewrap()
    assert not isinstance(found, Obstacle)
    async with AsyncExitStack() as stack:
        place = stack.enter_context(take_place(name, "work"))
        place.work_tree.mkdir()
        setup = setup_of(place)
        arguments = (
            *isolation(),
            *system(TmpfsSizes(), toolbox.accounts),
            *variables(write_setup(setup)),
            *folders(setup, toolbox.programs),
        )
        shell = ("/bin/bash", "-c", f"cd {setup.directory}; {command}")
        box = await stack.enter_async_context(start_box(found[0], arguments, shell))
        running = _Running(box, place.work_tree)
        bound(box.first, SMALL)
        door = await (await stack.enter_async_context(Porter())).open(box.network, box.processes, most_tasks(SMALL))
        stack.callback(door.close)
        (await door.make_socket()).close()
        stack.enter_context(watch.over(box.first, (place.root, place.work_tree), SMALL, running.tell))
        box.release()
        yield running


async def _ended_for(toolbox: Toolbox, command: str) -> str:
    """Why a command was ended, while another one goes on beside it."""
    async with Watch(every=0.2) as watch:
        async with _running(toolbox, watch, "quiet", "sleep 100") as quiet:
            async with _running(toolbox, watch, "greedy", command) as greedy:
                begun = time.monotonic()
                async with asyncio.timeout(PROMPTLY):
                    await greedy.box.process.wait()
                assert time.monotonic() - begun < PROMPTLY
                reason = greedy.reason
            assert quiet.reason == ""
            assert quiet.box.process.returncode is None
        return reason


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("bomb() { bomb | bomb & }; bomb; sleep 100", "40 processes"),
        ("for n in $(seq 100); do (sleep 100 &) ; done; sleep 100", "40 processes"),
        ("python3 -c 'held = [bytearray(2**20) for _ in range(10**6)]'", "200 MiB of memory"),
        ("for n in 1 2 3 4 5; do (x=$(head -c 60000000 /dev/zero | tr '\\0' x); sleep 100) & done; wait", "memory"),
        ("while :; do :; done", "8 s of processor time"),
        ("for n in $(seq 200); do head -c 1000000 /dev/zero > part-$n; done; sleep 100", "40 MiB of disk"),
        ("mkdir many; for n in $(seq 60000); do : > many/$n; done; sleep 100", "of disk"),
    ],
    ids=["fork bomb", "many processes", "one hog", "several hogs", "busy loop", "many parts", "many empty files"],
)
def test_who_takes_too_much_is_ended_and_nobody_else(toolbox: Toolbox, command: str, reason: str):
    why = asyncio.run(_ended_for(toolbox, command))
    assert why.startswith("the agent's processes took more than ")
    assert reason in why


def test_an_agent_that_forks_without_end_is_an_error_with_its_reason(
    plan_of: Callable[[PlanShape], Path], tmp_path: Path, opencode: Path, bubblewrap: str
):
    plan = plan_of(PlanShape(steps=1, commands=("bomb() { bomb | bomb & }; bomb; sleep 100",)))
    limits = Limits(bounds=evolve(Bounds(), processes=60))
    run = run_plan(plan, tmp_path / "run", jobs=1, opencode=opencode, sandbox=bubblewrap, limits=limits)
    (failed,) = asyncio.run(run).failed
    assert failed.reason == "step 1 (postgres): the agent's processes took more than 60 processes"
    (result,) = read_results(tmp_path / "run")
    assert (result.record.status, result.record.sandbox.split()[0]) == ("error", "bubblewrap")


def test_one_file_and_temporary_files_are_bounded_by_the_kernel(toolbox: Toolbox):
    async def sizes() -> tuple[int, str]:
        command = "head -c 50000000 /dev/zero > large; echo $?; df --output=size -B1 /tmp /dev/shm | tail -2; ulimit -c"
        async with Watch() as watch, _running(toolbox, watch, "large", command) as running:
            async with asyncio.timeout(PROMPTLY):
                await running.box.process.wait()
            return (running.folder / "large").stat().st_size, (running.box.output.read(1000) or b"").decode()

    size, said = asyncio.run(sizes())
    assert size == SMALL.file
    status, temporary, shared, core = said.split()[-4:]
    assert (status, int(temporary), int(shared), core) == ("153", TmpfsSizes().temporary, TmpfsSizes().shared, "0")


def test_a_porter_that_was_killed_is_started_again(toolbox: Toolbox):
    async def doors() -> None:
        async with Porter() as porter, Watch() as watch, _running(toolbox, watch, "quiet", "sleep 100") as running:
            for _ in range(2):
                door = await porter.open(running.box.network, running.box.processes, 1000)
                (await door.listen(8080)).close()
                door.close()
                porter._process.kill()
                porter._process.wait()

    asyncio.run(doors())
