"""Survival: after how many steps runs break their constraint for the first time.

In: columns. Out: `Survival` of each cell, `SurvivalContrast` of each pair of arms.
Refuses to do: a run in error as one that kept. It is cut off where its first error is, which for a trial in error is
its start, as all of its steps are errors; a run that goes on no longer than others is cut off at its end.

Curves are those of Kaplan and Meier 1958 (JASA 53), their limits those of the complementary log-log scale
(Kalbfleisch and Prentice 1980, The Statistical Analysis of Failure Time Data, 1.4) with Greenwood's variance. Where no
run, or every run, has broken, that scale has no limits; there the exact ones of a proportion stand (Clopper and Pearson
1934) out of the runs that came so far unbroken, or that broke, so that no limits have zero width.
"""

from collections.abc import Iterator, Sequence
from math import exp, log, sqrt

import numpy as np
from attrs import frozen

from driftlang.estimate.analysis_forms import Survival, SurvivalPoint
from driftlang.estimate.columns import Columns, Real, Truth, Whole, grouped
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.forms import CellKey
from driftlang.estimate.intervals import clopper_pearson
from driftlang.estimate.run_means import mean_over_runs

METHOD = "Kaplan-Meier, log-log limits (Greenwood); exact ones where no run or every run broke"


@frozen(eq=False)
class FirstBreaks:
    """Every trial's first break.

    Attributes:
        cell, run: of the trial.
        time: position of the first break, or of the last step that was seen without one.
        broke: whether it is a break. horizon: last position that the trial's cell has.
    """

    cell: Whole
    run: Whole
    time: Whole
    broke: Truth
    horizon: Whole


def first_breaks(columns: Columns) -> FirstBreaks:
    """The first break of every trial, on its own line."""
    own = columns.where(columns.fork == 0)
    first, trial = grouped([own.trial])
    size = len(first)
    never = np.iinfo(np.int64).max
    broke_at, error_at = np.full(size, never), np.full(size, never)
    last = np.zeros(size, dtype=np.int64)
    np.minimum.at(broke_at, trial[own.is_broken], own.position[own.is_broken])
    np.minimum.at(error_at, trial[own.is_error], own.position[own.is_error])
    np.maximum.at(last, trial, own.position)
    horizon = np.zeros(len(own.cells), dtype=np.int64)
    np.maximum.at(horizon, own.cell, own.position)
    broke = broke_at < error_at
    time = np.where(broke, broke_at, np.minimum(last, error_at - 1))
    return FirstBreaks(own.cell[first], own.run[first], time, broke, horizon[own.cell[first]])


def survivals(columns: Columns, level: float) -> tuple[Survival, ...]:
    """The curve of every cell, in the order of cells."""
    found = first_breaks(columns)
    here = [(number, found.cell == number) for number in range(len(columns.cells)) if (found.cell == number).any()]
    times = [unbroken_bounds(found.time[chosen], found.broke[chosen], found.horizon[chosen]) for _, chosen in here]
    low = mean_over_runs([pair[0] for pair in times], level)
    high = mean_over_runs([pair[1] for pair in times], level)
    return tuple(
        _survival(columns.cells[number], (found.time[chosen], found.broke[chosen]), (below, above), horizon)
        for (number, chosen), below, above in zip(here, low, high, strict=True)
        for horizon in [int(found.horizon[chosen][0])]
    )


def _survival(cell: CellKey, seen: tuple[Whole, Truth], bounds: tuple[Estimated, Estimated], horizon: int) -> Survival:
    time, broke = seen
    level = bounds[0].level
    points = tuple(kaplan_meier(time, broke, horizon, level))
    cut = int((~broke & (time < horizon)).sum())
    median = next((point.position for point in points if point.share <= 0.5), 0)
    value = sum(point.share for point in points)
    unbroken = Estimated(
        value,
        min(bounds[0].low * horizon, value),
        max(bounds[1].high * horizon, value),
        len(time),
        level,
        f"{bounds[0].method}; of runs that were cut off the whole range is allowed",
    )
    says = _says(points, len(time), int(broke.sum()), cut, level)
    reason = "" if (time > 0).any() else "every run ended in error, so that nothing is known of the time to a break"
    return Survival(
        cell, len(time), int(broke.sum()), cut, horizon, points, median, unbroken, level, METHOD, says, reason
    )


def kaplan_meier(time: Whole, broke: Truth, horizon: int, level: float) -> Iterator[SurvivalPoint]:
    """The curve behind each step from 1 to `horizon`.

    Args:
        time: of each run, its first break or its last step without one; 0 for one that was cut off at its start.
        broke: whether it is a break.
        horizon: the last step.
        level: coverage of the limits at one step.
    """
    share, variance, broken = 1.0, 0.0, 0
    for position in range(1, horizon + 1):
        at_risk = int((time >= position).sum())
        events = int((broke & (time == position)).sum())
        broken += events
        cut = int((~broke & (time == position)).sum()) if position < horizon else 0
        if at_risk:
            share *= 1 - events / at_risk
            if events < at_risk:
                variance += events / (at_risk * (at_risk - events))
        low, high = _limits(share, variance, _unbroken(time, position, at_risk) if share else broken, level)
        yield SurvivalPoint(position, at_risk, events, cut, share, low, high)


def _unbroken(time: Whole, position: int, at_risk: int) -> int:
    """Runs that a share of 1 rests on at a step: those that came so far, or that came last."""
    return at_risk or int((time >= time[time < position].max(initial=0)).sum())


def _limits(share: float, variance: float, at_risk: int, level: float) -> tuple[float, float]:
    from scipy.special import ndtri

    if share in {0.0, 1.0}:
        return clopper_pearson(round(share * at_risk), at_risk, level)
    reach = float(ndtri((1 + level) / 2)) * sqrt(variance) / abs(log(share))
    return share ** exp(reach), share ** exp(-reach)


def unbroken_bounds(time: Whole, broke: Truth, horizon: Whole) -> tuple[Real, Real]:
    """Steps before the first break as a share of the horizon: least and most, where a run was cut off.

    Such a run may have broken at its next step, or never.
    """
    least = np.where(broke, time - 1, np.minimum(time, horizon)) / np.maximum(horizon, 1)
    most = np.where(broke, time - 1, horizon) / np.maximum(horizon, 1)
    return least, most


def _says(points: Sequence[SurvivalPoint], runs: int, broke: int, cut: int, level: float) -> str:
    if not points:
        return "no step was made"
    last = points[-1]
    aside = f"; {cut} were cut off before" if cut else ""
    if not broke:
        most = 1 - last.low
        return (
            f"none of {runs} runs broke its constraint in {last.position} steps{aside}; "
            f"a share of up to {most:.0%} of runs that break is not ruled out ({level:.0%})"
        )
    half = next((point.position for point in points if point.share <= 0.5), 0)
    when = f"half of them by step {half}" if half else "fewer than half of them within the run"
    return f"{broke} of {runs} runs broke their constraint, {when}{aside}"
