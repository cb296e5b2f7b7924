"""Corrected rates by sensitivity and specificity, which are taken to be the same in every cell.

In: an apparent rate, sensitivity and specificity, each with the size of the sample that it rests on. Out: `Corrected`.
Refuses to do: more than its assumption allows. Where a rater errs more in one arm than in another, this estimate is
biased in both; `differential` says what the labels show of that. It stands beside the prediction-powered estimate,
which assumes nothing, for comparison.

Rogan and Gladen 1978 (Amer. J. Epidemiol. 107); limits that carry the uncertainty of sensitivity and specificity: Lang
and Reiczigel 2014 (Preventive Veterinary Medicine 113, equations 2, 6, 7, 16 and 17).
"""

from math import sqrt

from attrs import frozen

from driftlang.estimate.corrected import CellSteps, Corrected, shares_of_mean, uncorrected
from driftlang.estimate.effective import Share, normal_quantile, share_of, signed_sum


@frozen
class Differential:
    """How much more sensitive and specific a rater is in a cell than in its baseline, with limits.

    A rater errs differently where either interval leaves out 0.
    """

    sensitivity: tuple[float, float, float]
    specificity: tuple[float, float, float]

    @property
    def is_shown(self) -> bool:
        """Whether the labels show a difference."""
        return any(low > 0 or high < 0 for _, low, high in (self.sensitivity, self.specificity))


def rogan_gladen(steps: CellSteps, sensitivity: Share, specificity: Share, level: float) -> Corrected:
    """The corrected rate of one cell. Its steps count for as many as their runs make of them."""
    said = uncorrected(steps, level)
    apparent = share_of(steps.said, shares_of_mean(steps), steps.run, level)
    labels = sensitivity.steps + specificity.steps
    rates = ((said.value, apparent.effective), _sized(sensitivity), _sized(specificity))
    value, low, high = lang_reiczigel(*rates, level)
    return Corrected(value, low, high, level, "Rogan-Gladen, limits of Lang and Reiczigel", said.runs, labels)


def lang_reiczigel(
    apparent: tuple[float, float], sensitivity: tuple[float, float], specificity: tuple[float, float], level: float
) -> tuple[float, float, float]:
    """The prevalence behind an apparent one, and its limits. Each rate comes with the size of its sample.

    Raises:
        ZeroDivisionError: sensitivity and specificity sum to 1.
    """
    quantile = normal_quantile(level)
    square = quantile * quantile
    (said, size), (right, size_right), (wrong_free, size_free) = apparent, sensitivity, specificity
    value = (said + wrong_free - 1) / (right + wrong_free - 1)
    said, size = (size * said + square / 2) / (size + square), size + square
    right, size_right = (size_right * right + 1) / (size_right + 2), size_right + 2
    wrong_free, size_free = (size_free * wrong_free + 1) / (size_free + 2), size_free + 2
    better = right + wrong_free - 1
    middle = (said + wrong_free - 1) / better
    of_right, of_free = right * (1 - right) / size_right, wrong_free * (1 - wrong_free) / size_free
    shift = 2 * square * (middle * of_right - (1 - middle) * of_free)
    variance = said * (1 - said) / size + middle**2 * of_right + (1 - middle) ** 2 * of_free
    reach = quantile * sqrt(variance) / abs(better)
    value, low, high = (min(1.0, max(0.0, one)) for one in (value, middle + shift - reach, middle + shift + reach))
    return value, min(low, value), max(high, value)


def rogan_gladen_contrast(
    signed: tuple[tuple[CellSteps, int], ...], sensitivity: Share, specificity: Share, level: float
) -> Corrected:
    """A signed sum of corrected rates that share one sensitivity and specificity: the apparent one over Youden's J.

    Limits of the ratio are those of Donner and Zou 2012 (Stat. Methods Med. Res. 21), equation 11.
    """
    rates = []
    for steps, sign in signed:
        said = uncorrected(steps, level)
        rates.append((float(sign), (said.value, said.low, said.high)))
    runs, labels = min(len(set(steps.run.tolist())) for steps, _ in signed), sensitivity.steps + specificity.steps
    apparent = signed_sum(rates)
    shares = [(1.0, (one.value, one.low, one.high)) for one in (sensitivity, specificity)]
    better, low, high = (one - 1 for one in signed_sum(shares))
    widest = len(signed) / 2
    value, least, most = _ratio(apparent, (better, low, high))
    return Corrected(
        max(-widest, min(widest, value)),
        max(-widest, least),
        min(widest, most),
        level,
        "Rogan-Gladen, one sensitivity and specificity for all arms",
        runs,
        labels,
    )


def _ratio(above: tuple[float, float, float], below: tuple[float, float, float]) -> tuple[float, float, float]:
    """A ratio of independent estimates with its limits; `below` is above 0 at its lower limit."""
    (top, top_low, top_high), (base, base_low, base_high) = above, below
    value = top / base

    def limit(of_top: float, of_base: float, sign: int) -> float:
        product, scale = top * base, of_base * (2 * base - of_base)
        inner = max(0.0, product**2 - of_top * of_base * (2 * top - of_top) * (2 * base - of_base))
        return (product + sign * sqrt(inner)) / scale if scale > 0 else sign * float("inf")

    if top_low >= 0 or (top >= 0 and top_low < 0 <= top_high):
        low = limit(top_low, base_high if top_low >= 0 else base_low, -1)
        high = limit(top_high, base_low, 1)
    else:
        low, high = (-one for one in reversed(_ratio((-top, -top_high, -top_low), below)[1:]))
    return value, min(low, value), max(high, value)


def differential(cell: tuple[Share, Share], baseline: tuple[Share, Share]) -> Differential:
    """Sensitivity and specificity in a cell less those in its baseline, with limits by MOVER."""
    pairs = zip(cell, baseline, strict=True)
    first, second = (
        signed_sum([(1.0, (here.estimate, here.low, here.high)), (-1.0, (there.estimate, there.low, there.high))])
        if here.has_data and there.has_data
        else (0.0, -1.0, 1.0)
        for here, there in pairs
    )
    return Differential(first, second)


def _sized(share: Share) -> tuple[float, float]:
    return share.value, share.effective
