"""Corrected rates: formulas by hand, refusals, and coverage where the judge's own rate has none."""

import numpy as np
import pytest

from driftlang.estimate.agreement import agree
from driftlang.estimate.corrected import CellSteps, contrast, correct, prediction_powered, refusal, uncorrected
from driftlang.estimate.rogan_gladen import lang_reiczigel
from tests.bench.judge_correction import CORRECTED, RAW, ROGAN_GLADEN, SETTINGS, measure

LEVEL = 0.95


def one_step_a_run(says, labels):
    """A cell in which each run has a step, so that the formulas of independent observations hold."""
    says = np.asarray(says, dtype=float)
    return CellSteps(np.arange(len(says)), says, np.asarray(labels, dtype=float), np.zeros(len(says), dtype=np.int64))


def sampled(seed=3, size=400, labelled=80):
    random = np.random.default_rng(seed)
    truth = random.random(size) < 0.3
    says = np.where(truth, random.random(size) < 0.8, random.random(size) < 0.1)
    labels = np.where(random.permutation(size) < labelled, truth.astype(float), np.nan)
    return one_step_a_run(says, labels)


def test_prediction_powered_inference_is_the_judges_mean_and_the_labelled_mean_error():
    cell = sampled()
    seen = cell.is_labelled
    by_hand = cell.said.mean() + (cell.truth[seen] - cell.said[seen]).mean()
    assert prediction_powered(cell, 1.0).estimate == pytest.approx(by_hand)


def test_without_power_the_judge_is_left_out():
    cell = sampled()
    assert prediction_powered(cell, 0.0).estimate == pytest.approx(cell.truth[cell.is_labelled].mean())


def test_the_tuned_power_has_no_more_variance_than_either_end():
    cell = sampled()
    tuned, judge, labels = (prediction_powered(cell, power).variance for power in (None, 1.0, 0.0))
    assert tuned <= min(judge, labels) + 1e-12


def test_the_variance_is_that_of_angelopoulos_for_independent_steps():
    cell = sampled(size=4000, labelled=800)
    seen = cell.is_labelled
    errors = cell.truth[seen] - cell.said[seen]
    classic = errors.var() / seen.sum() + cell.said.var() / len(cell.said)
    # The classic formula takes the labelled steps for a sample of their own; here they are among all.
    assert prediction_powered(cell, 1.0).variance == pytest.approx(classic, rel=0.25)


def test_rogan_and_gladens_estimate_and_limits_carry_both_uncertainties():
    value, low, high = lang_reiczigel((0.31, 1000), (0.8, 200), (0.9, 400), LEVEL)
    assert value == pytest.approx((0.31 + 0.9 - 1) / (0.8 + 0.9 - 1))
    known = lang_reiczigel((0.31, 1000), (0.8, 1e9), (0.9, 1e9), LEVEL)
    reach = 1.96 * np.sqrt(0.31 * 0.69 / 1000) / 0.7
    assert (known[1], known[2]) == pytest.approx((value - reach, value + reach), abs=2e-3)
    assert low < known[1] < known[2] < high


def agreement(says, truth):
    says, truth = np.asarray(says), np.asarray(truth)
    return agree(
        "judge", "people", said=says, truth=truth, weights=np.ones(len(says)), runs=np.arange(len(says)), level=LEVEL
    )


def test_a_judge_no_better_than_chance_is_refused_with_the_reason():
    truth = np.array([0, 1] * 40)
    assert refusal(agreement(np.array([0, 0, 1, 1] * 20), truth)).startswith("no better than chance")
    assert refusal(agreement(truth, truth)) == ""


def test_too_few_labels_of_a_kind_are_refused():
    assert refusal(agreement([1] * 3 + [0] * 40, [1] * 3 + [0] * 40)).startswith("too few labels: people call 3")


def test_a_cell_without_labels_keeps_the_limits_that_nothing_rules_out():
    found = correct(one_step_a_run([0, 1] * 10, [np.nan] * 20), LEVEL)
    assert (found.low, found.high, found.has_data) == (0.0, 1.0, False)
    assert not contrast(((found, 1), (found, -1)), LEVEL).has_data


def test_a_judge_without_a_labelled_error_still_leaves_a_width():
    found = correct(one_step_a_run([0] * 40, [0.0] * 20 + [np.nan] * 20), LEVEL)
    assert found.value == pytest.approx(0.0)
    assert found.high > 0.05


def test_the_judges_own_rate_misses_what_the_corrected_one_holds():
    """Sensitivity .8, specificity .9; 150 studies, two cells each: .89 is four standard errors below .95."""
    row = measure(SETTINGS[0], 150)
    assert row.rates[RAW][0] < 0.7
    assert min(row.rates[CORRECTED][0], row.rates[ROGAN_GLADEN][0]) > 0.89
    assert row.differences[RAW][0] < 0.8 < row.differences[CORRECTED][0]


def test_as_said_is_the_mean_over_runs():
    cell = CellSteps(np.array([0, 0, 1]), np.array([1.0, 0.0, 0.0]), np.full(3, np.nan), np.zeros(3, dtype=np.int64))
    assert uncorrected(cell, LEVEL).value == pytest.approx(0.25)
