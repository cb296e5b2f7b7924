"""What `driftlang run` cannot work with: one message, the documented status, no traceback, nothing half-written."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from small_plans import PlanShape, run_command_line

from driftlang.run.folder import hold

MakePlan = Callable[[PlanShape], Path]


def _refusal(*arguments: object, opencode: str = "/nowhere/opencode") -> tuple[int, str]:
    """Exit status and the error's text; there must be one error, one line of help, and nothing else."""
    status, said, complained = run_command_line(*arguments, environment={"DRIFTLANG_OPENCODE": opencode})
    assert said == ""
    error, *rest = complained.splitlines()
    assert error.startswith("error: ")
    assert [line[:6] for line in rest] == ["help: "]
    return status, error.removeprefix("error: ")


def test_a_file_that_does_not_exist(tmp_path: Path):
    status, error = _refusal("run", tmp_path / "none.drift", "-o", tmp_path / "runs")
    assert (status, "none.drift" in error) == (2, True)
    assert not (tmp_path / "runs").exists()


def test_a_folder_without_a_plan(tmp_path: Path):
    status, error = _refusal("run", tmp_path, "-o", tmp_path / "runs")
    assert (status, "no plan" in error) == (2, True)
    assert not (tmp_path / "runs").exists()


def test_a_damaged_plan(plan_of: MakePlan, tmp_path: Path):
    plan = plan_of(PlanShape(steps=1))
    (plan / "plan.toml").write_text((plan / "plan.toml").read_text()[:-40])
    status, error = _refusal("run", plan, "-o", tmp_path / "runs", "--quiet")
    assert (status, "plan.toml" in error) == (2, True)
    assert not (tmp_path / "runs").exists()


def test_a_plan_that_is_no_longer_what_was_built(plan_of: MakePlan, tmp_path: Path):
    plan = plan_of(PlanShape(steps=1))
    digest = sha256((plan / "plan.toml").read_bytes()).hexdigest()
    (plan / "MANIFEST.toml").write_text(f'[files]\n"plan.toml" = "{digest}"\n"scorers/ledger.toml" = "{digest}"\n')
    status, error = _refusal("run", plan, "-o", tmp_path / "runs", "--quiet")
    assert (status, "ledger.toml` is gone" in error) == (2, True)
    assert not (tmp_path / "runs").exists()


def test_a_model_that_cannot_be_reached(plan_of: MakePlan, tmp_path: Path):
    plan = plan_of(PlanShape(steps=1, models=("sim/keeper", "nobody/gpt-5-mini")))
    status, error = _refusal("run", plan, "-o", tmp_path / "runs", "--quiet")
    assert status == 2
    assert error == "no provider of `nobody/gpt-5-mini` can be reached: there is none of the name `nobody`"
    assert not (tmp_path / "runs").exists()


def test_a_model_whose_key_is_not_there(plan_of: MakePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    plan = plan_of(PlanShape(steps=1, models=("openai/gpt-5-mini",)))
    status, error = _refusal("run", plan, "-o", tmp_path / "runs", "--quiet")
    assert (status, error) == (2, "the key of `openai` is missing: OPENAI_API_KEY is not set")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(("option", "value"), [("--budget", "-1"), ("--budget", "much"), ("--prices", "none.toml")])
def test_money_that_means_nothing(plan_of: MakePlan, tmp_path: Path, option: str, value: str):
    status, error = _refusal("run", plan_of(PlanShape(steps=1)), "-o", tmp_path / "runs", option, value, "--quiet")
    assert (status, value in error) == (2, True)
    assert not (tmp_path / "runs").exists()


def test_a_model_that_the_plan_does_not_have(plan_of: MakePlan, tmp_path: Path):
    status, error = _refusal("run", plan_of(PlanShape()), "-o", tmp_path / "runs", "--model", "sim/keeper", "--quiet")
    assert (status, error) == (2, "the plan has no model `sim/keeper`")


def test_a_simulated_model_that_does_not_exist(plan_of: MakePlan, tmp_path: Path):
    status, error = _refusal("run", plan_of(PlanShape(models=("sim/keepr",))), "-o", tmp_path / "runs", "--quiet")
    assert (status, "sim/keepr" in error) == (2, True)


@pytest.mark.parametrize("place", ["/proc/runs", "file/runs"])
def test_an_output_folder_that_cannot_be_written(plan_of: MakePlan, tmp_path: Path, place: str):
    (tmp_path / "file").write_text("mine")
    status, error = _refusal("run", plan_of(PlanShape()), "-o", tmp_path / place, "--quiet")
    assert status == 4
    assert "the run cannot be written to" in error
    assert (tmp_path / "file").read_text() == "mine"


def test_a_missing_opencode_leaves_a_run_that_can_be_begun(plan_of: MakePlan, tmp_path: Path):
    status, error = _refusal("run", plan_of(PlanShape()), "-o", tmp_path / "runs", "--quiet")
    assert (status, error) == (4, "there is no OpenCode at /nowhere/opencode")


def test_an_opencode_of_another_version(plan_of: MakePlan, tmp_path: Path):
    binary = tmp_path / "opencode"
    binary.write_text("#!/bin/sh\necho 1.2.27\n")
    binary.chmod(0o755)
    status, error = _refusal("run", plan_of(PlanShape()), "-o", tmp_path / "runs", "--quiet", opencode=str(binary))
    assert (status, error) == (4, f"{binary} is OpenCode 1.2.27; plans are run with 1.18.33")


def test_the_run_of_another_plan(plan_of: MakePlan, tmp_path: Path):
    with hold(tmp_path / "runs" / "small", plan_of(PlanShape(steps=1))):
        pass
    status, error = _refusal("run", plan_of(PlanShape(steps=2)), "-o", tmp_path / "runs", "--quiet")
    assert (status, "another plan" in error) == (2, True)


def test_a_run_that_another_runner_is_at_work_on(plan_of: MakePlan, tmp_path: Path):
    plan = plan_of(PlanShape(steps=1))
    with hold(tmp_path / "runs" / "small", plan):
        status, error = _refusal("run", plan, "-o", tmp_path / "runs", "--quiet")
    assert (status, "another runner" in error) == (2, True)
