"""Intervals agree with published values, cover, and never have zero width."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.intervals import bounded_mean, clopper_pearson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        *[(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (3, 10, 0.0667, 0.6525), (1, 20, 0.0013, 0.2487)],
        *[(10, 100, 0.0490, 0.1762), (10, 10, 0.6915, 1.0), (0, 1, 0.0, 0.975)],
    ],
)
def test_exact_limits_are_those_of_the_tables(count, of, low, high):
    assert clopper_pearson(count, of, 0.95) == pytest.approx((low, high), abs=5e-5)


@given(of=st.integers(1, 60), share=st.floats(0, 1), level=st.sampled_from([0.8, 0.95, 0.99]))
def test_exact_intervals_hold_their_estimate_and_mirror(of, share, level):
    count = round(share * of)
    low, high = clopper_pearson(count, of, level)
    assert 0 <= low <= count / of <= high <= 1
    assert high - low > 0
    assert clopper_pearson(of - count, of, level) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(mean=st.floats(0, 1), size=st.integers(1, 10_000), level=st.sampled_from([0.8, 0.95, 0.99]))
def test_bounded_means_hold_their_estimate_and_narrow_with_size(mean, size, level):
    low, high = bounded_mean(mean, size, level)
    wider_low, wider_high = bounded_mean(mean, size, 1 - (1 - level) / 2)
    assert 0 <= low <= mean <= high <= 1
    assert high - low > 0
    assert wider_low <= low
    assert high <= wider_high
    assert bounded_mean(mean, size * 4, level)[1] - bounded_mean(mean, size * 4, level)[0] < high - low + 1e-12


def test_nothing_seen_rules_nothing_out():
    assert [clopper_pearson(0, 0, 0.95), bounded_mean(0.0, 0, 0.95)] == [(0.0, 1.0), (0.0, 1.0)]


def test_ten_runs_without_a_break_still_allow_three_tenths():
    assert bounded_mean(0.0, 10, 0.95)[1] == pytest.approx(0.3085, abs=5e-5)


@pytest.mark.parametrize(("size", "rate"), list(product((5, 10, 30), (0.02, 0.1, 0.5))))
def test_bounded_means_cover_runs_that_break_every_step_or_none(size, rate):
    """The case that defeats a t interval and a bootstrap: exact coverage over all counts of broken runs."""
    chances = np.array([1.0])
    for _ in range(size):
        chances = np.convolve(chances, [1 - rate, rate])
    limits = [bounded_mean(count / size, size, 0.95) for count in range(size + 1)]
    covered = sum(chance for chance, (low, high) in zip(chances, limits, strict=True) if low <= rate <= high)
    assert covered >= 0.95


def test_bounded_means_cover_mixed_runs():
    """Runs whose own rate varies widely, twelve steps each: 2,000 studies of ten runs."""
    random = np.random.default_rng(7)
    own = random.beta(0.3, 0.7, size=(2000, 10))
    means = (random.binomial(12, own) / 12).mean(axis=1)
    limits = [bounded_mean(float(mean), 10, 0.95) for mean in means]
    assert sum(low <= 0.3 <= high for low, high in limits) / 2000 >= 0.95
