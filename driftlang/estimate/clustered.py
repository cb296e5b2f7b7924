"""Regression whose rows come in clusters: logistic by weighted least squares, with limits that count runs, not steps.

In: a design matrix, what is explained, the cluster of each row. Out: coefficients, covariances, limits.
Refuses to do: an estimate where there is none. A coefficient that runs off to infinity (separation) is named in
`LogisticFit.separated`, not reported as a large number.

Two covariances, both by cluster: `sandwich` is that of Liang and Zeger 1986 (Biometrika 73) with the usual correction
for few clusters; `jackknife` is what leaving out one cluster after the other gives, to first order (MacKinnon, Nielsen
and Webb 2023, J. Applied Econometrics 38, their CV3 in its form for likelihoods). With ten or twenty runs the first is
too small more often than not, so that limits are of the second, by Student's law with one degree less than clusters.
"""

from math import inf

import numpy as np
from attrs import frozen

from driftlang.estimate.columns import Real, Truth, Whole

_MOST_STEPS = 25
_HALVINGS = 12
_CONVERGED = 1e-9
#: How far one step of a penalised fit may move log-odds.
_LONGEST_STEP = 5.0
#: A coefficient is taken to run off when it moves a row's log-odds by so much in the last of `_MOST_STEPS` steps.
_STILL_MOVES = 0.05
#: Log-odds beyond which a float cannot tell a probability from 0 or 1.
_FARTHEST = 34.0
#: Below this a pivot, of a matrix whose columns have length 1, is none.
_SINGULAR = 1e-10


@frozen(eq=False)
class LogisticFit:
    """A logistic regression.

    Attributes:
        scores: a row's gradient of the log-likelihood (penalised where the fit is), at the coefficients.
        weights: probability times its complement, for each row.
        separated: which coefficients ran off to infinity; none in a penalised fit.
    """

    coefficients: Real
    scores: Real
    weights: Real
    separated: Truth
    log_likelihood: float

    @property
    def is_separated(self) -> bool:
        """Whether any coefficient ran off."""
        return bool(self.separated.any())


def fit_logistic(design: Real, outcome: Truth) -> LogisticFit:
    """Maximum likelihood by reweighted least squares (McCullagh and Nelder 1989, Generalized Linear Models, 2.5).

    Args:
        design: a row an observation, of full column rank.
        outcome: what happened.
    """
    coefficients = np.zeros(design.shape[1])
    moved = np.full(design.shape[1], inf)
    for _ in range(_MOST_STEPS):
        chance = _probability(design, coefficients)
        step = _solve(_information(design, chance * (1 - chance)), design.T @ (outcome - chance))
        coefficients = _climbed(design, outcome, coefficients, step)
        moved = np.abs(step) * np.abs(design).max(axis=0)
        if moved.max(initial=0.0) < _CONVERGED:
            break
    chance = _probability(design, coefficients)
    return LogisticFit(
        coefficients,
        design * (outcome - chance)[:, None],
        chance * (1 - chance),
        moved > _STILL_MOVES,
        _likelihood(design, outcome, coefficients),
    )


def fit_penalised(design: Real, outcome: Truth) -> LogisticFit:
    """Maximum penalised likelihood (Firth 1993, Biometrika 80; Heinze and Schemper 2002, Statistics in Medicine 21).

    The penalty is Jeffreys' prior, under which every coefficient is finite, also where a cell broke always or never.
    """
    coefficients = np.zeros(design.shape[1])
    for _ in range(4 * _MOST_STEPS):
        chance = _probability(design, coefficients)
        information = _information(design, chance * (1 - chance))
        step = _solve(information, design.T @ _penalised_residual(design, outcome, chance, information))
        longest = float((np.abs(step) * np.abs(design).max(axis=0)).max(initial=0.0))
        coefficients = coefficients + step * min(1.0, _LONGEST_STEP / max(longest, _CONVERGED))
        if longest < _CONVERGED:
            break
    chance = _probability(design, coefficients)
    weights = chance * (1 - chance)
    residual = _penalised_residual(design, outcome, chance, _information(design, weights))
    none = np.zeros(len(coefficients), dtype=bool)
    likelihood = _likelihood(design, outcome, coefficients)
    return LogisticFit(coefficients, design * residual[:, None], weights, none, likelihood)


def _penalised_residual(design: Real, outcome: Truth, chance: Real, information: Real) -> Real:
    """The residual and the penalty's part of it: leverage times how far the probability is below one half."""
    leverage = chance * (1 - chance) * np.einsum("ij,ji->i", design, _solve(information, design.T))
    return np.asarray(outcome - chance + leverage * (0.5 - chance))


def _probability(design: Real, coefficients: Real) -> Real:
    return np.asarray(1 / (1 + np.exp(-np.clip(design @ coefficients, -_FARTHEST, _FARTHEST))))


def _likelihood(design: Real, outcome: Truth, coefficients: Real) -> float:
    odds = design @ coefficients
    return float(-np.logaddexp(0, np.where(outcome, -odds, odds)).sum())


def _climbed(design: Real, outcome: Truth, coefficients: Real, step: Real) -> Real:
    """The coefficients one step on, the step halved until the likelihood does not fall."""
    before = _likelihood(design, outcome, coefficients)
    for halving in range(_HALVINGS):
        there = coefficients + step / 2**halving
        if _likelihood(design, outcome, there) >= before - 1e-12 * abs(before):
            return np.asarray(there)
    return coefficients


def _information(design: Real, weights: Real) -> Real:
    return np.asarray(design.T @ (design * weights[:, None]))


def _solve(matrix: Real, right: Real) -> Real:
    """The least solution, which there is also where the matrix has all but lost its rank."""
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-14)[0])


def information_by_cluster(design: Real, weights: Real, cluster: Whole) -> Real:
    """Each cluster's share of the information; clusters are numbered from 0."""
    return np.array([_information(design[rows], weights[rows]) for rows in _rows_by_cluster(cluster)])


def sums_by_cluster(values: Real, cluster: Whole) -> Real:
    """The sum of the rows of each cluster."""
    sums = np.zeros((int(cluster.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums, cluster, values)
    return sums


def _rows_by_cluster(cluster: Whole) -> list[Whole]:
    order = np.argsort(cluster, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1)


def sandwich(scores: Real, information: Real, rows: int) -> Real:
    """Liang and Zeger's covariance, times G/(G-1) (N-1)/(N-p).

    Args:
        scores: summed by cluster.
        information: of each cluster.
        rows: N.
    """
    clusters, size = scores.shape
    bread = np.linalg.pinv(information.sum(axis=0), hermitian=True)
    correction = clusters / (clusters - 1) * (rows - 1) / (rows - size)
    return np.asarray(correction * bread @ (scores.T @ scores) @ bread)


def jackknife(scores: Real, information: Real) -> Real:
    """The covariance over fits that leave out one cluster each, to first order; infinite where one cluster carries it.

    Leaving cluster g out moves the coefficients by -(H - H_g)^-1 s_g.
    """
    clusters, size = scores.shape
    without = information.sum(axis=0) - information
    scale = 1 / np.sqrt(np.maximum(np.einsum("ii->i", information.sum(axis=0)), 1e-300))
    scaled = without * scale[:, None] * scale
    if clusters < 2 or not _are_definite(scaled):
        return np.full((size, size), inf)
    moves = np.linalg.solve(scaled, (scores * scale)[..., None])[..., 0] * scale
    return np.asarray((clusters - 1) / clusters * moves.T @ moves)


def _are_definite(matrices: Real) -> bool:
    """Whether each can be solved for, by its Cholesky factor."""
    try:
        factors = np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return False
    return bool((np.einsum("gii->gi", factors) ** 2 > _SINGULAR).all())


def student_limits(value: float, variance: float, clusters: int, level: float) -> tuple[float, float]:
    """Limits by Student's law with clusters - 1 degrees; everything where there are too few."""
    from scipy.special import stdtrit

    if clusters < 2 or not np.isfinite(variance):
        return -inf, inf
    reach = float(stdtrit(clusters - 1, (1 + level) / 2)) * float(np.sqrt(variance))
    return value - reach, value + reach


def student_p_value(value: float, variance: float, clusters: int) -> float:
    """How likely a value so far from zero is under the same law; 1 where nothing is known."""
    from scipy.special import stdtr

    if clusters < 2 or not np.isfinite(variance) or variance <= 0:
        return 1.0
    return float(2 * stdtr(clusters - 1, -abs(value) / np.sqrt(variance)))
