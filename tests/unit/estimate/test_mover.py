"""Limits of differences are recovered from those of each cell, whatever runs have in common."""

import numpy as np
import pytest

from driftlang.estimate.bounded import lower_limits, upper_limits
from driftlang.estimate.mover import independent, mover, plain, tempered, zero_sum_p_values

TWO, FOUR = (1, -1), (1, -1, -1, 1)


def some(cells, studies, runs, seed=1):
    return np.random.default_rng(seed).binomial(12, 0.3, (cells, studies, runs)) / 12


def test_two_independent_cells_have_newcombes_limits():
    values = some(2, 30, 10)
    one, other = values.mean(axis=2)
    (low_one, low_other), (high_one, high_other) = (
        [limits(cell, 0.025) for cell in values] for limits in (lower_limits, upper_limits)
    )
    low, high = mover(values, TWO, 0.025, independent)
    assert low == pytest.approx(one - other - np.hypot(one - low_one, high_other - other))
    assert high == pytest.approx(one - other + np.hypot(high_one - one, other - low_other))


def test_agreement_of_pairs_narrows_and_disagreement_widens():
    rising = np.linspace(0.1, 0.9, 50)
    widths = [
        (high - low)[0]
        for low, high in (mover(np.array([[rising], [other]]), TWO, 0.025) for other in (rising, rising[::-1]))
    ]
    apart = mover(np.array([[rising], [rising]]), TWO, 0.025, independent)
    assert widths[0] < (apart[1] - apart[0])[0] < widths[1]


def test_perfect_agreement_of_few_pairs_leaves_a_width():
    """Ten runs that all agree leave room for one pair in twenty that would not."""
    same = np.array([[[1.0, 0.0] * 5]] * 2)
    without, tempering = (mover(same, TWO, 0.025, temper) for temper in (plain, tempered))
    assert (without[1] - without[0])[0] < 0.05
    assert (tempering[1] - tempering[0])[0] > 0.5


@pytest.mark.parametrize("signs", [TWO, FOUR])
def test_exchanged_signs_mirror_the_limits(signs):
    values = some(len(signs), 20, 7)
    low, high = mover(values, signs, 0.025)
    other_low, other_high = mover(values, tuple(-sign for sign in signs), 0.025)
    assert low == pytest.approx(-other_high)
    assert high == pytest.approx(-other_low)


@pytest.mark.parametrize("signs", [TWO, FOUR])
def test_the_p_value_is_that_of_the_interval_which_just_leaves_zero_out(signs):
    values = some(len(signs), 40, 12, seed=5)
    values[0] = np.clip(values[0] + 0.4, 0, 1)
    p_values = zero_sum_p_values(values, signs)
    told = p_values > 1e-5  # below, the search ends at its bound
    low, high = mover(values, signs, p_values / 2)
    nearest = np.minimum(np.abs(low), np.abs(high))
    assert nearest[told] == pytest.approx(np.zeros(told.sum()), abs=2e-3)
    assert told.sum() > 10


def test_equal_means_are_no_evidence():
    values = np.full((2, 1, 10), 0.5)
    assert zero_sum_p_values(values, TWO)[0] == pytest.approx(1.0)
