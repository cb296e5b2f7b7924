"""A run's folder: one plan, one runner at a time, never half a copy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.folder import hold


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
