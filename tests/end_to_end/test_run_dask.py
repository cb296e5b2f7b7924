"""Runs on Dask workers: the same results as on one machine, whatever becomes of workers and coordinators."""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dask_processes import DaskProcesses, dask_processes, descendants
from small_plans import (
    PlanShape,
    command_line,
    finished_in,
    hang_once,
    results_of,
    rows_of,
    run_command_line,
    wait_until,
)

import driftlang
from driftlang.run.runner import run_plan

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]
HANGING = "sleep 600"
#: The agents' commands leave a trace outside of their work tree, by which they hang once.
UNCONFINED = ("--sandbox", "none")


@pytest.fixture
def dask(tmp_path: Path, opencode: Path) -> Iterator[DaskProcesses]:
    """A scheduler without workers."""
    with dask_processes(tmp_path / "dask", DRIFTLANG_OPENCODE=str(opencode)) as processes:
        yield processes


def _hanging(worker: "subprocess.Popen[bytes]") -> list[int]:
    """Processes of the worker that hang because they were told to."""
    return [process for process, line in descendants(worker.pid).items() if line == HANGING]


def _lives(process: int) -> bool:
    try:
        return HANGING.encode() in Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return False


def test_a_run_whose_worker_is_killed_comes_to_what_a_run_on_one_machine_comes_to(
    plan_of: MakePlan, tmp_path: Path, opencode: Path, dask: DaskProcesses
):
    flag = tmp_path / "hanging"
    shape = PlanShape(
        steps=2, directions=("keep_inline", "keep_external"), models=("sim/drifter",), commands=(hang_once(flag),)
    )
    plan, run = plan_of(shape), tmp_path / "runs" / "small"
    workers = [dask.add_worker(), dask.add_worker()]
    call = ("run", plan, "-o", tmp_path / "runs", "--dask", dask.address, *UNCONFINED, "--json")
    with command_line(*call) as runner:
        wait_until(lambda: any(map(_hanging, workers)), what="command that hangs on a worker")
        (lost,) = (worker for worker in workers if _hanging(worker))
        left = _hanging(lost)
        lost.kill()
        said, complained = runner.communicate(timeout=200)
    assert (runner.returncode, complained) == (0, "")
    told = json.loads(said)
    assert (told["finished"], told["failed"], told["stopped"]) == (2, [], [])
    assert rows_of(run, "SELECT status, count(*) FROM attempts GROUP BY status") == [("cut", 1), ("finished", 2)]
    assert [process for process in left if _lives(process)] == [], "what the lost worker left was ended"
    asyncio.run(run_plan(plan, tmp_path / "alone", jobs=2, opencode=opencode, sandbox="none"))
    assert results_of(run) == results_of(tmp_path / "alone")


def test_a_trial_that_loses_as_many_workers_as_dask_allows_is_an_error(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    plan, run = plan_of(PlanShape(steps=1, commands=(HANGING,))), tmp_path / "runs" / "small"
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with dask_processes(tmp_path / "dask", DRIFTLANG_OPENCODE=str(opencode), **allowed) as dask:
        worker = dask.add_worker()
        call = ("run", plan, "-o", tmp_path / "runs", "--dask", dask.address, "--retries", "0", "--json")
        with command_line(*call) as runner:
            wait_until(lambda: _hanging(worker), what="command that hangs on a worker")
            worker.kill()
            said, _ = runner.communicate(timeout=60)
    assert runner.returncode == 4
    (failed,) = json.loads(said)["failed"]
    assert failed["reason"] == "workers were lost while they were at it: 1"
    assert rows_of(run, "SELECT status FROM attempts") == [("error",)]


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_a_coordinator_that_ends_leaves_nothing_at_work_and_the_run_goes_on(
    plan_of: MakePlan, tmp_path: Path, dask: DaskProcesses, blow: signal.Signals
):
    flag = tmp_path / "hanging"
    plan, run = plan_of(PlanShape(steps=1, commands=(hang_once(flag),))), tmp_path / "runs" / "small"
    worker = dask.add_worker()
    call = ("run", plan, "-o", tmp_path / "runs", "--quiet", "--dask", dask.address, *UNCONFINED)
    with command_line(*call) as runner:
        wait_until(lambda: _hanging(worker), what="command that hangs on a worker")
        runner.send_signal(blow)
        _, complained = runner.communicate(timeout=60)
    if blow is signal.SIGINT:
        assert runner.returncode == 4
        assert complained.splitlines()[0] == "error: the run was interrupted"
        assert _hanging(worker) == []
    wait_until(lambda: not _hanging(worker), what="end of the attempt that nobody wants", seconds=30)
    assert finished_in(run) == set()
    assert run_command_line(*call)[0] == 0
    assert len(finished_in(run)) == 1


def test_a_worker_of_another_version_is_refused_before_anything_is_run(
    plan_of: MakePlan, tmp_path: Path, dask: DaskProcesses
):
    other = tmp_path / "other" / "driftlang"
    shutil.copytree(Path(driftlang.__file__).parent, other, ignore=shutil.ignore_patterns("__pycache__"))
    (other / "run" / "records.py").write_text((other / "run" / "records.py").read_text() + "\n# changed\n")
    dask.add_worker(PYTHONPATH=str(other.parent))
    plan = plan_of(PlanShape(steps=1))
    status, said, complained = run_command_line("run", plan, "-o", tmp_path / "runs", "--dask", dask.address)
    assert (status, said) == (2, "")
    error, help_line = complained.splitlines()
    assert error.startswith("error: the worker tcp://127.0.0.1:")
    assert help_line.startswith("help: install the same version of driftlang there")


def test_an_address_where_no_scheduler_answers(plan_of: MakePlan, tmp_path: Path):
    plan = plan_of(PlanShape(steps=1))
    status, said, complained = run_command_line("run", plan, "-o", tmp_path / "runs", "--dask", "tcp://127.0.0.1:9")
    assert (status, said) == (4, "")
    assert complained.startswith("error: no Dask scheduler answers at `tcp://127.0.0.1:9`")
    assert len(complained.splitlines()) == 2
