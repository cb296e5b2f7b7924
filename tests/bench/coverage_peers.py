"""Other intervals for a signed sum of cell means, to be laid beside the offered one.

In: the signed values of each run (one number a run), for many studies at once. Out: lower and upper limits.
Refuses to do: being offered. Each of these fails somewhere in the table, or is wider.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

from driftlang.estimate.bounded import lower_limits, upper_limits

Numbers = NDArray[np.float64]
Limits = tuple[Numbers, Numbers]

#: Candidates for the mean at which the capital of a bet is computed.
_CANDIDATES = 401
#: Orders of the runs over which capital is averaged, so that the limits hardly depend on any.
_ORDERS = 8
#: Share of the most that may be staked.
_STAKE = 0.75
_RESAMPLES = 2000


def paired_t(sums: Numbers, level: float) -> Limits:
    """Student's limits of the mean of `sums`, shaped (studies, runs)."""
    from scipy.special import stdtrit

    runs = sums.shape[1]
    reach = stdtrit(runs - 1, (1 + level) / 2) * sums.std(axis=1, ddof=1) / np.sqrt(runs)
    center = sums.mean(axis=1)
    return center - reach, center + reach


def percentile_bootstrap(sums: Numbers, level: float, random: np.random.Generator) -> Limits:
    """Quantiles of the means of resampled runs (Efron 1979, Annals of Statistics 7); all studies share the draws."""
    runs = sums.shape[1]
    draws = random.multinomial(runs, np.full(runs, 1 / runs), size=_RESAMPLES) / runs
    means = sums @ draws.T
    low, high = np.quantile(means, ((1 - level) / 2, (1 + level) / 2), axis=1)
    return low, high


def betting(sums: Numbers, widest: float, level: float, random: np.random.Generator) -> Limits:
    """The hedged-capital interval (Waudby-Smith and Ramdas 2024, J. R. Statist. Soc. B 86), averaged over orders.

    Candidates for the mean are kept while the capital won by betting against them stays below 1 / (1 - level). Capital
    averaged over orders has no greater expectation than that in one order, so the coverage holds.

    Args:
        sums: shaped (studies, runs).
        widest: each sum is between this and its negative.
        level: coverage.
        random: draws the orders.
    """
    values = (sums + widest) / (2 * widest)
    candidates = np.linspace(0, 1, _CANDIDATES)
    capital = np.zeros((len(values), _CANDIDATES))
    for _ in range(_ORDERS):
        capital += _hedged_capital(values[:, random.permutation(values.shape[1])], candidates, 1 - level) / _ORDERS
    is_kept = capital < 1 / (1 - level)
    spacing = 1 / (_CANDIDATES - 1)
    first = is_kept.argmax(axis=1)
    last = _CANDIDATES - 1 - is_kept[:, ::-1].argmax(axis=1)
    low, high = np.maximum(candidates[first] - spacing, 0), np.minimum(candidates[last] + spacing, 1)
    return (2 * low - 1) * widest, (2 * high - 1) * widest


def _hedged_capital(values: Numbers, candidates: Numbers, alpha: float) -> Numbers:
    """Capital at the end, the better of half in bets that the mean is larger and half in bets that it is smaller."""
    studies, runs = values.shape
    up = np.zeros((studies, len(candidates)))
    down = np.zeros_like(up)
    mean, spread = np.full(studies, 0.5), np.full(studies, 0.25)
    total, squares = np.full(studies, 0.5), np.full(studies, 0.25)
    largest_up = _STAKE / np.maximum(candidates, 1e-9)
    largest_down = _STAKE / np.maximum(1 - candidates, 1e-9)
    for at in range(runs):
        stake = np.sqrt(2 * log(2 / alpha) / (runs * spread))[:, None]
        gain = values[:, at, None] - candidates
        up += np.log1p(np.minimum(stake, largest_up) * gain)
        down += np.log1p(-np.minimum(stake, largest_down) * gain)
        total += values[:, at]
        mean = total / (at + 2)
        squares += (values[:, at] - mean) ** 2
        spread = squares / (at + 2)
    return np.maximum(np.exp(up), np.exp(down)) / 2


def joint_limits(values: Numbers, signs: tuple[int, ...], level: float) -> Limits:
    """Exact limits of each cell at levels that share the error (Bonferroni), put together so that all hold at once.

    Args:
        values: shaped (cells, studies, runs).
        signs: 1 or -1 for each cell.
        level: coverage.
    """
    tail = (1 - level) / 2 / len(signs)
    lows = [lower_limits(cell, tail) for cell in values]
    highs = [upper_limits(cell, tail) for cell in values]
    widest = len(signs) / 2
    low = sum(one if sign > 0 else -other for one, other, sign in zip(lows, highs, signs, strict=True))
    high = sum(other if sign > 0 else -one for one, other, sign in zip(lows, highs, signs, strict=True))
    return np.maximum(low, -widest), np.minimum(high, widest)
