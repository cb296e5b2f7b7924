"""A run that is asked for more pays for no more than that, and what it has had so far stays as it was."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from small_plans import (
    PlanShape,
    attempts_of,
    finished_in,
    results_of,
    rows_of,
    run_command_line,
)

from driftlang.run.folder import hold
from driftlang.run.journal import Journal
from driftlang.run.runner import run_plan
from driftlang.run.verifying import verify_run

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]
SHAPE = PlanShape(steps=1, models=("sim/drifter",))


def test_more_repeats_are_paid_for_alone_and_the_journal_notes_the_plan(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    run = tmp_path / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    first, more = plan_of(SHAPE), plan_of(evolve(SHAPE, repeat=2))
    assert run_command_line("run", first, "-o", run.parent, environment=environment)[0] == 0
    before = results_of(run)
    (known,) = finished_in(run)
    status, said, _ = run_command_line("run", more, "-o", run.parent, environment=environment)
    assert (status, said.splitlines()[0].partition(" (")[0]) == (0, "2 of 2 trials finished, 1 of them before")
    assert results_of(run)[known] == before[known]
    assert attempts_of(run)[known] == 1, "nothing was paid for twice"
    assert rows_of(run, "SELECT count(*) FROM records WHERE kind = 'plan'") == [(2,)]
    assert verify_run(run).findings == ()
    status, _, complained = run_command_line("run", first, "-o", run.parent, environment=environment)
    assert (status, "it has 2 repeats, not 1" in complained) == (2, True)


def test_attempts_before_a_kill_count(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    """A trial is tried twice in one run, and a run that was killed and goes on is one."""
    plan = plan_of(evolve(SHAPE, commands=("sleep 600",), turn_seconds=6.0))
    run = tmp_path / "run"
    with hold(run, plan) as folder:
        trials = _trials(plan)
        with Journal(run, folder.digest, trials) as journal:  # what a killed runner left
            journal.end(journal.begin(trials[0], "0" * 32, "0" * 12), "the server died", 1.0, ())
    summary = asyncio.run(run_plan(plan, run, jobs=1, opencode=opencode))
    assert [failed.reason for failed in summary.failed] == ["step 1 (postgres): the turn did not end within 6 s"]
    reasons = rows_of(run, "SELECT reason FROM attempts ORDER BY attempt")
    assert reasons == [("the server died",), ("step 1 (postgres): the turn did not end within 6 s",)]
    assert verify_run(run).findings == ()


def test_errors_may_be_left_alone_or_be_all_that_is_tried(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(evolve(SHAPE, repeat=2))
    run = tmp_path / "runs" / "small"
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    first, second = _trials(plan)
    with hold(run, plan) as folder, Journal(run, folder.digest, (first, second)) as journal:
        journal.end(journal.begin(first, "0" * 32, "0" * 12), "the server died", 1.0, ())
        journal.close_run()
    run_command_line("run", plan, "-o", run.parent, "--retry", "none", environment=environment)
    assert (finished_in(run), attempts_of(run)) == ({second}, {first: 1, second: 1})
    run_command_line("run", plan, "-o", run.parent, "--retry", "errors", environment=environment)
    assert (finished_in(run), attempts_of(run)) == ({first, second}, {first: 2, second: 1})


def test_two_runners_on_one_plan_with_a_folder_each_do_not_meet(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(evolve(SHAPE, steps=2))
    folders = [tmp_path / "one", tmp_path / "other"]
    troubles: list[BaseException] = []

    def go(folder: Path) -> None:
        try:
            asyncio.run(run_plan(plan, folder, jobs=1, opencode=opencode))
        except BaseException as trouble:  # noqa: BLE001 - told in the test's own thread
            troubles.append(trouble)

    threads = [threading.Thread(target=go, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)
    assert troubles == []
    assert results_of(folders[0]) == results_of(folders[1])
    assert [verify_run(folder).findings for folder in folders] == [(), ()]


def _trials(plan: Path) -> list[str]:
    from driftlang.build.plan_toml import read_plan

    return [trial.id for trial in read_plan(plan).trials]
