"""Limits of the mean of values in [0, 1], whatever their law, that hold at any sample size as far as anyone knows.

In: many samples of equal size at once, and how much to leave on one side. Out: a limit for each.
Refuses to do: a law of the values. One run in ten that breaks every step is allowed for, also where none was seen.

Gaffke's limit (2005, Mathematical Methods of Statistics 14, 446-467; examined for any bounded law by Learned-Miller
and Thomas 2020, arXiv 1905.06208): give the values, and one more at the bound, random weights that are uniform on the
simplex. The upper limit is the quantile of the weighted mean. For values of 0 and 1 it is that of Clopper and Pearson,
so it can be no narrower and hold; for values between, it is narrower, as their spread is. That it covers for every law
is a conjecture without a counterexample; that it does in the settings of this field is shown in
`generated/coverage.md`.

The weights are exponential variables over their sum, so the mean exceeds t with the probability that the sum of
(value - t) times an exponential is above 0. That is an integral along a line through the saddle point of the
cumulant function (Rice 1980, SIAM Journal on Scientific and Statistical Computing 1, 438-448), which the trapezoidal
rule takes to five digits: there is no Monte Carlo error.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
#: Corrections of a limit, by secants on the normal scale from a beta law's quantile; more would gain nothing.
_CORRECTIONS = 3
#: Spacing of the rule on the scale of an inverse hyperbolic sine.
_SPACING = 0.2
#: Numbers held at once by the integral, so that thousands of samples stay within the processor's cache.
_AT_ONCE = 2**18
#: Least share of a width, and least tail, that are told from none.
_LEAST, _FAINTEST = 1e-12, 1e-200


@frozen(eq=False)
class _Weighted:
    """Samples as different values with how often each occurs, shaped (samples, values); the bound 1 is the last.

    `size` is how many there are in each, the bound included.
    """

    values: Numbers
    times: Numbers
    size: int


def upper_limits(values: Numbers, tail: Numbers | float) -> Numbers:
    """The limit above which the mean lies with probability `tail` at most, for each row of `values`.

    Args:
        values: in [0, 1], shaped (samples, size), size at least 1.
        tail: one number, or one a row.
    """
    from scipy.special import betaincinv, ndtr, ndtri

    samples = _weighted(values)
    floor = values.min(axis=1)
    is_certain = floor >= 1
    width = np.where(is_certain, 1.0, 1 - floor)
    first, second = _beta_law(samples, floor, width)
    wanted = -ndtri(np.broadcast_to(np.asarray(tail, dtype=np.float64), floor.shape))

    def limit(score: Numbers) -> Numbers:
        rest = betaincinv(second, first, ndtr(-score))
        found: Numbers = floor + width * (1 - np.clip(rest, _LEAST, 1 - _LEAST))
        return found

    def surplus(score: Numbers) -> Numbers:
        found: Numbers = -ndtri(np.clip(_tail(samples, limit(score)), _FAINTEST, 1 - _LEAST)) - wanted
        return found

    former, score = wanted, wanted
    off = surplus(score)
    former_off, score = off, score - off
    for _ in range(_CORRECTIONS - 1):
        off = surplus(score)
        slope = np.where(np.abs(score - former) > 1e-9, (off - former_off) / _apart(score - former), 1.0)
        former, former_off, score = score, off, score - np.clip(off / np.clip(slope, 0.2, 5), -1, 1)
    limits: Numbers = np.where(is_certain, 1.0, limit(score))
    return limits


def lower_limits(values: Numbers, tail: Numbers | float) -> Numbers:
    """The limit below which the mean lies with probability `tail` at most; see `upper_limits`."""
    return 1 - upper_limits(1 - values, tail)


def _weighted(values: Numbers) -> _Weighted:
    """Each row as its different values with how often they occur, filled up with some that never do."""
    rows, size = values.shape
    ordered = np.sort(values, axis=1)
    is_new = np.column_stack((np.zeros(rows, dtype=bool), np.diff(ordered, axis=1) > 0))
    places = np.cumsum(is_new, axis=1)
    kinds = int(places.max()) + 1
    times = np.bincount((places + kinds * np.arange(rows)[:, None]).ravel(), minlength=rows * kinds)
    different = np.zeros((rows, kinds))
    np.put_along_axis(different, places, ordered, axis=1)
    ones = np.ones(rows)
    return _Weighted(np.column_stack((different, ones)), np.column_stack((times.reshape(rows, kinds), ones)), size + 1)


def _beta_law(samples: _Weighted, floor: Numbers, width: Numbers) -> tuple[Numbers, Numbers]:
    """Parameters of the beta law on [floor, 1] with the weighted mean's first two moments; exact for two values."""
    size = samples.size
    shares = (samples.values - floor[:, None]) / width[:, None]
    mean = np.clip((samples.times * shares).sum(axis=1) / size, _LEAST, 1 - _LEAST)
    spread = (samples.times * (shares - mean[:, None]) ** 2).sum(axis=1) / (size * (size + 1))
    total = np.maximum(mean * (1 - mean) / np.maximum(spread, _LEAST**2) - 1, 1e-3)
    return mean * total, (1 - mean) * total


def _tail(samples: _Weighted, bound: Numbers) -> Numbers:
    """P(weighted mean > bound) for each row, in pieces that fit the cache."""
    ends = np.sinh(np.arange(0, 5.5 + 20 / samples.size, _SPACING))
    piece = max(1, _AT_ONCE // (len(ends) * samples.values.shape[1]))
    found = np.empty(len(bound))
    for start in range(0, len(bound), piece):
        part = slice(start, start + piece)
        found[part] = _integral(samples.values[part], samples.times[part], bound[part], ends)
    return found


def _integral(values: Numbers, times: Numbers, bound: Numbers, ends: Numbers) -> Numbers:
    """The inversion integral of the sum of exponentials, its variable scaled so that the bound's own factor is 1."""
    headroom = np.maximum(1 - bound, _LEAST)
    factors = (values - bound[:, None]) / headroom[:, None]
    saddle = _saddle(factors, times)[:, None]
    tilted = factors / (1 - saddle * factors)
    scale = 1 / np.sqrt((times * tilted**2).sum(axis=1, keepdims=True) + saddle**-2)
    heights = scale * ends
    turns = heights[:, :, None] * tilted[:, None, :]
    log_size = -(times * np.log1p(-saddle * factors)).sum(axis=1, keepdims=True)
    log_size = log_size - 0.5 * np.einsum("rj,rhj->rh", times, np.log1p(turns**2))
    phase = np.einsum("rj,rhj->rh", times, np.arctan(turns))
    waves = saddle * np.cos(phase) + heights * np.sin(phase)
    terms = np.exp(log_size) * waves / (saddle**2 + heights**2) * np.sqrt(scale**2 + heights**2)
    terms[:, 0] /= 2
    total: Numbers = terms.sum(axis=1) * (_SPACING / np.pi)
    return np.clip(total, 0.0, 1.0)


def _saddle(factors: Numbers, times: Numbers) -> Numbers:
    """Where the integrand on (0, 1) is least, by halving: any point there gives the integral, this one precisely."""
    low = np.zeros(len(factors))
    high = np.ones(len(factors))
    for _ in range(6 + int(np.log2(times[0].sum()))):
        middle = (low + high) / 2
        slope = (times * factors / (1 - middle[:, None] * factors)).sum(axis=1) - 1 / middle
        low, high = np.where(slope < 0, middle, low), np.where(slope < 0, high, middle)
    return (low + high) / 2


def _apart(gap: Numbers) -> Numbers:
    return np.where(np.abs(gap) > 1e-9, gap, 1.0)
