"""A signed sum of cell means, with limits recovered from those of each cell.

In: the values of the same runs in two or four cells, for many studies at once. Out: limits, and the p-value of
"the sum is zero" that they imply.
Refuses to do: a law of the values, and trust in pairs: correlation that was seen in few runs counts for little.

The method of variance estimates recovery (MOVER; Zou and Donner 2008, Statistics in Medicine 27, 1693-1702, after
Newcombe 1998, ibid. 17, 873-890): where cell j has the mean m and limits l and u, the sum's lower limit is
below it by the root of the sum of squares of m - l (u - m where the sign is minus), with twice the product of each two
distances times their correlation taken off where it narrows and added where it widens. The limits of a cell are those
of a bounded mean (`bounded`), so a cell of zeros has a width, and a run that breaks every step is allowed for where
none was seen.

Plain correlations fail: of runs that threw the same dice in two cells all may agree in ten pairs though one pair in
twenty would not, and the interval would have no width (it covers .81 there). So each is drawn toward 0 by a standard
error on Fisher's scale, and one that narrows stays below what agreement of that many pairs can show.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from driftlang.estimate.bounded import upper_limits

Numbers = NDArray[np.float64]
#: Of the correlation of two cells and the product of their signs, for so many runs: the correlation to use.
Tempering = Callable[[Numbers, int, int], Numbers]
#: A correlation is at most 1 less this over the number of runs: then no disagreement in n pairs still allows about as
#: much of it as the exact limit of a proportion does (0 of 10 allows .31, 0 of 100 allows .036).
_AGREEMENT = 6.5
#: From so many runs on Fisher's scale has a standard error that is below 1.
_LEAST_RUNS = 5
_CLOSEST = 0.9999
#: Normal score of the one-sided tail at which the search of a p-value starts, and of the least that is told (6e-7).
_USUAL, _HIGHEST = 2.0, 5.0
_SECANTS = 2
#: Below this the values of a cell do not differ.
_TINY = 1e-12


def tempered(correlation: Numbers, sign: int, runs: int) -> Numbers:
    """The correlation drawn toward 0 by one standard error, and bounded where it narrows (`sign` times it below 0)."""
    narrows = sign * correlation < 0
    if runs < _LEAST_RUNS:
        widening: Numbers = np.where(narrows, 0.0, correlation)
        return widening
    fisher = np.arctanh(np.minimum(np.abs(correlation), _CLOSEST))
    drawn = np.tanh(np.maximum(fisher - 1 / np.sqrt(runs - 3), 0.0))
    bound = max(0.0, 1 - _AGREEMENT / runs)
    found: Numbers = np.sign(correlation) * np.where(narrows, np.minimum(drawn, bound), drawn)
    return found


def plain(correlation: Numbers, _sign: int, _runs: int) -> Numbers:
    """The correlation as it was seen, as Zou and Donner have it."""
    return correlation


def independent(correlation: Numbers, _sign: int, _runs: int) -> Numbers:
    """No correlation, as Newcombe has it."""
    return np.zeros_like(correlation)


def mover(
    values: Numbers, signs: Sequence[int], tail: Numbers | float, temper: Tempering = tempered
) -> tuple[Numbers, Numbers]:
    """Lower and upper limits of the signed sum of means, for each study.

    Args:
        values: in [0, 1], shaped (cells, studies, runs), a run's values at the same place in every cell.
        signs: 1 or -1 for each cell.
        tail: what to leave on each side, one number or one a study.
        temper: what to make of the correlation of two cells.
    """
    center = np.asarray(signs) @ values.mean(axis=2)
    correlations = _correlations(values, signs, temper)
    is_plus = np.asarray(signs)[:, None, None] > 0
    tails = np.broadcast_to(np.asarray(tail, dtype=np.float64), center.shape)
    down = _distance(np.where(is_plus, 1 - values, values), correlations, tails)
    up = _distance(np.where(is_plus, values, 1 - values), correlations, tails)
    widest = len(values) / 2
    return np.maximum(center - down, -widest), np.minimum(center + up, widest)


def zero_sum_p_values(values: Numbers, signs: Sequence[int], temper: Tempering = tempered) -> Numbers:
    """For each study: twice the tail at which the limits of `mover` first hold 0; 1 where they always do.

    A test that rejects where this is at most alpha rejects where the interval of level 1 - alpha leaves 0 out: its
    null is that the means balance, whatever else differs between the cells (the weak null).
    """
    from scipy.special import ndtr

    center = np.asarray(signs) @ values.mean(axis=2)
    correlations = _correlations(values, signs, temper)
    is_turned = np.asarray(signs)[:, None, None] * np.where(center < 0, -1, 1)[:, None] > 0
    facing = np.where(is_turned, 1 - values, values)

    def missing(score: Numbers) -> Numbers:
        gap: Numbers = _distance(facing, correlations, ndtr(-score)) - np.abs(center)
        return gap

    # Distances grow almost in proportion to the score, so the second point is near already.
    former = np.full_like(center, _USUAL)
    former_gap = missing(former)
    score = np.clip(former * np.abs(center) / (former_gap + np.abs(center)), 0.0, _HIGHEST)
    gap = missing(score)
    for _ in range(_SECANTS):
        slope = (gap - former_gap) / np.where(score == former, 1.0, score - former)
        step = np.where(slope > _TINY, -gap / np.maximum(slope, _TINY), 0.0)
        former, former_gap, score = score, gap, np.clip(score + step, 0.0, _HIGHEST)
        gap = missing(score)
    found: Numbers = 2 * ndtr(-score)
    return found


def _distance(facing: Numbers, correlations: list[tuple[int, int, Numbers]], tails: Numbers) -> Numbers:
    """How far the sum may lie beyond its estimate, upward in every cell of `facing`, by the limits of the cells."""
    cells, studies, runs = facing.shape
    limits = upper_limits(facing.reshape(cells * studies, runs), np.tile(tails, cells)).reshape(cells, studies)
    distances = limits - facing.mean(axis=2)
    total = (distances**2).sum(axis=0)
    for one, other, correlation in correlations:
        total = total + 2 * correlation * distances[one] * distances[other]
    found: Numbers = np.sqrt(np.maximum(total, 0.0))
    return found


def _correlations(values: Numbers, signs: Sequence[int], temper: Tempering) -> list[tuple[int, int, Numbers]]:
    """For each two cells the product of their signs and their tempered correlation."""
    runs = values.shape[2]
    centered = values - values.mean(axis=2, keepdims=True)
    lengths = np.sqrt((centered**2).sum(axis=2))
    found = []
    for one, other in combinations(range(len(signs)), 2):
        scale = lengths[one] * lengths[other]
        product = (centered[one] * centered[other]).sum(axis=1)
        correlation = np.where(scale > _TINY, product / np.maximum(scale, _TINY), 0.0)
        sign = signs[one] * signs[other]
        found.append((one, other, sign * temper(np.clip(correlation, -1, 1), sign, runs)))
    return found
