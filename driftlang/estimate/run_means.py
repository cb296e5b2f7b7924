"""Means over runs and signed sums of them, with limits, for many samples at once.

In: for each sample the values of its runs, between 0 and 1, in one or several cells. Out: `Estimated`s.
Refuses to do: any other law of limits than the primary estimates have. This is the one place where the secondary
analyses ask for them.
"""

from collections.abc import Sequence

import numpy as np

from driftlang.estimate.bounded import lower_limits, upper_limits
from driftlang.estimate.columns import Real
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.mover import mover
from driftlang.estimate.offers import BOUNDED_MEAN, MOVER


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
        signs: 1 or -1 for each cell; a single cell is a mean.
        level: coverage of each interval by itself.
    """
    by_size: dict[int, list[int]] = {}
    for place, sample in enumerate(samples):
        by_size.setdefault(sample.shape[1], []).append(place)
    found: dict[int, Estimated] = {}
    for runs, places in by_size.items():
        low, center, high = _limits(np.array([samples[place] for place in places]), runs, signs, level)
        method = BOUNDED_MEAN if len(signs) == 1 else MOVER
        for place, down, value, up in zip(places, low.tolist(), center.tolist(), high.tolist(), strict=True):
            found[place] = Estimated(value, down, up, runs, level, method)
    return tuple(found[place] for place in range(len(samples)))


def _limits(values: Real, runs: int, signs: Sequence[int], level: float) -> tuple[Real, Real, Real]:
    """Lower limits, sums and upper limits; `values` is shaped (samples, cells, runs)."""
    if not runs:
        nothing = np.zeros(len(values))
        widest = nothing + (len(signs) / 2 if len(signs) > 1 else 1.0)
        return (nothing if len(signs) == 1 else -widest), nothing, widest
    tail = (1 - level) / 2
    center: Real = values.mean(axis=2) @ np.asarray(signs)
    if len(signs) == 1:
        return lower_limits(values[:, 0], tail), center, upper_limits(values[:, 0], tail)
    low, high = mover(values.transpose(1, 0, 2), signs, tail)
    return low, center, high
