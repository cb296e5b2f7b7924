"""Power of a study, held against scipy's own test and distributions."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact

from driftlang.model.forms import Detect
from driftlang.source import Span
from driftlang.validity.power import BASE_RATE, MOST_EXACT, can_show, power_of, runs_needed, smallest_difference


def _detect(difference: float, power: float = 0.8, alpha: float = 0.05) -> Detect:
    return Detect(difference, power, alpha, Span(0, 0, 0))


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
    shown = [five for five in range(5, 100, 5) if can_show(_detect(five / 100), runs)]
    assert shown[0] == points


@pytest.mark.parametrize(("runs", "points"), [(3, 0), (10, 65), (20, 40), (30, 31), (50, 22)])
def test_the_smallest_difference_is_told_to_the_point(runs, points):
    assert round(100 * smallest_difference(_detect(0.5), runs)) == points


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 100).map(lambda points: points / 100),
    st.integers(0, 100).map(lambda points: points / 100),
    st.integers(1, 12),
    # No value of P is one of these, where scipy's rounding would decide.
    st.sampled_from([0.0011, 0.0103, 0.0503, 0.1003, 0.4999]),
)
def test_power_is_that_of_the_exact_test_of_scipy(low, high, runs, alpha):
    assert power_of(low, high, runs, alpha) == pytest.approx(_power(low, high, runs, alpha), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(12, 95), st.floats(0.5, 0.95), st.sampled_from([0.01, 0.05, 0.1]))
@example(82, 0.9375, 0.1)
def test_the_runs_that_are_asked_for_show_the_difference(points, power, alpha):
    detect = _detect(points / 100, power, alpha)
    assert can_show(detect, runs_needed(detect))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 100))
def test_the_smallest_difference_is_shown_and_no_smaller_one_is(runs):
    smallest = smallest_difference(_detect(0.5), runs)
    shown = [can_show(_detect(points / 100), runs) for points in range(1, 101)]
    assert shown == [bool(smallest) and points >= round(100 * smallest) for points in range(1, 101)]


@pytest.mark.parametrize("points", [6, 7, 8, 10])
def test_the_formula_for_many_runs_asks_for_some_runs_too_many_and_not_for_many(points):
    asked = runs_needed(_detect(points / 100))
    rates = (BASE_RATE, BASE_RATE + points / 100)
    assert power_of(*rates, asked, 0.05) >= 0.8
    assert power_of(*rates, round(asked * 0.9), 0.05) < 0.8


@pytest.mark.parametrize("difference", [5e-324, 1e-9, 0.5, 1 - 1e-16])
@pytest.mark.parametrize("runs", [1, MOST_EXACT, MOST_EXACT + 1, 10**18])
@pytest.mark.parametrize("power", [1e-9, 1 - 1e-16])
@pytest.mark.parametrize("alpha", [5e-324, 1 - 1e-16])
def test_whatever_may_be_written_is_answered_soon(difference, runs, power, alpha):
    detect, start = _detect(difference, power, alpha), time.process_time()
    can_show(detect, runs)
    assert (smallest_difference(detect, runs) <= 1, runs_needed(detect) >= 2) == (True, True)
    assert time.process_time() - start < 3
