"""Branches of one trial are compared with each other, and with nothing else."""

import pytest
from lettered import OPPOSING, columns, rows

from driftlang.estimate.forks import fork_contrasts
from driftlang.estimate.offers import MOVER


def test_branches_are_paired_within_their_trials():
    own = rows(OPPOSING, *["KKK"] * 6)
    pressed = rows(OPPOSING, *["BB", "BB", "BK", "KK", "BB", "BB"], branch="opposing", fork=4)
    spared = rows(OPPOSING, *["KK", "KK", "KK", "KK", "KB", "KK"], branch="placebo", fork=4)
    found = fork_contrasts(columns(own, pressed, spared), 0.95)
    assert [(one.fork, one.arm, one.baseline) for one in found] == [(4, "opposing", "placebo")]
    assert (found[0].mean, found[0].baseline_mean) == pytest.approx((0.75, 0.5 / 6))
    assert found[0].difference.value == pytest.approx(4 / 6)
    assert (found[0].difference.units, found[0].difference.method) == (6, MOVER)
    assert found[0].test.p_value == pytest.approx(2 / 2**5)


def test_a_trial_with_one_branch_alone_is_in_no_pair():
    pressed = rows(OPPOSING, "BB", "BB", branch="opposing", fork=2)
    spared = rows(OPPOSING, "KK", branch="placebo", fork=2)
    found = fork_contrasts(columns(pressed, spared), 0.95)[0]
    assert found.difference.units == 1


def test_two_arms_without_a_control_are_compared_with_each_other():
    branches = [rows(OPPOSING, "BB", "KK", branch=arm, fork=3) for arm in ("supporting", "opposing")]
    assert [(one.arm, one.baseline) for one in fork_contrasts(columns(*branches), 0.95)] == [("opposing", "supporting")]


def test_trials_that_never_forked_have_no_contrast():
    assert fork_contrasts(columns(rows(OPPOSING, "KB")), 0.95) == ()
