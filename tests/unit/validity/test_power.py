"""Power of a study, held against scipy's own test and distributions."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact

from driftlang.validity.power import BASE_RATE, MOST_EXACT, PowerTest, power_of

USUAL = PowerTest(0.8, 0.05)


def _power(low: float, high: float, runs: int, alpha: float) -> float:
    first, second = (binom.pmf(range(runs + 1), runs, rate) for rate in (low, high))
    return sum(
        first[few] * second[many]
        for few in range(runs + 1)
        for many in range(runs + 1)
        if fisher_exact([[few, runs - few], [many, runs - many]])[1] <= alpha
    )


@pytest.mark.parametrize(("runs", "points"), [(10, 65), (20, 40), (30, 35), (50, 25)])
def test_runs_of_a_cell_show_what_the_method_says_they_show_in_steps_of_five_points(runs, points):
    shown = [five for five in range(5, 100, 5) if USUAL.can_show(five / 100, runs)]
    assert shown[0] == points


@pytest.mark.parametrize(("runs", "points"), [(3, 0), (10, 65), (20, 40), (30, 31), (50, 22)])
def test_the_smallest_difference_is_told_to_the_point(runs, points):
    assert round(100 * USUAL.smallest_difference(runs)) == points


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 14),
    st.sampled_from([0.001, 0.01, 0.05, 0.1, 0.5]),
)
def test_power_is_that_of_the_exact_test_of_scipy(low, high, runs, alpha):
    assert power_of(low, high, runs, alpha) == pytest.approx(_power(low, high, runs, alpha), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(12, 95), st.floats(0.5, 0.95), st.sampled_from([0.01, 0.05, 0.1]))
def test_the_runs_that_are_asked_for_show_the_difference(points, power, alpha):
    test = PowerTest(power, alpha)
    assert test.can_show(points / 100, test.runs_for(points / 100))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 100))
def test_the_smallest_difference_is_shown_and_no_smaller_one_is(runs):
    smallest = USUAL.smallest_difference(runs)
    shown = [USUAL.can_show(points / 100, runs) for points in range(1, 101)]
    assert shown == [bool(smallest) and points >= round(100 * smallest) for points in range(1, 101)]


@pytest.mark.parametrize("points", [6, 7, 8, 10])
def test_the_formula_for_many_runs_asks_for_some_runs_too_many_and_not_for_many(points):
    asked = USUAL.runs_for(points / 100)
    rates = (BASE_RATE, BASE_RATE + points / 100)
    assert power_of(*rates, asked, 0.05) >= 0.8
    assert power_of(*rates, round(asked * 0.9), 0.05) < 0.8


@pytest.mark.parametrize("difference", [5e-324, 1e-9, 0.5, 1 - 1e-16])
@pytest.mark.parametrize("runs", [1, MOST_EXACT, MOST_EXACT + 1, 10**18])
@pytest.mark.parametrize("power", [1e-9, 1 - 1e-16])
@pytest.mark.parametrize("alpha", [5e-324, 1 - 1e-16])
def test_whatever_may_be_written_is_answered_soon(difference, runs, power, alpha):
    test, start = PowerTest(power, alpha), time.process_time()
    test.can_show(difference, runs)
    assert (test.smallest_difference(runs) <= 1, test.runs_for(difference) >= 2) == (True, True)
    assert time.process_time() - start < 3
