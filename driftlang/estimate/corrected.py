"""Corrected rates: what a rater who errs says of all steps, put right by people's labels of some.

In: the steps of a cell as plain arrays: run, what the rater says, what people say where they were asked, stratum of
the sample. Out: `Corrected`, whose limits carry both uncertainties: few runs, and few labels.
Refuses to do: correcting a rater that is no better than chance, or that too few labels speak of: `refusal` says why.

The rate is the mean over runs of the share of a run's steps that are broken, as in `fractions.py`.

Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382) takes the rater's rate
over all steps and adds the mean error that the labels show; PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv
2311.01453) weighs the rater by a power tuned to the least variance. Here labels are a stratified sample of steps, and
runs are drawn whole, so the error is a mean within strata and the variance is one over runs: that of the difference
estimator in two-phase sampling (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, ch. 9). Nothing is
assumed of the rater: where it errs more in one arm than in the other (differential error), the labels of each cell put
that cell right.
"""

from math import nan, sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from driftlang.estimate.agreement import Agreement
from driftlang.estimate.effective import (
    Runs,
    Values,
    normal_quantile,
    share_of,
    signed_sum,
    student_quantile,
    wilson,
)

#: Labelled steps of either kind, broken and not, below which nothing is said of a rater.
FEWEST = 5
#: The largest share of a cell's steps that may stand in strata without a label.
_MOST_UNSEEN = 0.5
#: Of the variance of runs that break every step or none, how much is added where no run breaks; see `_limits_of_runs`.
_UNSEEN_RUN = 0.25
_NOTHING = 1e-12


@frozen(eq=False)
class CellSteps:
    """All scored steps of one cell.

    Attributes:
        run: of each step.
        said: 1.0 where the rater says broken, else 0.0.
        truth: 1.0 or 0.0 where people labelled the step, NaN elsewhere.
        stratum: of the sample; within a stratum every step was as likely to be labelled as every other.
    """

    run: Runs
    said: Values
    truth: Values
    stratum: NDArray[np.int64]

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """Which steps people labelled."""
        return ~np.isnan(self.truth)


@frozen
class Corrected:
    """A rate, or a difference of rates, with limits; or the reason why there is none.

    Attributes:
        runs: over how many runs it is.
        labels: how many labelled steps it rests on; 0 for what rests on none.
        refused: why it is not offered; empty where it is.
    """

    estimate: float
    low: float
    high: float
    level: float
    method: str
    runs: int
    labels: int
    refused: str = ""

    @property
    def has_data(self) -> bool:
        """Whether it is offered."""
        return not self.refused

    @property
    def value(self) -> float:
        """The rate.

        Raises:
            ValueError: it is refused.
        """
        if self.refused:
            raise ValueError(self.refused)
        return self.estimate


def refusal(agreement: Agreement) -> str:
    """Why a rater's rates cannot be corrected, from how it stands to people; empty where they can be."""
    for share, kind in ((agreement.sensitivity, "broken"), (agreement.specificity, "not broken")):
        if share.steps < FEWEST:
            return f"too few labels: people call {share.steps} labelled steps {kind}, {FEWEST} are needed"
    if agreement.youden.low <= 0:
        return (
            f"no better than chance: sensitivity + specificity - 1 is {agreement.youden.value:.2f}, "
            f"and may be as low as {agreement.youden.low:.2f}"
        )
    return ""


def refuse(why: str, level: float, runs: int, labels: int) -> Corrected:
    """A rate that is not offered: it keeps the limits that nothing rules out."""
    return Corrected(nan, 0.0, 1.0, level, "none", runs, labels, why)


def uncorrected(steps: CellSteps, level: float) -> Corrected:
    """The rate that the rater gives, as if it never erred, with the limits of a mean over runs."""
    told = share_of(steps.said, shares_of_mean(steps), steps.run, level)
    return Corrected(told.value, told.low, told.high, level, "as said; Wilson limits over runs", told.runs, 0)


@frozen
class Powered:
    """What `prediction_powered` gives: the estimate, its variance over runs, and the power that the rater had."""

    estimate: float
    variance: float
    power: float
    runs: int

    def limits(self, level: float) -> tuple[float, float]:
        """Limits by Student's t over runs, within 0 and 1."""
        reach = student_quantile(level, max(self.runs - 1, 1)) * sqrt(self.variance)
        return max(0.0, self.estimate - reach), min(1.0, self.estimate + reach)


def prediction_powered(steps: CellSteps, power: float | None = None) -> Powered:
    """The prediction-powered rate. `power` 1 is PPI, 0 leaves the rater out, none is tuned (PPI++).

    Strata without a label add the rater's word as it stands.
    """
    shares, runs = shares_of_mean(steps), _number_of_runs(steps)
    index = np.unique(steps.run, return_inverse=True)[1]
    truth = np.where(steps.is_labelled, steps.truth, 0.0)
    weights, typical = _calibrated(steps, shares, truth)
    own = _by_run(index, runs, shares * typical + weights * (truth - typical))
    rest = steps.said - _calibrated(steps, shares, steps.said)[1]
    told = _by_run(index, runs, (shares - weights) * rest)
    if power is None:
        spread = float(told.var())
        slope = -float(np.mean((own - own.mean()) * (told - told.mean()))) / spread if spread > _NOTHING else 1.0
        power = min(1.0, max(0.0, slope))
    scores = own + power * told
    variance = float(scores.var(ddof=1)) / runs if runs > 1 else 0.25
    return Powered(float(scores.mean()), variance, power, runs)


def correct(steps: CellSteps, level: float, fallback: tuple[float, float] = (0.5, 0.5)) -> Corrected:
    """The corrected rate of one cell, with limits that hold also where few are labelled and few are broken.

    The estimate is the prediction-powered one with a power of its own in each stratum, which for a rater that says yes
    or no is post-stratification by what it says. The limits put two distances together by MOVER (Zou and Donner 2008):
    what the labels leave open of these runs' rate, from Wilson limits of each part of the sample with the correction
    for a finite population, and what these runs leave open of all runs' rate, from Wilson limits at the effective
    size that the variance over runs says. Limits by Student's t alone (`Powered.limits`) cover too seldom where few of
    the labelled steps are errors.

    Args:
        steps: of the cell.
        level: coverage.
        fallback: share of broken steps to take where a part has no label, for steps called not broken and broken; the
            limits then allow for all of 0 to 1.
    """
    runs, labels = _number_of_runs(steps), int(steps.is_labelled.sum())
    parts, unseen = _parts(steps, level, fallback)
    if unseen > _MOST_UNSEEN or not labels:
        why = (
            "no step of the cell is labelled"
            if not labels
            else f"{unseen:.0%} of the cell is in strata without a label"
        )
        return refuse(f"too few labels: {why}", level, runs, labels)
    value, low, high = signed_sum(parts)
    fewest, most = _limits_of_runs(steps, value, parts, level)
    below, above = sqrt((value - low) ** 2 + (value - fewest) ** 2), sqrt((high - value) ** 2 + (most - value) ** 2)
    method = "prediction-powered, by stratum; limits of labels and of runs by MOVER"
    return Corrected(value, max(0.0, value - below), min(1.0, value + above), level, method, runs, labels)


def contrast(signed: tuple[tuple[Corrected, int], ...], level: float) -> Corrected:
    """A signed sum of rates, such as one arm less another; refused where one of them is.

    Runs of equal number share seed and order, which makes a difference more certain than the limits here say.
    """
    runs, labels = min(rate.runs for rate, _ in signed), sum(rate.labels for rate, _ in signed)
    refused = next((rate.refused for rate, _ in signed if rate.refused), "")
    if refused:
        return Corrected(nan, -len(signed) / 2, len(signed) / 2, level, "none", runs, labels, refused)
    value, low, high = signed_sum([(float(sign), (rate.value, rate.low, rate.high)) for rate, sign in signed])
    widest = len(signed) / 2
    method = f"MOVER of: {signed[0][0].method}"
    return Corrected(value, max(-widest, low), min(widest, high), level, method, runs, labels)


def _parts(
    steps: CellSteps, level: float, fallback: tuple[float, float]
) -> tuple[list[tuple[float, tuple[float, float, float]]], float]:
    """Each stratum parted by what the rater says, as its share of the cell and its rate; how much has no label."""
    shares, found, unseen = shares_of_mean(steps), [], 0.0
    keys = steps.stratum * 2 + steps.said.astype(np.int64)
    for key in np.unique(keys):
        inside = keys == key
        share = float(shares[inside].sum())
        seen = inside & steps.is_labelled
        number = int(seen.sum())
        if not number:
            unseen += share
            found.append((share, (fallback[key % 2], 0.0, 1.0)))
            continue
        weights = shares[seen]
        rate = float(np.average(steps.truth[seen], weights=weights))
        size = float(weights.sum() ** 2 / (weights**2).sum())
        left = int(inside.sum()) - number
        if not left:
            found.append((share, (rate, rate, rate)))
            continue
        found.append((share, (rate, *wilson(rate, size * (left + number - 1) / left, level))))
    return found, unseen


def _limits_of_runs(
    steps: CellSteps, value: float, parts: list[tuple[float, tuple[float, float, float]]], level: float
) -> tuple[float, float]:
    """Limits of all runs' rate around these runs' one, as if every step of these were labelled.

    The variance over runs is that of the prediction-powered estimate less what labels add to it. Runs that break every
    step or none count once each, steps that break by themselves count each. Where few runs break at all, a run that
    breaks every step may not have been seen: so much of its variance is added, the less the more runs break.
    """
    runs, quantile = _number_of_runs(steps), normal_quantile(level)
    of_labels = sum((share * (high - low) / (2 * quantile)) ** 2 for share, (_, low, high) in parts)
    spread = value * (1 - value)
    between = max(0.0, prediction_powered(steps).variance - of_labels)
    if runs < 2 or spread <= _NOTHING or between <= _NOTHING:
        size = float(runs)
    else:
        between += _UNSEEN_RUN * spread / runs / (1 + runs * spread)
        size = float(min(len(steps.run), max(runs, spread / between)))
    fewness = (quantile / student_quantile(level, max(runs - 1, 1))) ** 2
    return wilson(value, size * fewness, level)


def _calibrated(steps: CellSteps, shares: Values, values: Values) -> tuple[Values, Values]:
    """What each labelled step stands for, and the mean of `values` over the labelled steps of each step's stratum.

    In a stratum without a label it is what the rater says.
    """
    weights, means = np.zeros(len(shares)), steps.said.astype(float)
    for stratum in np.unique(steps.stratum):
        inside = steps.stratum == stratum
        seen = inside & steps.is_labelled
        if seen.any():
            weights[seen] = shares[seen] / shares[seen].sum() * shares[inside].sum()
            means[inside] = np.average(values[seen], weights=shares[seen])
    return weights, means


def shares_of_mean(steps: CellSteps) -> Values:
    """How much each step is of the mean over runs of the share of a run's steps."""
    _, index, counts = np.unique(steps.run, return_inverse=True, return_counts=True)
    shares: Values = 1 / (len(counts) * counts[index])
    return shares


def _number_of_runs(steps: CellSteps) -> int:
    return len(np.unique(steps.run))


def _by_run(index: NDArray[np.int64], runs: int, values: Values) -> Values:
    """What each run adds to a mean over runs."""
    return np.asarray(np.bincount(index, values, runs) * runs, dtype=np.float64)
