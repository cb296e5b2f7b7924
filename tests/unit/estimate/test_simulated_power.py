"""Power by simulation agrees with exact power where that is known, and with the intervals that reports use."""

import numpy as np
import pytest
from scipy.stats import binom

from driftlang.estimate.mover import mover
from driftlang.estimate.power import ASYMMETRY, EFFECT, World, capacity, power_of

ALL_OR_NONE = World(base=0.05, persistence=1.0, steps=12, alpha=0.05, studies=2000)


@pytest.mark.parametrize(("runs", "difference"), [(10, 0.65), (20, 0.4)])
def test_runs_that_break_all_or_none_have_the_power_of_an_enumeration(runs, difference):
    """Every pair of counts, each with its chance and whether the interval of its runs leaves 0 out."""
    counts = np.arange(runs + 1)
    values = (np.arange(runs) < counts[:, None]).astype(float)
    first, second = (grid.ravel() for grid in np.meshgrid(counts, counts, indexing="ij"))
    # Independent cells: the correlation of shuffled runs is near 0 on average, so draws are shuffled.
    random = np.random.default_rng(1)
    shuffled = np.array([[random.permutation(values[count]) for count in group] for group in (first, second)])
    low, high = mover(shuffled, (1, -1), 0.025)
    chances = binom.pmf(first, runs, 0.05 + difference) * binom.pmf(second, runs, 0.05)
    exact = chances[(low > 0) | (high < 0)].sum()
    assert power_of(EFFECT, ALL_OR_NONE, runs, difference) == pytest.approx(exact, abs=0.05)


def test_power_rises_with_difference_runs_and_independence():
    powers = [power_of(EFFECT, ALL_OR_NONE, 10, difference) for difference in (0.2, 0.4, 0.6, 0.8)]
    assert powers == sorted(powers)
    assert power_of(EFFECT, ALL_OR_NONE, 40, 0.3) > power_of(EFFECT, ALL_OR_NONE, 10, 0.3)
    diffuse = World(base=0.05, persistence=0.0, steps=12, alpha=0.05)
    assert power_of(EFFECT, diffuse, 10, 0.4) > power_of(EFFECT, ALL_OR_NONE, 10, 0.4)


def test_no_difference_is_found_no_more_often_than_the_level():
    assert power_of(EFFECT, ALL_OR_NONE, 20, 0.0) <= 0.05
    assert power_of(ASYMMETRY, ALL_OR_NONE, 20, 0.0) <= 0.05


def test_the_runs_needed_and_the_smallest_difference_lie_on_the_edge():
    found = capacity(EFFECT, ALL_OR_NONE, 20, 0.4, 0.8)
    assert power_of(EFFECT, ALL_OR_NONE, found.needed, 0.4) >= 0.8
    assert power_of(EFFECT, ALL_OR_NONE, found.needed - 2, 0.4) < 0.85
    assert power_of(EFFECT, ALL_OR_NONE, 20, found.smallest) >= 0.8
    assert power_of(EFFECT, ALL_OR_NONE, 20, found.smallest - 0.01) < 0.8


def test_a_difference_beyond_what_is_left_of_the_base_is_not_shown():
    found = capacity(EFFECT, World(0.5, 0.0, 12, 0.05, 200), 10, 0.6, 0.8)
    assert found.needed == 0


def test_equal_dice_give_equal_results():
    assert power_of(EFFECT, ALL_OR_NONE, 10, 0.5) == power_of(EFFECT, ALL_OR_NONE, 10, 0.5)
