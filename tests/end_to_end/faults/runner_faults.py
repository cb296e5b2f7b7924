"""What can befall the runner itself: each a run of its own, of one trial.

In: folders and the real OpenCode. Out: a `RunnerFault` for each.
Refuses to do: saying what ought to be; the tests do.
"""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web
from attrs import frozen
from fault_provider import Fault, FaultProvider, Strike
from fault_runs import LIMITS, end_of, fault_plan, outcomes_of
from small_plans import command_line, finished_in, results_of, rows_of, run_command_line, wait_until

from driftlang.diagnostics.failure import Failure
from driftlang.run.journal import read_results
from driftlang.run.records import TrialRecord
from driftlang.run.runner import run_plan

_HOUR = 3600.0


@frozen
class RunnerFault:
    """What a run came to.

    Attributes:
        record: of its only trial.
        outcomes: of the trial's steps.
        end: what the trial came to (see `fault_runs.end_of`).
        said: what was said to the user about the fault.
        lost: what had happened and is not on record any more.
    """

    name: str
    done: str
    record: TrialRecord
    outcomes: tuple[str, ...]
    end: object
    said: str = ""
    lost: tuple[str, ...] = ()


def _found(name: str, done: str, run: Path, said: str = "", lost: tuple[str, ...] = ()) -> RunnerFault:
    (result,) = read_results(run)
    (end,) = results_of(run).values()
    return RunnerFault(name, done, result.record, outcomes_of(run)[result.record.trial], end_of(end), said, lost)


def runner_killed(folder: Path, opencode: Path) -> RunnerFault:
    """SIGKILL as soon as a step is written; then the same command again."""
    plan, run = fault_plan(folder / "plan", 1), folder / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    steps = "SELECT attempt, position, before, after FROM steps ORDER BY attempt, position"
    with command_line("run", plan, "-o", folder / "runs", environment=environment) as runner:
        wait_until(lambda: rows_of(run, steps) or runner.poll() is not None, what="step that is written")
        runner.kill()
        runner.wait()
    before, is_done = rows_of(run, steps), bool(finished_in(run))
    status, _, complained = run_command_line("run", plan, "-o", folder / "runs", "--quiet", environment=environment)
    assert (status, complained, is_done) == (0, "", False)
    after = rows_of(run, steps)
    lost = tuple(f"step {row[1]} of attempt {row[0]}" for row in before if row not in after)
    return _found("runner killed", "SIGKILL when a step is written, then run again", run, lost=lost)


def clock_moved(folder: Path, opencode: Path) -> RunnerFault:
    """The clock of the runner goes an hour on in the middle of a turn, and two hours back in the middle of it."""
    plan, run = fault_plan(folder / "plan", 1), folder / "run"
    true_time, moved = time.time, [0.0]

    async def move(strike: Strike) -> web.StreamResponse:
        moved[0] = _HOUR if strike.plant.strikes == 1 else -_HOUR
        return await strike.play()

    provider = FaultProvider((Fault("clock moved", "", move, times=2),), run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: true_time() + moved[0])
        asyncio.run(run_plan(plan, run, jobs=1, retries=0, opencode=opencode, limits=LIMITS, simulated=provider))
    return _found("clock moved", "an hour on, then two hours back, within a turn", run)


def two_runners(folder: Path, opencode: Path) -> RunnerFault:
    """A second runner on the folder of the first one, which goes on."""
    plan, run = fault_plan(folder / "plan", 1), folder / "run"

    async def both() -> str:
        first = asyncio.create_task(run_plan(plan, run, jobs=1, retries=0, opencode=opencode, limits=LIMITS))
        await asyncio.to_thread(
            wait_until, lambda: rows_of(run, "SELECT trial FROM attempts") or first.done(), what="attempt"
        )
        try:
            await run_plan(plan, run, jobs=1, retries=0, opencode=opencode, limits=LIMITS)
            said = ""
        except Failure as failure:
            said = re.sub(r"process \d+", "process ID", failure.message.replace(str(run), "the folder"))
        await first
        return said

    return _found("two runners in one folder", "a second one while the first is at work", run, asyncio.run(both()))


def two_runs(folder: Path, opencode: Path) -> RunnerFault:
    """Two runners run the same trial at the same time, each into a folder of its own."""
    plan, runs = fault_plan(folder / "plan", 1), (folder / "run", folder / "other")

    async def both() -> None:
        going = [run_plan(plan, run, jobs=1, retries=0, opencode=opencode, limits=LIMITS) for run in runs]
        await asyncio.gather(*going)

    asyncio.run(both())
    found, other = (_found("two runners on one plan", "each into a folder of its own", run) for run in runs)
    assert found.end == other.end
    return found


RUNNER_FAULTS: tuple[Callable[[Path, Path], RunnerFault], ...] = (runner_killed, clock_moved, two_runners, two_runs)
