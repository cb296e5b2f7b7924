"""A server killed at any moment: its trial is tried again, and the run comes to what an undisturbed one comes to."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from small_plans import PlanShape, markers_of, results_of, rows_of, wait_until

from driftlang.run.reaping import marked
from driftlang.run.runner import run_plan

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


def _living(run: Path) -> list[int]:
    return [process for marker in markers_of(run) for process in marked(marker)]


def _written_steps(run: Path) -> int:
    rows = rows_of(run, "SELECT count(*) FROM steps")
    return rows[0][0] if rows else 0


#: When the server is killed: told by the run's folder, and by the folder where the agent's commands leave a trace.
MOMENTS: dict[str, Callable[[Path, Path], bool]] = {
    "it has been started": lambda run, _: bool(_living(run)),
    "a command of the first step is under way": lambda _, traces: (traces / "began-1").exists(),
    "the first step is written": lambda run, _: _written_steps(run) >= 1,
    "a command of the last step is under way": lambda _, traces: (traces / "began-2").exists(),
    "the last step is written": lambda run, _: _written_steps(run) >= 2,
}


def _tracing(traces: Path) -> str:
    """A command that says it has begun, by its number, and hangs the one time that it is told to.

    Redirections only: OpenCode refuses `touch` and `cd` outside of the repository.
    """
    began, hold, held = traces / "began", traces / "hold", traces / "held"
    return (
        f"n=1; test -e {began}-1 && n=2; echo > {began}-$n; "
        f"if test -e {hold}-$n && ! test -e {held}; then echo > {held}; sleep 600; fi"
    )


@pytest.mark.parametrize("what", MOMENTS)
def test_a_killed_server_costs_an_attempt_and_no_result(
    plan_of: MakePlan, tmp_path: Path, opencode: Path, traces: Path, what: str
):
    run = tmp_path / "run"
    plan = plan_of(PlanShape(steps=2, commands=(_tracing(traces),)))
    if "command" in what:
        (traces / ("hold-1" if "first" in what else "hold-2")).touch()

    async def strike() -> None:
        going = asyncio.create_task(run_plan(plan, run, jobs=1, opencode=opencode))
        await asyncio.to_thread(wait_until, lambda: MOMENTS[what](run, traces), what=what)
        for process in _living(run):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        async with asyncio.timeout(120):
            await going

    asyncio.run(strike())
    # What this run could not mend by its own second attempt, the next one does; a finished trial stays as it is.
    before = rows_of(run, "SELECT trial, attempts FROM trials WHERE status = 'finished'")
    summary = asyncio.run(run_plan(plan, run, jobs=1, opencode=opencode))
    assert (summary.finished, summary.failed) == (1, ())
    assert rows_of(run, "SELECT trial, attempts FROM trials")[: len(before)] == before
    assert _living(run) == []
    asyncio.run(run_plan(plan, tmp_path / "undisturbed", jobs=1, opencode=opencode))
    assert results_of(run) == results_of(tmp_path / "undisturbed")
