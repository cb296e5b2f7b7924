"""Limits of a bounded mean are Clopper and Pearson's for runs that break all or nothing, and hold where t fails."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.bounded import lower_limits, upper_limits
from driftlang.estimate.intervals import clopper_pearson

SHARES = [count / 12 for count in range(13)]


@pytest.mark.parametrize(("runs", "level"), list(product((1, 3, 10, 50), (0.9, 0.95, 0.99))))
def test_limits_of_zeros_and_ones_are_those_of_clopper_and_pearson(runs, level):
    values = np.array([[1.0] * count + [0.0] * (runs - count) for count in range(runs + 1)])
    tail = (1 - level) / 2
    exact = np.array([clopper_pearson(count, runs, level) for count in range(runs + 1)])
    assert upper_limits(values, tail) == pytest.approx(exact[:, 1], abs=2e-5)
    assert lower_limits(values, tail) == pytest.approx(exact[:, 0], abs=2e-5)


@pytest.mark.parametrize(
    "counts", [(0, 0, 1, 12), (3, 3, 4, 5, 5, 6, 7, 9, 9, 12), (0, 0, 0, 0, 0, 0, 0, 0, 0, 1), (11, 12, 12)]
)
def test_limits_are_the_quantiles_of_randomly_weighted_means(counts):
    """By Monte Carlo: a million draws of uniform weights on the simplex."""
    values = np.sort(np.array(counts) / 12)
    weights = np.random.default_rng(3).exponential(size=(1_000_000, len(values) + 1))
    means = (weights @ np.append(values, 1.0)) / weights.sum(axis=1)
    assert upper_limits(values[None], 0.025)[0] == pytest.approx(np.quantile(means, 0.975), abs=1.5e-3)


@given(values=st.lists(st.sampled_from(SHARES), min_size=1, max_size=40), tail=st.sampled_from([0.005, 0.025, 0.1]))
def test_limits_hold_the_mean_have_a_width_and_mirror(values, tail):
    sample = np.array([values])
    low, high = lower_limits(sample, tail)[0], upper_limits(sample, tail)[0]
    assert 0 <= low <= sample.mean() + 1e-9
    assert sample.mean() - 1e-9 <= high <= 1
    assert high - low > 0
    assert upper_limits(1 - sample, tail)[0] == pytest.approx(1 - low, abs=1e-9)


def test_limits_narrow_with_the_spread_and_with_the_runs():
    widths = [
        (upper_limits(sample, 0.025) - lower_limits(sample, 0.025))[0]
        for sample in (np.array([[0.0, 1.0] * 5]), np.array([[0.4, 0.6] * 5]), np.array([[0.4, 0.6] * 25]))
    ]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(("size", "rate"), list(product((5, 10, 30), (0.02, 0.1, 0.5))))
def test_they_cover_runs_that_break_every_step_or_none(size, rate):
    """The case that defeats a t interval and a bootstrap: exact coverage over all counts of broken runs."""
    chances = np.array([1.0])
    for _ in range(size):
        chances = np.convolve(chances, [1 - rate, rate])
    values = np.array([[1.0] * count + [0.0] * (size - count) for count in range(size + 1)])
    low, high = lower_limits(values, 0.025), upper_limits(values, 0.025)
    assert chances[(low <= rate) & (rate <= high)].sum() >= 0.95


def test_they_cover_runs_whose_own_rates_vary_widely():
    """Twelve steps each, 4,000 studies of ten runs."""
    random = np.random.default_rng(7)
    own = random.beta(0.3, 0.7, size=(4000, 10))
    values = random.binomial(12, own) / 12
    low, high = lower_limits(values, 0.025), upper_limits(values, 0.025)
    assert ((low <= 0.3) & (high >= 0.3)).mean() >= 0.95
