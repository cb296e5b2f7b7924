"""Intervals agree with published values, cover, and never have zero width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.intervals import clopper_pearson


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


def test_nothing_seen_rules_nothing_out():
    assert clopper_pearson(0, 0, 0.95) == (0.0, 1.0)
