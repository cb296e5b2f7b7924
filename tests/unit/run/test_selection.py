"""Which trials of a plan are run."""

import pytest

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedStudy, PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.providers import read_providers
from driftlang.run.selection import Selection, select_jobs
from driftlang.run.services import Services
from driftlang.run.upstreams import check_models

STUDY = PlannedStudy("small", "native", 2, 60.0, 300.0, 0.0, "", 0, "", "")
CELL = PlannedCell(
    *("c", "s", "d", "a", "b", "bare", {}, "agents_file", "", "", "continue", "stay"),
    *("repos/r", "work", "0" * 40, "scorers/s.toml", "solutions/s.toml"),
)
SCRIPTS = tuple(PlannedScript(f"c#{run}", "c", run, run, ()) for run in (1, 2))
TRIALS = tuple(
    PlannedTrial(f"{script.id}-{model}", script.id, model, {})
    for script in SCRIPTS
    for model in ("sim/keeper", "sim/breaker")
)
PLAN = Plan(1, "0", 1, "s.drift", "0" * 64, STUDY, (CELL,), SCRIPTS, TRIALS)


def _ids(selection: Selection) -> list[str]:
    return [job.trial.id for job in select_jobs(PLAN, selection)]


def test_all_trials_in_the_order_of_the_plan():
    assert _ids(Selection()) == [trial.id for trial in TRIALS]


def test_some_models_alone():
    assert _ids(Selection(models=("sim/breaker",))) == ["c#1-sim/breaker", "c#2-sim/breaker"]


def test_the_first_repeats_alone():
    assert _ids(Selection(repeat=1)) == ["c#1-sim/keeper", "c#1-sim/breaker"]


def test_a_model_that_the_plan_lacks_is_named_with_those_it_has():
    with pytest.raises(Failure, match="sim/drifter") as refusal:
        _ids(Selection(models=("sim/drifter",)))
    assert refusal.value.help == "choose of `sim/keeper`, `sim/breaker`"
    assert refusal.value.status is ExitStatus.MISUSE


def test_a_job_knows_its_script_and_cell():
    job = select_jobs(PLAN, Selection())[2]
    assert (job.script, job.cell) == (SCRIPTS[1], CELL)


def test_a_model_of_no_known_provider_is_refused_before_anything_runs():
    with pytest.raises(Failure, match="`opanai/gpt-5-mini`") as refusal:
        check_models([*TRIALS, PlannedTrial("t", "c#1", "opanai/gpt-5-mini", {})], Services(read_providers()))
    assert refusal.value.status is ExitStatus.MISUSE
    assert "did you mean `openai`?" in refusal.value.help


def test_options_of_a_simulated_model_must_mean_something():
    with pytest.raises(Failure, match="parameter"):
        check_models([PlannedTrial("t", "c#1", "sim/drifter", {"efort": "high"})], Services())
