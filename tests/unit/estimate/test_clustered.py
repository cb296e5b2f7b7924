"""Regression with clusters agrees with statsmodels, and says where there is no estimate."""

from math import inf

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.stats import t

from driftlang.estimate.clustered import (
    fit_logistic,
    fit_penalised,
    information_by_cluster,
    jackknife,
    sandwich,
    student_limits,
    student_p_value,
    sums_by_cluster,
)


def clustered_data(seed=3, clusters=15, size=24):
    """Rows whose log-odds share a part by cluster."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), size)
    design = np.column_stack(
        [np.ones(len(cluster)), random.normal(size=len(cluster)), random.random(len(cluster)) < 0.5]
    )
    odds = design @ [-0.7, 0.8, 0.4] + random.normal(size=clusters)[cluster]
    return design.astype(float), random.random(len(cluster)) < 1 / (1 + np.exp(-odds)), cluster


def covariances(design, outcome, cluster):
    fit = fit_logistic(design, outcome)
    scores, information = sums_by_cluster(fit.scores, cluster), information_by_cluster(design, fit.weights, cluster)
    return fit, sandwich(scores, information, len(outcome)), jackknife(scores, information)


def test_coefficients_likelihood_and_sandwich_are_those_of_statsmodels():
    design, outcome, cluster = clustered_data()
    fit, covariance, _ = covariances(design, outcome, cluster)
    theirs = sm.Logit(outcome.astype(float), design).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": True}
    )
    assert fit.coefficients == pytest.approx(theirs.params, abs=1e-7)
    assert fit.log_likelihood == pytest.approx(theirs.llf)
    assert covariance == pytest.approx(theirs.cov_params(), rel=1e-5)
    assert not fit.is_separated


def test_the_jackknife_is_near_fits_that_really_leave_a_cluster_out():
    design, outcome, cluster = clustered_data()
    fit, _, covariance = covariances(design, outcome, cluster)
    refits = [sm.Logit(outcome[cluster != g].astype(float), design[cluster != g]).fit(disp=0).params for g in range(15)]
    moves = np.array(refits) - fit.coefficients
    assert np.diag(covariance) == pytest.approx(np.diag(14 / 15 * moves.T @ moves), rel=0.1)


def test_the_jackknife_is_wider_on_average_where_clusters_are_few():
    found = [covariances(*clustered_data(seed, clusters=6, size=12))[1:] for seed in range(20)]
    assert np.mean([wide[1, 1] / narrow[1, 1] for narrow, wide in found]) > 1


def test_what_one_cluster_alone_says_has_no_limits():
    design, outcome, cluster = clustered_data(clusters=5)
    design[:, 2] = cluster == 2
    assert np.isinf(covariances(design, outcome, cluster)[2]).all()
    assert student_limits(1.0, inf, 5, 0.95) == (-inf, inf)
    assert student_p_value(1.0, inf, 5) == 1.0


def test_limits_and_p_values_are_students():
    low, high = student_limits(0.4, 0.09, 11, 0.95)
    assert (low, high) == pytest.approx(t.interval(0.95, 10, 0.4, 0.3))
    assert student_p_value(-0.4, 0.09, 11) == pytest.approx(2 * t.sf(0.4 / 0.3, 10))


def test_separation_is_told_by_the_coefficients_that_run_off():
    design, outcome, _ = clustered_data()
    outcome = outcome & (design[:, 2] == 1)
    assert fit_logistic(design, outcome).separated.tolist() == [True, False, True]


def penalised_by_search(design, outcome):
    """The same maximum by a search that knows no derivative of the penalty."""

    def negative(coefficients):
        odds = design @ coefficients
        chance = 1 / (1 + np.exp(-odds))
        information = design.T @ (design * (chance * (1 - chance))[:, None])
        likelihood = -np.logaddexp(0, np.where(outcome, -odds, odds)).sum()
        return -(likelihood + np.linalg.slogdet(information)[1] / 2)

    return minimize(negative, np.zeros(design.shape[1]), method="BFGS", options={"gtol": 1e-9}).x


@pytest.mark.parametrize("is_separated", [False, True])
def test_penalised_fits_maximise_the_likelihood_under_jeffreys_prior(is_separated):
    design, outcome, _ = clustered_data(clusters=6, size=12)
    if is_separated:
        outcome = outcome & (design[:, 2] == 1)
    fit = fit_penalised(design, outcome)
    assert fit.coefficients == pytest.approx(penalised_by_search(design, outcome), abs=1e-4)
    assert fit.scores.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-6)


def test_the_penalised_odds_of_a_table_are_those_with_half_a_count_added():
    """Known in closed form for one binary effect (Firth 1993)."""
    group = np.repeat([0.0, 1.0], 20)
    outcome = np.concatenate([np.arange(20) < 0, np.arange(20) < 7])
    fit = fit_penalised(np.column_stack([np.ones(40), group]), outcome)
    assert fit.coefficients == pytest.approx([np.log(0.5 / 20.5), np.log(7.5 / 13.5) - np.log(0.5 / 20.5)], abs=1e-6)
