"""Agreement between labellers: against statsmodels, against the definitions, and by simulation."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import t
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa, to_table
from statsmodels.stats.proportion import proportion_confint

from driftlang.estimate.agreement import MISSING, agree, as_labels, cohen_kappa, krippendorff_alpha
from driftlang.estimate.effective import effective_size, share_of, signed_sum, wilson

LEVEL = 0.95


def two_raters(seed, size=240, runs=20, right=0.85, kinds=2):
    """Two who see the same truth and err by chance, by themselves."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, kinds, size)
    rows = [np.where(chance.random(size) < right, truth, chance.integers(0, kinds, size)) for _ in range(2)]
    return rows[0], rows[1], np.repeat(np.arange(runs), size // runs)


def alpha_by_definition(labels):
    """Krippendorff 2004: pairs of labels within units, and of all labels that could pair."""
    units = [[int(x) for x in column if x != MISSING] for column in labels.T]
    units = [unit for unit in units if len(unit) > 1]
    values = [x for unit in units for x in unit]
    total = len(values)
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / total
    expected = sum(a != b for a, b in permutations(values, 2)) / (total * (total - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("count", [0, 1, 7, 19, 20])
def test_wilson_limits_are_those_of_statsmodels(count):
    assert wilson(count / 20, 20, LEVEL) == pytest.approx(proportion_confint(count, 20, method="wilson"), abs=1e-12)


def test_a_share_of_one_step_a_run_has_wilson_limits_at_about_its_number_of_steps():
    values = np.array([1.0] * 30 + [0.0] * 70)
    found = share_of(values, np.ones(100), np.arange(100), LEVEL)
    assert (found.value, found.effective) == (0.3, pytest.approx(99, abs=1))


def test_steps_that_are_alike_within_runs_count_about_once_a_run():
    values = np.repeat((np.arange(20) < 6).astype(float), 12)
    fewness = (t.ppf(0.975, 239) / t.ppf(0.975, 19)) ** 2
    found = effective_size(values, np.ones(240), np.repeat(np.arange(20), 12), LEVEL)
    assert found == pytest.approx(19 * fewness)


def test_where_all_steps_say_the_same_each_run_counts_once():
    found = share_of(np.ones(60), np.ones(60), np.repeat(np.arange(5), 12), LEVEL)
    assert (found.low, found.high) == pytest.approx(wilson(1.0, 5, LEVEL))


def test_unequal_weights_make_a_sample_smaller():
    values, runs = np.tile([1.0, 0.0], 50), np.arange(100)
    weights = np.where(np.arange(100) < 10, 20.0, 1.0)
    assert effective_size(values, weights, runs, LEVEL) <= weights.sum() ** 2 / (weights**2).sum() + 1e-9


def test_a_sum_of_independent_normal_estimates_has_their_common_limits():
    parts = [(1.0, (0.4, 0.3, 0.5)), (-1.0, (0.2, 0.1, 0.3))]
    assert signed_sum(parts) == pytest.approx((0.2, 0.2 - 0.02**0.5, 0.2 + 0.02**0.5))


@pytest.mark.parametrize("kinds", [2, 4])
def test_kappa_is_that_of_statsmodels(kinds):
    first, second, runs = two_raters(3, kinds=kinds)
    table, _ = to_table(np.column_stack([first, second]))
    found = cohen_kappa(first, second, np.ones(240), runs, LEVEL)
    assert found.value == pytest.approx(cohens_kappa(table).kappa)


def test_the_limits_of_kappa_are_near_the_closed_form_where_steps_are_independent():
    first, second, _ = two_raters(5, size=2000)
    table, _ = to_table(np.column_stack([first, second]))
    closed = cohens_kappa(table)
    found = cohen_kappa(first, second, np.ones(2000), np.repeat(np.arange(500), 4), LEVEL)
    assert (found.low, found.high) == pytest.approx((closed.kappa_low, closed.kappa_upp), abs=0.012)


def test_weights_stand_for_repeated_steps():
    first, second, runs = two_raters(7)
    weights = np.tile([1, 2, 3], 80)
    again = np.repeat(np.arange(240), weights)
    weighted = cohen_kappa(first, second, weights.astype(float), runs, LEVEL)
    repeated = cohen_kappa(first[again], second[again], np.ones(len(again)), runs[again], LEVEL)
    assert (weighted.value, weighted.low) == pytest.approx((repeated.value, repeated.low), abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_its_definition_with_labels_missing(seed):
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, 3, (4, 40))
    labels[chance.random(labels.shape) < 0.4] = MISSING
    found = krippendorff_alpha(labels, np.ones(40), np.repeat(np.arange(10), 4), LEVEL)
    assert found.value == pytest.approx(alpha_by_definition(labels))


def test_alpha_of_complete_labels_is_nearly_the_kappa_of_fleiss():
    first, second, runs = two_raters(11, size=2400)
    counts = np.column_stack([(first == k).astype(int) + (second == k) for k in (0, 1)])
    found = krippendorff_alpha(np.stack([first, second]), np.ones(2400), np.repeat(np.arange(200), 12), LEVEL)
    assert found.value == pytest.approx(fleiss_kappa(counts), abs=1e-3)
    assert len(runs) == 2400


def test_perfect_agreement_has_limits_of_more_than_zero_width():
    first, _, runs = two_raters(13)
    found = cohen_kappa(first, first, np.ones(240), runs, LEVEL)
    assert found.value == found.high == 1.0
    assert found.low < 0.9


def test_where_nothing_could_disagree_there_is_no_coefficient():
    ones, runs = np.ones(20, dtype=np.int64), np.repeat(np.arange(5), 4)
    found = cohen_kappa(ones, ones, np.ones(20), runs, LEVEL)
    assert (found.has_data, found.low, found.high) == (False, -1.0, 1.0)


def test_labels_that_nobody_gave_leave_everything_without_data():
    none, runs = np.full(6, MISSING), np.repeat(np.arange(3), 2)
    found = agree("a", "b", said=none, truth=none, weights=np.ones(6), runs=runs, level=LEVEL)
    shares = (found.sensitivity, found.specificity, found.positive_value, found.negative_value)
    assert not any(one.has_data for one in (*shares, found.youden, found.kappa, found.alpha))


def test_sensitivity_and_its_kin_are_the_shares_of_the_table():
    said = as_labels(["yes"] * 9 + ["no"] * 11, ("no", "yes"))
    truth = as_labels(["yes"] * 8 + ["no"] * 10 + ["yes"] * 2, ("no", "yes"))
    found = agree("a", "b", said=said, truth=truth, weights=np.ones(20), runs=np.arange(20), level=LEVEL)
    shares = (found.sensitivity, found.specificity, found.positive_value, found.negative_value)
    assert [one.value for one in shares] == pytest.approx([8 / 10, 9 / 10, 8 / 9, 9 / 11])
    assert found.youden.value == pytest.approx(0.7)


@pytest.mark.parametrize("right", [0.7, 0.95])
def test_limits_of_kappa_cover_where_errors_persist_within_runs(right):
    """400 studies of 20 runs; a run's second labeller is careless in all of its steps or in none."""
    chance = np.random.default_rng(17)
    runs, covered = np.repeat(np.arange(20), 12), 0
    # Half of what is not copied agrees by chance: of two equally common labels, kappa is the share that is copied.
    share = 0.5 * right + 0.5
    for _ in range(400):
        truth = chance.integers(0, 2, 240)
        careful = np.repeat(chance.random(20) < 0.5, 12)
        copied = careful | (chance.random(240) < right)
        second = np.where(copied, truth, chance.integers(0, 2, 240))
        found = cohen_kappa(truth, second, np.ones(240), runs, LEVEL)
        covered += found.low <= share <= found.high
    assert covered / 400 >= 0.92
