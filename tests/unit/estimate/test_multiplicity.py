"""Holm's adjustment agrees with statsmodels and protects the family."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from driftlang.estimate.multiplicity import holm


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1].tolist())


def test_holm_of_nothing_is_nothing():
    assert holm([]) == ()


def test_the_smallest_of_three_is_tripled_and_none_falls_below_it():
    assert holm([0.04, 0.01, 0.02]) == pytest.approx((0.04, 0.03, 0.04))


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([wrong])
