"""A run's folder: one plan, one runner at a time, never half a copy."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.folder import FORMER_PLANS, hold, is_held

sys.path.insert(0, str(Path(__file__).parents[2] / "end_to_end"))
from small_plans import PlanShape, make_plan


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "generated" / "small"
    (folder / "repos" / "r1" / ".git").mkdir(parents=True)
    (folder / "plan.toml").write_text("format = 1\n")
    (folder / "repos" / "r1" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return folder


def test_the_plan_is_copied_whole(plan: Path, tmp_path: Path):
    with hold(tmp_path / "run", plan) as held:
        copied = {path.relative_to(held.plan).as_posix() for path in held.plan.rglob("*") if path.is_file()}
    assert copied == {"plan.toml", "repos/r1/.git/HEAD"}


def test_the_run_goes_on_from_its_own_copy(plan: Path, tmp_path: Path):
    with hold(tmp_path / "run", plan) as first:
        pass
    with hold(tmp_path / "run", first.plan) as second:
        assert second == first


@pytest.mark.parametrize("path", ["plan.toml", "repos/r1/.git/HEAD", "new.toml"])
def test_another_plan_is_refused(plan: Path, tmp_path: Path, path: str):
    with hold(tmp_path / "run", plan):
        pass
    (plan / path).write_text("another\n")
    with pytest.raises(Failure, match="the run of another plan") as refusal, hold(tmp_path / "run", plan):
        pass
    assert refusal.value.status is ExitStatus.MISUSE


def test_a_second_runner_is_refused_and_told_who_is_at_work(plan: Path, tmp_path: Path):
    script = (
        "from driftlang.run.folder import hold; import sys, pathlib; hold(*map(pathlib.Path, sys.argv[1:])).__enter__()"
    )
    with hold(tmp_path / "run", plan):
        second = subprocess.run(
            [sys.executable, "-c", script, tmp_path / "run", plan], capture_output=True, text=True, check=False
        )
    assert f"another runner (process {os.getpid()}) is at work" in second.stderr


def test_a_lock_goes_with_its_holder(plan: Path, tmp_path: Path):
    script = (
        "from driftlang.run.folder import hold; import sys, pathlib, os, signal; "
        "held = hold(*map(pathlib.Path, sys.argv[1:])); held.__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, tmp_path / "run", plan], check=False)
    assert killed.returncode == -9
    with hold(tmp_path / "run", plan) as held:
        assert held.plan.is_dir()


def test_a_copy_that_was_cut_off_is_made_anew(plan: Path, tmp_path: Path):
    left = tmp_path / "run" / ".plan-cutoff" / "plan"
    left.mkdir(parents=True)
    (left / "plan.toml").write_text("half")
    with hold(tmp_path / "run", plan) as held:
        assert sorted(path.name for path in held.path.iterdir()) == ["lock", "plan"]


@pytest.mark.parametrize("place", ["/proc/driftlang", "file/run"])
def test_a_place_that_cannot_be_written_is_one_failure(plan: Path, tmp_path: Path, place: str):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="the run cannot be written to") as failure, hold(tmp_path / place, plan):
        pass
    assert failure.value.status is ExitStatus.INFRASTRUCTURE


def test_a_plan_with_more_takes_the_place_of_the_former_which_is_kept(tmp_path: Path):
    shapes = [PlanShape(repeat=repeat) for repeat in (1, 2, 3)]
    plans = [make_plan(tmp_path / f"plan-{number}", shape) for number, shape in enumerate(shapes)]
    for plan in plans:
        with hold(tmp_path / "run", plan) as held:
            pass
    formers = sorted((tmp_path / "run" / FORMER_PLANS).iterdir())
    assert [read_plan(path).study.repeat for path in (*formers, held.plan)] == [1, 2, 3]
    assert [path.name for path in formers] == ["1", "2"]


def test_a_plan_with_other_scorers_takes_the_place_of_the_former(tmp_path: Path):
    """Outcomes are made from the journal each time, so that the analysis may change and no trial is run again."""
    plan, run = make_plan(tmp_path / "plan", PlanShape()), tmp_path / "run"
    (plan / "scorers").mkdir()
    for rule in ("first", "second"):
        (plan / "scorers" / "ledger.toml").write_text(rule)
        with hold(run, plan) as held:
            pass
    assert (held.plan / "scorers" / "ledger.toml").read_text() == "second"
    assert (run / FORMER_PLANS / "1" / "scorers" / "ledger.toml").read_text() == "first"


def test_a_runner_killed_between_two_plans_goes_on_with_the_former(tmp_path: Path):
    former, other = (make_plan(tmp_path / name, PlanShape(steps=steps)) for name, steps in (("a", 1), ("b", 2)))
    run = tmp_path / "run"
    with hold(run, former) as held:
        pass
    (run / FORMER_PLANS).mkdir()
    held.plan.rename(run / FORMER_PLANS / "1")
    with pytest.raises(Failure, match="another plan"), hold(run, other):
        pass
    with hold(run, former) as again:
        assert again.plan.is_dir()


def test_whether_a_runner_is_at_work_can_be_asked_without_standing_in_its_way(plan: Path, tmp_path: Path):
    run = tmp_path / "run"
    assert not is_held(run)
    with hold(run, plan):
        assert is_held(run)
    assert not is_held(run)


def test_a_reader_that_asks_at_the_same_instant_does_not_keep_a_runner_out(plan: Path, tmp_path: Path):
    run = tmp_path / "run"
    with hold(run, plan):
        pass
    with (run / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        Timer(0.05, fcntl.flock, (lock, fcntl.LOCK_UN)).start()
        with hold(run, plan) as held:
            assert held.plan.is_dir()


def test_a_former_plan_that_cannot_be_kept_leaves_everything_as_it_was(tmp_path: Path):
    plans = [make_plan(tmp_path / name, PlanShape(repeat=repeat)) for name, repeat in (("a", 1), ("b", 2))]
    with hold(tmp_path / "other", plans[0]):
        pass
    (tmp_path / "other" / FORMER_PLANS).write_text("in the way")
    with pytest.raises(Failure, match="cannot be copied") as failure, hold(tmp_path / "other", plans[1]):
        pass
    assert failure.value.status is ExitStatus.INFRASTRUCTURE
    with hold(tmp_path / "other", plans[0]) as held:
        assert read_plan(held.plan).study.repeat == 1, "the former plan is where it was"
