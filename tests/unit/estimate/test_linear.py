"""Signed sums of proportions: held against plain enumeration, against statsmodels, and against their own level."""

from itertools import product
from math import sqrt

import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep

from driftlang.estimate.linear import Share, p_value_of, sum_shares


def shares_of(*values, runs=10, signs=(1, -1, -1, 1)):
    return [Share(value, runs, sign) for value, sign in zip(values, signs, strict=True)]


def statistic(counts, runs, signs):
    """The statistic of Price and Bonett, written out."""
    cells = len(signs)
    means = [(count + 2 / cells) / (runs + 4 / cells) for count in counts]
    variance = sum(mean * (1 - mean) / (runs + 4 / cells) for mean in means)
    return sum(sign * mean for sign, mean in zip(signs, means, strict=True)) / sqrt(variance)


def largest_chance(observed, runs, signs):
    """Over all rates in steps of 1/40 that make the sum 0, the largest chance of a statistic that extreme."""
    seen = statistic(observed, runs, signs)
    extreme = [
        counts
        for counts in product(range(runs + 1), repeat=len(signs))
        if statistic(counts, runs, signs) >= seen - 1e-9
    ]
    pmf = [binom.pmf(range(runs + 1), runs, place / 40) for place in range(41)]
    return max(sum(pmf[first][counts[0]] * pmf[first][counts[1]] for counts in extreme) for first in range(41))


@pytest.mark.parametrize("observed", [(4, 0), (3, 1), (5, 2), (2, 2)])
def test_the_p_value_is_twice_the_largest_chance_over_the_null_by_plain_enumeration(observed):
    runs, signs = 5, (1, -1)
    found = sum_shares(shares_of(*(count / runs for count in observed), runs=runs, signs=signs), 0.95)
    assert found.p_value == pytest.approx(min(1.0, 2 * largest_chance(observed, runs, signs)), abs=1e-9)


@pytest.mark.parametrize(
    "rates", [(0.5, 0.5, 0.5, 0.5), (0.3, 0.1, 0.25, 0.05), (0.9, 0.5, 0.4, 0.0), (0.02, 0.02, 0.0, 0.0)]
)
def test_the_test_keeps_its_level_where_the_two_effects_are_equal(rates):
    runs = 3
    pmf = [binom.pmf(range(runs + 1), runs, rate) for rate in rates]
    rejected = 0.0
    for counts in product(range(runs + 1), repeat=4):
        chance = pmf[0][counts[0]] * pmf[1][counts[1]] * pmf[2][counts[2]] * pmf[3][counts[3]]
        if chance > 1e-12:
            p_value = p_value_of(shares_of(*(count / runs for count in counts), runs=runs))
            rejected += chance * (p_value <= 0.1)
    assert rejected <= 0.1


@pytest.mark.parametrize(
    "values", [(0.6, 0.0, 0.0, 0.0), (0.45, 0.0, 0.0, 0.0), (0.64, 0.29, 0.0, 0.0), (0.0, 0.1, 0.1, 0.0)]
)
def test_the_interval_leaves_out_zero_exactly_where_the_test_rejects(values):
    found = sum_shares(shares_of(*values), 0.95)
    assert (found.low > 0 or found.high < 0) == (found.p_value <= 0.05)


def test_swapped_signs_mirror_the_interval():
    found, mirrored = (
        sum_shares(shares_of(0.6, 0.1, 0.05, 0.0, signs=signs), 0.95) for signs in ((1, -1, -1, 1), (-1, 1, 1, -1))
    )
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize("runs", [4, 10])
def test_cells_of_zeros_alone_give_an_interval_of_some_width(runs):
    found = sum_shares(shares_of(0, 0, 0, 0, runs=runs), 0.95)
    assert (found.low < -0.3, found.high > 0.3, found.p_value) == (True, True, 1.0)


def test_large_cells_are_bounded_as_statsmodels_bounds_two_by_agresti_and_caffo():
    first, second = Share(60 / 400, 400), Share(30 / 500, 500, -1)
    found = sum_shares([first, second], 0.95)
    expected = confint_proportions_2indep(60, 400, 30, 500, method="agresti-caffo")
    assert (found.low, found.high) == pytest.approx(expected, abs=2e-3)
    assert not found.is_exact


def test_a_cell_without_runs_rules_nothing_out():
    found = sum_shares([Share(0.5, 10), Share(0.0, 0, -1)], 0.95)
    assert (found.low, found.high, found.p_value) == (-1.0, 1.0, 1.0)
