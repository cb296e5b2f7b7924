"""What a run tells while it goes."""

import io
from decimal import Decimal

import pytest
from attrs import evolve
from journals import RECORD
from rich.console import Console

from driftlang.build.plan import PlannedTrial
from driftlang.cli.run_counts import Counts
from driftlang.cli.run_display import _bars, open_display
from driftlang.run.progress import Progress, Workload

TRIAL = PlannedTrial("0123456789abcdef", "s/c/opposing#1", "sim/drifter", {})
OTHER = PlannedTrial("fedcba9876543210", "s/c/placebo#1", "sim/drifter", {})
WORK = Workload(trials=3, steps=36, finished_trials=1, finished_steps=12, jobs=2)
STEP = evolve(RECORD, prompt_tokens=6000, completion_tokens=200)


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_each_trial_that_ends_is_a_line_where_there_are_few(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=False) as progress:
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.step_ended(TRIAL, STEP)
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


def test_a_long_run_prints_some_fifty_lines_and_the_last_trials(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=False) as progress:
        progress.run_began(Workload(trials=1799, steps=21588, finished_trials=0, finished_steps=0, jobs=4))
        for _ in range(1799):
            progress.trial_began(TRIAL)
            progress.trial_finished(TRIAL)
    lines = capsys.readouterr().err.splitlines()
    assert 45 <= len(lines) <= 55
    assert lines[-1].startswith("1799 of 1799 trials finished")


def test_a_model_that_is_given_up_and_a_worker_that_is_gone_are_told(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=False) as progress:
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.trial_lost(TRIAL, "tcp://10.0.0.7:40001")
        progress.model_stopped("sim/drifter", "5 failures in a row: no")
    assert capsys.readouterr().err.splitlines()[1:] == [
        "trial 0123456789abcdef (s/c/opposing#1, sim/drifter) begins anew: the worker tcp://10.0.0.7:40001 is gone",
        "`sim/drifter` is given up: 5 failures in a row: no",
    ]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]):
    with open_display(is_quiet=True) as progress:
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.trial_failed(TRIAL, "x", is_tried_again=False)
        progress.trial_lost(TRIAL, "w")
        progress.model_stopped("sim/drifter", "x")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_the_trials_under_way_with_their_step():
    console = Console(file=io.StringIO(), force_terminal=True, width=160)
    with _bars(console) as bars:
        progress: Progress = bars
        progress.run_began(WORK)
        progress.trial_began(TRIAL)
        progress.step_ended(TRIAL, STEP)
        progress.trial_began(OTHER)
        shown = Console(file=io.StringIO(), width=160)
        shown.print(bars)
    text = shown.file.getvalue()  # type: ignore[attr-defined]
    assert "1 of 3 trials finished, 2 running" in text
    assert "13/36 steps" in text
    assert "s/c/opposing#1 sim/drifter, step 2" in text
    assert "s/c/placebo#1 sim/drifter, step 1" in text


def test_steps_of_a_failed_attempt_count_no_more():
    counts = Counts()
    counts.begin(WORK)
    for trial in (TRIAL, OTHER):
        counts.begin_trial(trial)
        counts.note_step(trial, STEP)
    counts.note_error(TRIAL, is_tried_again=False)
    assert counts.steps == 13
    assert str(counts) == "1 of 3 trials finished, 1 running, 1 in error"


def test_steps_of_a_lost_attempt_count_no_more_and_its_trial_is_under_way():
    counts = Counts()
    counts.begin(WORK)
    counts.begin_trial(TRIAL)
    counts.note_step(TRIAL, STEP)
    counts.note_loss(TRIAL)
    assert (counts.steps, str(counts)) == (12, "1 of 3 trials finished, 1 running")


def test_rate_and_time_left_are_those_of_trials_that_finished_in_this_run():
    clock = _Clock()
    counts = Counts(clock)
    counts.begin(evolve(WORK, trials=11))
    assert counts.pace == ""
    clock.now += 600
    for trial in (TRIAL, OTHER):
        counts.begin_trial(trial)
        counts.note_step(trial, STEP)
        counts.note_finish(trial)
    assert counts.hourly == pytest.approx(12)
    assert counts.seconds_left == pytest.approx(8 * 300)
    assert counts.pace == "12 trials/h, 12.4 k tokens, about 40 min left"


def test_money_that_is_spent_stays_spent_when_its_attempt_fails():
    counts = Counts()
    counts.begin(evolve(WORK, finished_trials=0, finished_steps=0))
    counts.dollars = Decimal(3)
    counts.begin_trial(TRIAL)
    for _ in range(12):
        counts.note_step(TRIAL, STEP)
    assert counts.dollars_in_all == Decimal(9)
    counts.note_error(TRIAL, is_tried_again=True)
    assert counts.dollars == Decimal(3)
    assert counts.dollars_in_all == Decimal(12)
