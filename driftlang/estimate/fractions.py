"""Fractions of one run, and their mean over runs.

In: scored trials. Out: for each run the share of its steps that broke, by either measure.
Refuses to do: pooling steps over runs.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from math import fsum

from driftlang.estimate.forms import Mean, ScoredTrial
from driftlang.estimate.intervals import bounded_mean
from driftlang.score.forms import Outcome


class Measure(Enum):
    """What a run's broken steps are counted out of: its exercised ones, or all that are no errors."""

    GIVEN_EXERCISED = "given exercised"
    UNCONDITIONAL = "unconditional"

    def counts(self, outcome: Outcome) -> bool:
        """Whether a step of this outcome is in the denominator."""
        return outcome.is_exercised if self is Measure.GIVEN_EXERCISED else outcome is not Outcome.ERROR


def fractions(measure: Measure, trials: Iterable[ScoredTrial]) -> Mapping[int, float]:
    """Broken out of the measure's steps, by run; a run without such a step is not in it."""
    found = {}
    for trial in trials:
        outcomes = [step.outcome for step in trial.steps if measure.counts(step.outcome)]
        if outcomes:
            found[trial.run] = outcomes.count(Outcome.BROKEN) / len(outcomes)
    return found


def mean_of(measure: Measure, trials: Sequence[ScoredTrial], level: float) -> Mean:
    """The mean over runs, with the interval of `bounded_mean`."""
    values = list(fractions(measure, trials).values())
    total = fsum(values)
    return Mean(total, len(values), *bounded_mean(total / len(values) if values else 0.0, len(values), level))
