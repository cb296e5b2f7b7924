"""Shares of steps that were sampled with weights and stand in runs.

In: what each sampled step says, its weight and its run. Out: limits of the share, and of signed sums of such estimates.
Refuses to do: counting steps of one run as if they were of several, and intervals of zero width.

The limits are Wilson's (1927, J. Amer. Statist. Assoc. 22) at an effective sample size: that at which a simple random
sample would be as uncertain as this one, with its weights and its runs. Size and correction for few runs are those of
Korn and Graubard 1998 (Survey Methodology 24). Where all steps say the same, nothing shows how much those of one run
have in common, and each run counts once.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

#: One number a step, and the run that each step is of.
Values = NDArray[np.float64]
Runs = NDArray[np.int64]


@frozen
class Share:
    """A weighted share of steps; `low` and `high` are 0 and 1 where there is no data.

    Attributes:
        steps: how many the share is out of.
        runs: in how many runs those stand.
        effective: the size of a simple random sample that would tell as much.
    """

    estimate: float
    low: float
    high: float
    level: float
    steps: int
    runs: int
    effective: float
    method: str = "Wilson limits at the effective sample size"

    @property
    def has_data(self) -> bool:
        """Whether it is out of anything."""
        return self.steps > 0

    @property
    def value(self) -> float:
        """The share.

        Raises:
            ValueError: there is no data.
        """
        if not self.has_data:
            message = "a share of nothing has no value"
            raise ValueError(message)
        return self.estimate


def normal_quantile(level: float) -> float:
    """The quantile z with P(|Z| <= z) = level."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def student_quantile(level: float, degrees: int) -> float:
    """The same of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + level) / 2))


def wilson(share: float, size: float, level: float) -> tuple[float, float]:
    """Wilson's limits of a proportion, at a size that need not be whole."""
    if size <= 0:
        return 0.0, 1.0
    square = normal_quantile(level) ** 2
    middle = share + square / (2 * size)
    reach = sqrt(square * (share * (1 - share) / size + square / (4 * size * size)))
    scale = 1 + square / size
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def share_of(values: Values, weights: Values, runs: Runs, level: float) -> Share:
    """The weighted share of steps that are 1, with its limits.

    Args:
        values: 0 or 1, one a step.
        weights: how many steps each stands for.
        runs: the run of each.
        level: coverage of the limits.
    """
    if not len(values):
        return Share(0.0, 0.0, 1.0, level, 0, 0, 0.0)
    share = float(np.average(values, weights=weights))
    effective = effective_size(values, weights, runs, level)
    low, high = wilson(share, effective, level)
    return Share(share, low, high, level, len(values), len(np.unique(runs)), effective)


def effective_size(values: Values, weights: Values, runs: Runs, level: float) -> float:
    """The size of a simple random sample with the variance of this weighted share, runs being drawn whole."""
    total = weights.sum()
    most = float(total**2 / (weights**2).sum())
    _, index = np.unique(runs, return_inverse=True)
    number = int(index.max()) + 1
    share = float((weights * values).sum() / total)
    scores = np.bincount(index, weights * (values - share)) / total
    variance = float((scores**2).sum()) * number / max(number - 1, 1)
    spread = share * (1 - share)
    if number < 2 or variance <= 1e-12 or spread <= 1e-12:
        return min(most, float(number))
    fewness = (student_quantile(level, max(len(values) - 1, 1)) / student_quantile(level, number - 1)) ** 2
    return min(most, spread / variance * fewness)


def signed_sum(
    parts: Sequence[tuple[float, tuple[float, float, float]]],
) -> tuple[float, float, float]:
    """The sum of independent estimates, each times a number, with limits out of theirs.

    MOVER: Zou and Donner 2008, Statistics in Medicine 27. Each part is (times, (estimate, low, high)).
    """
    value = sum(times * estimate for times, (estimate, _, _) in parts)
    below = above = 0.0
    for times, (estimate, low, high) in parts:
        under, over = (estimate - low, high - estimate) if times >= 0 else (high - estimate, estimate - low)
        below += (times * under) ** 2
        above += (times * over) ** 2
    return value, value - sqrt(below), value + sqrt(above)
