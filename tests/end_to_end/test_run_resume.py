"""Runs that are killed, hang or meet trouble: the next run goes on, and comes to what an undisturbed one comes to."""

import asyncio
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve
from small_plans import (
    PlanShape,
    attempts_of,
    command_line,
    commands_of,
    finished_in,
    hang_once,
    markers_of,
    results_of,
    rows_of,
    run_command_line,
    wait_until,
)

from driftlang.run.reaping import marked
from driftlang.run.runner import run_plan
from driftlang.run.schema import JOURNAL_FILE
from driftlang.run.server import ServerLimits
from driftlang.run.trial import Limits

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


def _count(run: Path, table: str) -> int:
    rows = rows_of(run, f"SELECT count(*) FROM {table}")
    return rows[0][0] if rows else 0


def _living(run: Path) -> list[int]:
    """Processes that carry the marker of some attempt."""
    return [process for marker in markers_of(run) for process in marked(marker)]


#: Moments at which the runner is killed, one after the other, each told by what the journal or the machine shows.
MOMENTS: dict[str, Callable[[Path], bool]] = {
    "the first attempt has begun": lambda run: _count(run, "attempts") >= 1,
    "a server is starting": lambda run: bool(_living(run)),
    "a step is written": lambda run: _count(run, "steps") >= 1,
    "a trial is finished and the next has begun": lambda run: (
        len(finished_in(run)) >= 1 and _count(run, "attempts WHERE status = 'running'") >= 1
    ),
    "a step of the next trial is written": lambda run: (
        _count(run, "steps JOIN attempts USING (trial, attempt) WHERE status = 'running'") >= 1
        and len(finished_in(run)) >= 1
    ),
}


def test_a_runner_killed_at_any_moment_goes_on_to_the_same_results(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    shape = PlanShape(steps=2, directions=("keep_inline", "keep_external"), models=("sim/drifter",))
    plan, run = plan_of(shape), tmp_path / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    for what, happened in MOMENTS.items():
        before = {trial: attempts_of(run)[trial] for trial in finished_in(run)}
        known = set(markers_of(run))
        with command_line("run", plan, "-o", tmp_path / "runs", "--jobs", 1, environment=environment) as runner:
            # What the former runner left in the journal is not this one's moment.
            wait_until(
                lambda: (set(markers_of(run)) - known and happened(run)) or runner.poll() is not None,  # noqa: B023 - called here
                what=what,
            )
            assert runner.poll() is None, f"the run ended before {what}"
            runner.kill()
            runner.wait()
        assert {trial: attempts_of(run)[trial] for trial in before} == before, "a finished trial was run again"
        with closing(sqlite3.connect(run / JOURNAL_FILE)) as journal:
            assert journal.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    done = {trial: attempts_of(run)[trial] for trial in finished_in(run)}
    status, said, complained = run_command_line(
        "run", plan, "-o", tmp_path / "runs", "--quiet", environment=environment
    )
    assert (status, complained) == (0, "")
    assert "2 of 2 trials finished" in said
    assert {trial: attempts_of(run)[trial] for trial in done} == done
    assert _living(run) == []
    asyncio.run(run_plan(plan, tmp_path / "undisturbed", opencode=opencode))
    assert results_of(run) == results_of(tmp_path / "undisturbed")


def test_a_runner_killed_in_the_middle_of_a_command_takes_its_sandboxes_with_it(
    plan_of: MakePlan, tmp_path: Path, opencode: Path, bubblewrap: str
):
    plan, run = plan_of(PlanShape(steps=1, commands=("sleep 601",))), tmp_path / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    with command_line("run", plan, "-o", tmp_path / "runs", "--sandbox", bubblewrap, environment=environment) as runner:
        wait_until(lambda: commands_of(run, "sleep 601"), what="command that hangs")
        runner.kill()
        runner.wait()
    wait_until(lambda: not _living(run), what="end of all that it had started", seconds=20)


def test_a_runner_killed_without_a_sandbox_leaves_no_process_once_it_goes_on(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    flag = tmp_path / "hanging"
    plan, run = plan_of(PlanShape(steps=1, commands=(hang_once(flag),))), tmp_path / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    free = ("--sandbox", "none")
    with command_line("run", plan, "-o", tmp_path / "runs", *free, environment=environment) as runner:
        wait_until(flag.exists, what="command that hangs")
        runner.kill()
        runner.wait()
    assert _living(run), "the command outlives the runner"
    assert run_command_line("run", plan, "-o", tmp_path / "runs", *free, environment=environment)[0] == 0
    assert _living(run) == []
    assert attempts_of(run) == dict.fromkeys(finished_in(run), 2)


def _server_of(run: Path) -> int:
    """Process id of the only server that runs."""
    (server,) = commands_of(run, "opencode serve")
    return server


@pytest.mark.parametrize(
    ("blow", "reason"),
    [(signal.SIGKILL, "the server ended by SIGKILL"), (signal.SIGSTOP, "questions for its health unanswered")],
    ids=["dies", "hangs"],
)
def test_a_server_lost_in_the_middle_of_a_turn_is_an_error_that_is_tried_again(  # noqa: PLR0917 - fixtures
    plan_of: MakePlan, tmp_path: Path, opencode: Path, traces: Path, blow: signal.Signals, reason: str
):
    flag = traces / "hanging"
    plan = plan_of(PlanShape(steps=2, commands=(hang_once(flag),)))
    limits = Limits(server=evolve(ServerLimits(), health_every=0.5, health_timeout=2.0))
    run = tmp_path / "run"

    async def strike() -> None:
        going = asyncio.create_task(run_plan(plan, run, jobs=1, opencode=opencode, limits=limits))
        await asyncio.to_thread(wait_until, flag.exists, what="command that hangs")
        os.kill(_server_of(run), blow)
        async with asyncio.timeout(60):
            summary = await going
        assert (summary.finished, summary.failed) == (1, ())

    asyncio.run(strike())
    (first, second) = rows_of(run, "SELECT status, reason FROM attempts ORDER BY attempt")
    assert first[0] == "error"
    assert first[1].startswith("step 1 (postgres): ")
    assert reason in first[1]
    assert second == ("finished", "")
    assert _living(run) == []
    asyncio.run(run_plan(plan, tmp_path / "undisturbed", opencode=opencode))
    assert results_of(run) == results_of(tmp_path / "undisturbed")


@pytest.mark.parametrize("sandbox", ["auto", "none"])
def test_an_interrupted_run_stops_in_order(plan_of: MakePlan, tmp_path: Path, opencode: Path, sandbox: str):
    plan, run = plan_of(PlanShape(steps=1, commands=("sleep 602",))), tmp_path / "runs" / "small"
    arguments = ("run", plan, "-o", tmp_path / "runs", "--sandbox", sandbox, "--quiet")
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    with command_line(*arguments, environment=environment) as runner:
        wait_until(lambda: commands_of(run, "sleep 602"), what="command that hangs")
        runner.send_signal(signal.SIGINT)
        said, complained = runner.communicate(timeout=30)
    assert (runner.returncode, said) == (4, "")
    assert complained.splitlines() == [
        "error: the run was interrupted",
        "help: the same command goes on where it stopped",
    ]
    assert _living(run) == []


def test_a_turn_that_does_not_end_is_aborted_at_its_limit_and_the_trial_is_an_error(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    plan = plan_of(PlanShape(steps=1, commands=("sleep 600",), turn_seconds=6.0))
    summary = asyncio.run(run_plan(plan, tmp_path / "run", jobs=1, opencode=opencode))
    (failed,) = summary.failed
    assert failed.reason == "step 1 (postgres): the turn did not end within 6 s"
    assert list(attempts_of(tmp_path / "run").values()) == [2], "tried again once, then left"
    assert _living(tmp_path / "run") == []


def test_a_full_disk_ends_the_run_with_one_message_and_a_good_journal(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    """Each file that the agent writes is within the limit on files; what the second step adds to the journal is not."""
    fill = "test -e a.bin && head -c 7000000 /dev/urandom > b.bin; head -c 7000000 /dev/urandom > a.bin"
    plan, runs = plan_of(PlanShape(steps=2, commands=(fill,))), tmp_path / "runs"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    call = shlex.join([sys.executable, "-m", "driftlang", "run", str(plan), "-o", str(runs), "--quiet"])
    ended = subprocess.run(
        ["/bin/bash", "-c", f"ulimit -f 12000; exec {call}"],  # in KiB
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 4
    assert ended.stdout == ""
    assert [text.split(":")[0] for text in ended.stderr.splitlines()] == ["error", "help"]
    assert JOURNAL_FILE in ended.stderr
    assert rows_of(runs / "small", "SELECT count(*) FROM steps") == [(1,)]
    assert run_command_line("run", plan, "-o", runs, environment=environment)[0] == 0
    assert len(finished_in(runs / "small")) == 1
