"""What a run tells while it goes, where there is no terminal."""

import pytest

from driftlang.build.plan import PlannedTrial
from driftlang.cli.run_display import _Counts, open_display
from driftlang.run.progress import Workload

TRIAL = PlannedTrial("0123456789abcdef", "s/c/opposing#1", "sim/drifter", {})
OTHER = PlannedTrial("fedcba9876543210", "s/c/placebo#1", "sim/drifter", {})
WORK = Workload(trials=3, steps=36, finished_trials=1, finished_steps=12, jobs=2)


def test_each_trial_that_ends_is_a_line(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=False) as progress:
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.step_ended(TRIAL, 1)
        progress.trial_failed(TRIAL, "the server ended by SIGKILL", is_tried_again=True)
        progress.trial_began(TRIAL)
        progress.trial_finished(TRIAL)
    said, complained = capsys.readouterr()
    assert said == ""
    first, second, third = complained.splitlines()
    assert first == "3 trials, 2 at a time, 1 finished already"
    assert second == (
        "trial 0123456789abcdef (s/c/opposing#1, sim/drifter) ended in an error: the server ended by SIGKILL; "
        "it is tried again"
    )
    assert third.startswith("2 of 3 trials finished, 0 running (")


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=True) as progress:
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.trial_failed(TRIAL, "x", is_tried_again=False)
    assert capsys.readouterr() == ("", "")


def test_steps_of_a_failed_attempt_count_no_more():
    counts = _Counts()
    counts.begin(WORK)
    for trial in (TRIAL, OTHER):
        counts.running += 1
        counts.note_step(trial)
    counts.note_error(TRIAL, is_tried_again=False)
    assert counts.steps == 13
    assert str(counts) == "1 of 3 trials finished, 1 running, 1 in error"
