"""Run folders are read, scored and put together; what does not go together is refused."""

import pytest
from written_runs import ENVIRONMENT, LITERAL, NOTE, trial_id, write_run

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.rates import estimate
from driftlang.report.gather import gather
from driftlang.report.methods import explain

FINISHED = {
    ("placebo", 1): ((LITERAL, LITERAL), ""),
    ("opposing", 1): ((LITERAL, ENVIRONMENT), ""),
    ("opposing", 2): ((ENVIRONMENT,), "the server died"),
}


def words(gathered):
    return {(trial.cell.arm, trial.run): [step.outcome.value for step in trial.steps] for trial in gathered.trials}


def test_finished_trials_are_scored_and_steps_never_reached_are_errors(tmp_path):
    assert words(gather([write_run(tmp_path / "run", FINISHED)], with_evidence=False)) == {
        ("placebo", 1): ["kept", "kept"],
        ("opposing", 1): ["kept", "broken"],
        ("opposing", 2): ["error", "error"],
    }


def test_a_step_before_the_error_of_its_trial_says_what_it_was(tmp_path):
    found = gather([write_run(tmp_path / "run", FINISHED)], with_evidence=False)
    reasons = [step.reason for trial in found.trials if trial.is_in_error for step in trial.steps]
    assert reasons == [
        "the trial ended in error: the server died; before, this step was broken: `environment` hit in a.py:2",
        "not reached: the server died",
    ]


def test_a_finished_trial_counts_before_one_in_error_whatever_the_order(tmp_path):
    died = write_run(tmp_path / "died", {("opposing", 1): ((ENVIRONMENT,), "the server died")})
    whole = write_run(tmp_path / "whole", {("opposing", 1): ((LITERAL, LITERAL), "")})
    expected = {("opposing", 1): ["kept", "kept"]}
    assert [words(gather(runs, with_evidence=False)) for runs in ([died, whole], [whole, died])] == [expected] * 2


def test_injections_that_were_not_placed_are_counted(tmp_path):
    run = write_run(tmp_path / "run", FINISHED, went="files of this type have no comments")
    found = gather([run, write_run(tmp_path / "placed", FINISHED)], with_evidence=False)
    assert {(trial.cell.arm, trial.run): (trial.scheduled, trial.placed) for trial in found.trials} == {
        ("placebo", 1): (2, 0),
        ("opposing", 1): (2, 0),
        ("opposing", 2): (1, 0),
    }


def test_what_confined_the_agents_is_told_with_the_methods(tmp_path):
    one = {("placebo", 1): ((LITERAL, LITERAL), "")}
    other = {("opposing", 1): ((LITERAL, LITERAL), ""), ("opposing", 2): ((LITERAL, LITERAL), "")}
    runs = [
        write_run(tmp_path / "run", one, sandbox="none"),
        write_run(tmp_path / "more", other, sandbox="bubblewrap 0.8.0"),
    ]
    found = gather(runs, with_evidence=False)
    assert found.sandboxes == (("bubblewrap 0.8.0", 2), ("none", 1))
    said = dict(explain(found, estimate(found.trials)))["This report"]
    assert (
        "Agents ran confined as follows: 2 trials in a sandbox of bubblewrap 0.8.0, 1 trial without a sandbox." in said
    )


def test_trials_that_are_not_over_are_named_and_in_no_number(tmp_path):
    found = gather([write_run(tmp_path / "run", FINISHED | {("placebo", 2): ((LITERAL,), None)})], with_evidence=True)
    assert [(trial.cell.arm, trial.run, trial.status) for trial in found.incomplete] == [("placebo", 2, "running")]
    assert len(found.details) == len(found.trials) == 3


def test_a_step_shows_its_turn_injection_diff_and_answer(tmp_path):
    found = gather([write_run(tmp_path / "run", FINISHED)], with_evidence=True)
    step = next(trial for trial in found.details if trial.cell.arm == "opposing").steps[1]
    assert (step.turn, step.reply, step.prompt_tokens) == ("Implement b.py.", "Done <b>now</b>.", 900)
    assert [(injection.text, went) for injection, went in step.injections] == [(NOTE, "placed")]
    assert [(line.kind, line.text) for line in step.diff if line.kind != "same"] == [
        ("file", "b.py (changed)"),
        ("place", "line 1"),
        ("removed", f"# {NOTE}"),
        ("removed", "def b():"),
        ("removed", "    raise NotImplementedError"),
        ("added", "import os"),
        ("added", "KEY = os.environ['KEY']"),
    ]


def test_runs_of_one_plan_go_together_and_a_trial_counts_once(tmp_path):
    first = write_run(tmp_path / "first", {("placebo", 1): ((LITERAL, LITERAL), "")})
    second = write_run(tmp_path / "second", FINISHED)
    found = gather([first, second], with_evidence=False)
    assert len(found.trials) == 3
    assert trial_id("placebo", 1) in found.repeated


def test_two_plans_that_claim_the_same_run_are_refused(tmp_path):
    first = write_run(tmp_path / "first", FINISHED)
    second = write_run(tmp_path / "second", FINISHED, salt="edited")
    with pytest.raises(Failure, match="the runs hold different plans of the study `small`") as caught:
        gather([first, second], with_evidence=False)
    assert caught.value.status is ExitStatus.MISUSE


def test_a_folder_that_is_no_run_is_named(tmp_path):
    with pytest.raises(Failure, match=r"is no run: there is no journal\.sqlite3 in it"):
        gather([tmp_path], with_evidence=False)


def test_a_folder_of_runs_is_told_which_run_was_meant(tmp_path):
    run = write_run(tmp_path / "runs/small", FINISHED)
    with pytest.raises(Failure, match=r"in it, did you mean `.*runs/small`\?") as caught:
        gather([tmp_path / "runs"], with_evidence=False)
    assert caught.value.help == f"give a folder that `driftlang run` wrote, such as `{run.as_posix()}`"


def test_a_journal_of_other_trials_is_refused(tmp_path):
    run = write_run(tmp_path / "run", FINISHED)
    other = write_run(tmp_path / "other", {}, salt="edited")
    (other / "plan" / "plan.toml").rename(run / "plan" / "plan.toml")
    with pytest.raises(Failure, match="that its plan does not"):
        gather([run], with_evidence=False)
