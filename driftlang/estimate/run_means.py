"""Means over runs and signed sums of them, with limits, for many samples at once.

In: for each sample the values of its runs, between 0 and 1, in one or several cells. Out: `Estimated`s.
Refuses to do: any other law of limits than the primary estimates have. This is the one place where the secondary
analyses ask for them.
"""

from collections.abc import Sequence
from math import log

import numpy as np

from driftlang.estimate.analysis_forms import Estimated
from driftlang.estimate.columns import Real

METHOD = "limits of bounded means (Hoeffding 1963), shared among the cells"
#: Halvings of an interval of width 1; beyond that a float has nothing left to halve.
_HALVINGS = 54


def mean_over_runs(samples: Sequence[Real], level: float, span: float = 1.0) -> tuple[Estimated, ...]:
    """The mean of each sample's values, times `span`; an empty sample is between 0 and `span`."""
    found = signed_mean([sample[None, :] for sample in samples], (1,), level)
    return tuple(
        Estimated(one.value * span, max(one.low, 0.0) * span, one.high * span, one.units, level, one.method)
        for one in found
    )


def signed_mean(samples: Sequence[Real], signs: Sequence[int], level: float) -> tuple[Estimated, ...]:
    """For each sample the signed sum of its cells' means.

    Args:
        samples: values shaped (cells, runs), a run's values at the same place in every cell.
        signs: 1 or -1 for each cell.
        level: coverage of each interval by itself.
    """
    if not samples:
        return ()
    sizes = np.array([sample.shape[1] for sample in samples])
    means = np.array([sample.mean(axis=1) if sample.shape[1] else np.zeros(len(signs)) for sample in samples])
    share = (1 - level) / len(signs)
    bound = log(2 / share) / np.maximum(sizes, 1)[:, None]
    lower = np.where(sizes[:, None] > 0, _edge(means, 0.0, bound), 0.0)
    upper = np.where(sizes[:, None] > 0, _edge(means, 1.0, bound), 1.0)
    is_plus = np.array(signs) > 0
    low = np.where(is_plus, lower, -upper).sum(axis=1)
    high = np.where(is_plus, upper, -lower).sum(axis=1)
    widest = len(signs) / 2 if len(signs) > 1 else 1.0
    centers = means @ np.array(signs)
    return tuple(
        Estimated(float(center), max(float(down), -widest), min(float(up), widest), int(size), level, METHOD)
        for center, down, up, size in zip(centers, low, high, sizes, strict=True)
    )


def _edge(means: Real, end: float, bound: Real) -> Real:
    """As `intervals.bounded_mean` finds it, for many: the value farthest toward `end` that is within `bound`."""
    inside, outside = means.copy(), np.full(means.shape, end)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            entropy = np.where(means > 0, means * np.log(means / middle), 0.0)
            entropy += np.where(means < 1, (1 - means) * np.log((1 - means) / (1 - middle)), 0.0)
            is_within = entropy <= bound
            inside, outside = np.where(is_within, middle, inside), np.where(is_within, outside, middle)
    return outside
