"""Runs on Dask workers: the same results as on one machine, whatever becomes of workers and coordinators."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dask_processes import DaskProcesses, dask_processes
from held_commands import HELD, held_below, is_held, letting_go
from small_plans import (
    PlanShape,
    command_line,
    finished_in,
    results_of,
    rows_of,
    run_command_line,
    wait_until,
)

import driftlang

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


@pytest.fixture
def dask(tmp_path: Path, opencode: Path) -> Iterator[DaskProcesses]:
    """A scheduler without workers."""
    with dask_processes(tmp_path / "dask", DRIFTLANG_OPENCODE=str(opencode)) as processes:
        yield processes


def _held(worker: "subprocess.Popen[bytes]") -> list[int]:
    """Processes of the worker's attempts that wait, in their sandboxes, until they are let go."""
    return held_below(worker.pid)


def test_a_run_whose_worker_is_killed_comes_to_what_a_run_on_one_machine_comes_to(
    plan_of: MakePlan, tmp_path: Path, dask: DaskProcesses, bubblewrap: str
):
    shape = PlanShape(
        steps=2,
        directions=("keep_inline", "keep_external"),
        models=("sim/drifter",),
        turn_seconds=150.0,
        commands=(HELD,),
    )
    plan, run = plan_of(shape), tmp_path / "runs" / "small"
    lost, kept = dask.add_worker(), dask.add_worker()
    call = ("run", plan, "--sandbox", bubblewrap, "--json")
    with command_line(*call, "-o", tmp_path / "runs", "--dask", dask.address) as runner:
        wait_until(lambda: _held(lost) and _held(kept), what="commands of agents on both workers")
        left = _held(lost)
        lost.kill()
        with letting_go(kept.pid):
            said, complained = runner.communicate(timeout=200)
    assert (runner.returncode, complained) == (0, "")
    told = json.loads(said)
    assert (told["finished"], told["failed"], told["stopped"]) == (2, [], [])
    assert rows_of(run, "SELECT status, count(*) FROM attempts GROUP BY status") == [("cut", 1), ("finished", 2)]
    assert [process for process in left if is_held(process)] == [], "what the lost worker left was ended"
    with command_line(*call, "-o", tmp_path / "alone", "--jobs", 2) as runner, letting_go(runner.pid):
        _, complained = runner.communicate(timeout=200)
    assert (runner.returncode, complained) == (0, "")
    assert results_of(run) == results_of(tmp_path / "alone" / "small")


def test_a_trial_that_loses_as_many_workers_as_dask_allows_is_an_error(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    plan, run = plan_of(PlanShape(steps=1, commands=(HELD,))), tmp_path / "runs" / "small"
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with dask_processes(tmp_path / "dask", DRIFTLANG_OPENCODE=str(opencode), **allowed) as dask:
        worker = dask.add_worker()
        call = ("run", plan, "-o", tmp_path / "runs", "--dask", dask.address, "--retries", "0", "--json")
        with command_line(*call) as runner:
            wait_until(lambda: _held(worker), what="command of an agent on a worker")
            worker.kill()
            said, _ = runner.communicate(timeout=60)
    assert runner.returncode == 4
    (failed,) = json.loads(said)["failed"]
    assert failed["reason"] == "workers were lost while they were at it: 1"
    assert rows_of(run, "SELECT status FROM attempts") == [("error",)]


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_a_coordinator_that_ends_leaves_nothing_at_work_and_the_run_goes_on(
    plan_of: MakePlan, tmp_path: Path, dask: DaskProcesses, bubblewrap: str, blow: signal.Signals
):
    plan, run = plan_of(PlanShape(steps=1, commands=(HELD,))), tmp_path / "runs" / "small"
    worker = dask.add_worker()
    call = ("run", plan, "-o", tmp_path / "runs", "--quiet", "--dask", dask.address, "--sandbox", bubblewrap)
    with command_line(*call) as runner:
        wait_until(lambda: _held(worker), what="command of an agent on a worker")
        runner.send_signal(blow)
        _, complained = runner.communicate(timeout=60)
    if blow is signal.SIGINT:
        assert runner.returncode == 4
        assert complained.splitlines()[0] == "error: the run was interrupted"
        assert _held(worker) == []
    wait_until(lambda: not _held(worker), what="end of the attempt that nobody wants", seconds=30)
    assert finished_in(run) == set()
    with letting_go(worker.pid):
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
