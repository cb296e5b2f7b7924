"""A signed sum of proportions, such as a difference of differences, tested and bounded from counts of few runs.

In: a proportion of so many independent runs for each cell, and the cells' signs. Out: a p-value for the null that the
signed sum has a given value, whatever the proportions are (the weak null), and the interval of the values that are not
rejected.
Refuses to do: an approximation where the cells are few enough to be enumerated.

The statistic is that of Price and Bonett (2004, Computational Statistics and Data Analysis 45, 449-456): k cells get
2/k successes and 2/k failures each, so that cells of zeros have a variance. Its distribution is not approximated: every
outcome of the cells is enumerated, and the p-value is the largest over a grid of proportions that satisfy the null
(Barnard 1945, Nature 156; Suissa and Shuster 1985, J. Royal Statistical Society A 148). Either side is tested at half
the level, as Clopper and Pearson do, and the interval is the test turned round (Chan and Zhang 1999, Biometrics 55).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import comb, erfc, fsum, sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

#: Proportions of a cell that are tried, evenly from 0 to 1; the last cell's follows from the others' and the null.
_GRID = 41
#: The most outcomes that are enumerated; cells with more are so large that the normal law will do.
MOST_OUTCOMES = 60_000
#: Halvings of the range in which a limit lies.
_HALVINGS = 12
_ROUNDING = 1e-9

Numbers = NDArray[np.float64]
_Tail = Callable[[tuple["Share", ...], float], float]


@frozen
class Share:
    """A proportion out of `runs` independent runs, and whether it is added (1) or taken away (-1).

    `value` times `runs` need not be whole: it may be a mean of several proportions.
    """

    value: float
    runs: int
    sign: int = 1


@frozen
class SignedSum:
    """A signed sum of proportions; `p_value` is for the null that it is 0, `is_exact` says whether all was enumerated.

    Without runs in some cell nothing is ruled out.
    """

    value: float
    low: float
    high: float
    p_value: float
    is_exact: bool


def sum_shares(shares: Sequence[Share], level: float) -> SignedSum:
    """The signed sum, its interval of coverage `level`, and the two-sided p-value of the null that it is 0."""
    value = fsum(share.sign * share.value for share in shares)
    widest_low = -float(sum(share.sign < 0 for share in shares))
    widest_high = float(sum(share.sign > 0 for share in shares))
    if not all(share.runs > 0 for share in shares):
        return SignedSum(value, widest_low, widest_high, 1.0, is_exact=True)
    tail, error = _tail_of(shares), (1 - level) / 2
    mirrored = _mirrored(shares)
    low = _limit(lambda null: tail(tuple(shares), null) <= error, widest_low, value)
    high = -_limit(lambda null: tail(mirrored, null) <= error, -widest_high, -value)
    return SignedSum(value, low, high, p_value_of(shares), is_exact=tail is _exact_tail)


def p_value_of(shares: Sequence[Share]) -> float:
    """The two-sided p-value of the null that the signed sum is 0; every cell has runs."""
    tail = _tail_of(shares)
    return min(1.0, 2 * min(tail(tuple(shares), 0.0), tail(_mirrored(shares), 0.0)))


def _mirrored(shares: Sequence[Share]) -> tuple[Share, ...]:
    return tuple(Share(share.value, share.runs, -share.sign) for share in shares)


def _tail_of(shares: Sequence[Share]) -> _Tail:
    return _exact_tail if _outcomes(shares) <= MOST_OUTCOMES else _normal_tail


def _outcomes(shares: Sequence[Share]) -> int:
    total = 1
    for share in shares:
        total *= share.runs + 1
    return total


def _limit(is_rejected: Callable[[float], bool], far: float, near: float) -> float:
    """The largest null that is rejected, between `far` and the estimate; `far` itself where even that is not."""
    if not is_rejected(far):
        return far
    for _ in range(_HALVINGS):
        middle = (far + near) / 2
        far, near = (middle, near) if is_rejected(middle) else (far, middle)
    return far


def _exact_tail(shares: tuple[Share, ...], null: float) -> float:
    """The largest probability, under the null, of a statistic as high as the one that was seen."""
    *others, last = shares
    chances = _extreme_outcomes(shares, null).astype(np.float64)
    for share in others:
        chances = np.tensordot(chances, _binomial(share.runs, _even_grid()), axes=([0], [1]))
    # Axes now: outcomes of the last cell, then one of proportions for each of the others.
    steps = np.arange(_GRID)
    places = np.zeros((_GRID,) * len(others), dtype=np.int64)
    for axis, share in enumerate(others):
        places += share.sign * steps.reshape([-1 if other == axis else 1 for other in range(len(others))])
    lowest = int(places.min())
    due = last.sign * (null - np.arange(lowest, int(places.max()) + 1) / (_GRID - 1))
    is_possible = ((due > -_ROUNDING) & (due < 1 + _ROUNDING))[places - lowest]
    if not is_possible.any():
        return 0.0
    of_last = _binomial(last.runs, np.clip(due, 0.0, 1.0))[(places - lowest)[is_possible]]
    return min(1.0, float(np.einsum("px,xp->p", of_last, chances[:, is_possible]).max()))


def _extreme_outcomes(shares: tuple[Share, ...], null: float) -> NDArray[np.bool_]:
    """Which outcomes have a statistic as high as the one that was seen; an axis a cell."""
    sums: Numbers = np.zeros(())
    variances: Numbers = np.zeros(())
    for axis, share in enumerate(shares):
        mean, variance = _shrunken(np.arange(share.runs + 1.0), share.runs, len(shares))
        shape = [-1 if other == axis else 1 for other in range(len(shares))]
        sums = sums + share.sign * mean.reshape(shape)
        variances = variances + variance.reshape(shape)
    found: NDArray[np.bool_] = (sums - null) / np.sqrt(variances) >= _statistic(shares, null) - _ROUNDING
    return found


def _statistic(shares: Sequence[Share], null: float) -> float:
    pairs = [_shrunken(np.asarray(share.value * share.runs), share.runs, len(shares)) for share in shares]
    total = fsum(share.sign * float(mean) for share, (mean, _) in zip(shares, pairs, strict=True))
    return (total - null) / sqrt(fsum(float(variance) for _, variance in pairs))


def _shrunken(count: Numbers, runs: int, cells: int) -> tuple[Numbers, Numbers]:
    """The proportion with 2/cells successes and failures more, and the variance of it."""
    mean = (count + 2 / cells) / (runs + 4 / cells)
    return mean, mean * (1 - mean) / (runs + 4 / cells)


def _normal_tail(shares: tuple[Share, ...], null: float) -> float:
    return erfc(_statistic(shares, null) / sqrt(2)) / 2


@lru_cache(maxsize=1)
def _even_grid() -> Numbers:
    return np.arange(_GRID) / (_GRID - 1)


def _binomial(runs: int, rates: Numbers) -> Numbers:
    """Probabilities of 0 to `runs` successes, a row a rate."""
    counts = np.arange(runs + 1)
    ways = np.array([comb(runs, count) for count in range(runs + 1)], dtype=np.float64)
    column = rates[:, None]
    return ways * column**counts * (1 - column) ** (runs - counts)
