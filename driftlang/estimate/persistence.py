"""The likelihood of persistence and fresh choice: a step repeats the former one, or chooses anew.

In: a design matrix, what each step did, what the step before it did. Out: `PersistenceFit`.
Refuses to do: taking a maximum for one where the likelihood is flat: `is_flat` says so.

With probability r step k does what step k-1 did; else, and at the first step, it breaks with probability p, where
logit p is linear in the design. So P(broken) = r * former + (1 - r) * p: the law of `driftlang.sim.law`, a mixture of
a Markov chain's memory and a logistic choice.
"""

import numpy as np
from attrs import frozen

from driftlang.estimate.clustered import jackknife, sums_by_cluster
from driftlang.estimate.columns import Real, Truth, Whole

_MOST_PERSISTENT = 0.999
_FARTHEST = 30.0
_TINY = 1e-12
#: Least curvature, beside the greatest, of a likelihood that has a maximum to speak of.
_FLAT = 1e-9


@frozen(eq=False)
class Chain:
    """Steps in the order of their runs.

    Attributes:
        design: a row a step, of full column rank.
        broken: what it did.
        former: whether the step before it in its run broke. is_first: there is none.
        cluster: numbered from 0.
    """

    design: Real
    broken: Truth
    former: Truth
    is_first: Truth
    cluster: Whole


@frozen(eq=False)
class PersistenceFit:
    """Coefficients of the choice and, last, the persistence; with their covariance over runs."""

    parameters: Real
    covariance: Real
    log_likelihood: float
    is_flat: bool


def fit_persistence(chain: Chain) -> PersistenceFit:
    """Maximum likelihood within the bounds of a probability, limits by the jackknife over clusters."""
    from scipy.optimize import minimize

    scale = np.maximum(np.abs(chain.design).max(axis=0), _TINY)
    scaled = Chain(chain.design / scale, chain.broken, chain.former, chain.is_first, chain.cluster)
    size = chain.design.shape[1]
    found = minimize(
        lambda parameters: _negative(scaled, parameters),
        np.array([*np.zeros(size), 0.2]),
        jac=True,
        method="L-BFGS-B",
        bounds=[*[(-_FARTHEST, _FARTHEST)] * size, (0.0, _MOST_PERSISTENT)],
        options={"maxiter": 2000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-8},
    )
    scores, information = _derivatives(scaled, found.x)
    total = information.sum(axis=0)
    size_of = np.sqrt(np.maximum(np.abs(np.diag(total)), _TINY))
    curvature = np.linalg.eigvalsh(total / size_of[:, None] / size_of)
    by_cluster = sums_by_cluster(scores, chain.cluster)
    # At a bound of the persistence the scores do not sum to zero; what varies between runs is what counts.
    covariance = jackknife(by_cluster - by_cluster.mean(axis=0), information)
    back = np.array([*(1 / scale), 1.0])
    is_flat = bool(curvature[0] < _FLAT * curvature[-1] or np.abs(found.x[:-1]).max(initial=0.0) >= _FARTHEST)
    return PersistenceFit(found.x * back, covariance * back[:, None] * back, -float(found.fun), is_flat)


def _chances(chain: Chain, parameters: Real) -> tuple[Real, Real, Real]:
    """Of each step: the chance of a fresh choice to break, that of the step, and the weight of the fresh choice."""
    fresh = 1 / (1 + np.exp(-np.clip(chain.design @ parameters[:-1], -_FARTHEST, _FARTHEST)))
    weight = np.where(chain.is_first, 1.0, 1 - parameters[-1])
    chance = np.where(chain.is_first, fresh, parameters[-1] * chain.former + (1 - parameters[-1]) * fresh)
    return fresh, np.clip(chance, _TINY, 1 - _TINY), weight


def _gradients(chain: Chain, parameters: Real) -> tuple[Real, Real, Real]:
    """Each row's gradient of its chance, and the likelihood's first derivative in it; last the fresh chance."""
    fresh, chance, weight = _chances(chain, parameters)
    by_coefficient = chain.design * (weight * fresh * (1 - fresh))[:, None]
    by_persistence = np.where(chain.is_first, 0.0, chain.former - fresh)
    return (
        np.column_stack([by_coefficient, by_persistence]),
        np.where(chain.broken, 1 / chance, -1 / (1 - chance)),
        fresh,
    )


def _negative(chain: Chain, parameters: Real) -> tuple[float, Real]:
    _, chance, _ = _chances(chain, parameters)
    gradient, slope, _ = _gradients(chain, parameters)
    likelihood = float(np.log(np.where(chain.broken, chance, 1 - chance)).sum())
    return -likelihood, -(gradient.T @ slope)


def _derivatives(chain: Chain, parameters: Real) -> tuple[Real, Real]:
    """Each row's score, and each cluster's observed information."""
    gradient, slope, fresh = _gradients(chain, parameters)
    scores = gradient * slope[:, None]
    spread = fresh * (1 - fresh) * slope
    weight = np.where(chain.is_first, 1.0, 1 - parameters[-1])
    information = []
    for number in range(int(chain.cluster.max()) + 1):
        rows = chain.cluster == number
        design = chain.design[rows]
        here = scores[rows].T @ scores[rows]
        here[:-1, :-1] -= design.T @ (design * (spread * weight * (1 - 2 * fresh))[rows, None])
        mixed = design.T @ (spread * ~chain.is_first)[rows]
        here[:-1, -1] += mixed
        here[-1, :-1] += mixed
        information.append(here)
    return scores, np.array(information)
