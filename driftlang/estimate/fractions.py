"""Fractions of one run, and their mean over runs.

In: scored trials. Out: for each run the share of its steps that broke, by either measure; means of those.
Refuses to do: pooling steps over runs.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from math import fsum

import numpy as np

from driftlang.estimate.bounded import lower_limits, upper_limits
from driftlang.estimate.forms import Mean, ScoredTrial
from driftlang.estimate.offers import BOUNDED_MEAN
from driftlang.score.forms import Outcome

#: Digits of a limit that are kept: fewer than it is right to, and too few to show which others were computed beside it.
DIGITS = 9
#: Each run's share of broken steps, by the run's number.
Fractions = Mapping[int, float]
_EXERCISED = tuple(outcome for outcome in Outcome if outcome.is_exercised)


class Measure(Enum):
    """What a run's broken steps are counted out of: its exercised ones, or all that are no errors."""

    GIVEN_EXERCISED = "given exercised"
    UNCONDITIONAL = "unconditional"

    def size(self, outcomes: Sequence[Outcome]) -> int:
        """How many steps of these outcomes are in the denominator."""
        if self is Measure.GIVEN_EXERCISED:
            return sum(outcomes.count(outcome) for outcome in _EXERCISED)
        return len(outcomes) - outcomes.count(Outcome.ERROR)


def fractions(measure: Measure, trials: Iterable[ScoredTrial]) -> Fractions:
    """Broken out of the measure's steps, by run; a run without such a step is not in it."""
    found = {}
    for trial in trials:
        outcomes = [step.outcome for step in trial.steps]
        if size := measure.size(outcomes):
            found[trial.run] = outcomes.count(Outcome.BROKEN) / size
    return found


def means_of(samples: Sequence[Fractions], level: float) -> tuple[Mean, ...]:
    """The mean over runs of each sample, with its limits; samples of one size are computed together."""
    found: dict[int, Mean] = {}
    by_size: dict[int, list[int]] = {}
    for place, sample in enumerate(samples):
        by_size.setdefault(len(sample), []).append(place)
    for size, places in by_size.items():
        if size == 0:
            found |= dict.fromkeys(places, Mean(0.0, 0, 0.0, 1.0, BOUNDED_MEAN))
            continue
        # Sorted, so that the order of runs does not show in the last digit.
        values = np.array([sorted(samples[place].values()) for place in places])
        lows, highs = (limits(values, (1 - level) / 2).round(DIGITS) for limits in (lower_limits, upper_limits))
        for place, low, high in zip(places, lows.tolist(), highs.tolist(), strict=True):
            found[place] = Mean(fsum(samples[place].values()), size, low, high, BOUNDED_MEAN)
    return tuple(found[place] for place in range(len(samples)))
