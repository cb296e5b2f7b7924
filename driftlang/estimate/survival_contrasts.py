"""Survival in an arm against its baseline, runs paired.

In: columns, what was declared. Out: `SurvivalContrast`s.
Refuses to do: the plain log-rank test, which takes the runs of two arms for independent: run i has the same world in
both. Stratified by run (each stratum a pair) it asks which of the two broke first, and is exact as a sign test.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve

from driftlang.estimate.analysis_forms import SurvivalContrast
from driftlang.estimate.columns import Columns, Truth, Whole
from driftlang.estimate.estimated import Estimated, Tested
from driftlang.estimate.multiplicity import holm
from driftlang.estimate.pairs import NOT_DECLARED, ArmPair, contrasted, sign_test
from driftlang.estimate.run_means import signed_mean
from driftlang.estimate.survival import FirstBreaks, first_breaks, kaplan_meier, unbroken_bounds

NULL = "in each run, either arm is as likely as the other to break first"
METHOD = "log-rank stratified by run, exact"

_Seen = tuple[Whole, Truth, Whole]


def survival_contrasts(
    columns: Columns, level: float, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> tuple[SurvivalContrast, ...]:
    """Every cell that has a baseline against it; p values adjusted over all of them by Holm."""
    found = first_breaks(columns)
    pairs = list(contrasted(columns.cells, declared))
    seen = [_paired(found, pair) for pair in pairs]
    differences = _differences(seen, level)
    contrasts = [
        _contrast(columns, pair, of_pair, difference)
        for pair, of_pair, difference in zip(pairs, seen, differences, strict=True)
    ]
    adjusted = holm([one.log_rank.p_value for one in contrasts])
    return tuple(
        evolve(one, log_rank=evolve(one.log_rank, family=len(contrasts), adjusted=p_value))
        for one, p_value in zip(contrasts, adjusted, strict=True)
    )


def _paired(found: FirstBreaks, pair: tuple[int, int]) -> tuple[_Seen, _Seen]:
    """Time, break and horizon of the runs that both cells have, in the order of runs."""
    places = [np.flatnonzero(found.cell == number) for number in pair]
    _, first, second = np.intersect1d(found.run[places[0]], found.run[places[1]], return_indices=True)
    chosen = (places[0][first], places[1][second])
    one, other = ((found.time[rows], found.broke[rows], found.horizon[rows]) for rows in chosen)
    return one, other


def _differences(seen: Sequence[tuple[_Seen, _Seen]], level: float) -> list[Estimated]:
    """Of unbroken steps; a run that was cut off may lie anywhere in its range."""
    bounds = [(unbroken_bounds(*one), unbroken_bounds(*other)) for one, other in seen]
    low = signed_mean([np.array([one[0], other[1]]) for one, other in bounds], (1, -1), level)
    high = signed_mean([np.array([one[1], other[0]]) for one, other in bounds], (1, -1), level)
    return [_spread(of_pair, below, above) for of_pair, below, above in zip(seen, low, high, strict=True)]


def _spread(seen: tuple[_Seen, _Seen], low: Estimated, high: Estimated) -> Estimated:
    horizon = int(max((int(one[2].max(initial=0)) for one in seen), default=0))
    areas = [
        sum(point.share for point in kaplan_meier(time, broke, horizon, low.level)) if len(time) else 0.0
        for time, broke, _ in seen
    ]
    value = areas[0] - areas[1]
    return evolve(low, value=value, low=min(low.low * horizon, value), high=max(high.high * horizon, value))


def _contrast(
    columns: Columns, pair: tuple[int, int], seen: tuple[_Seen, _Seen], difference: Estimated
) -> SurvivalContrast:
    (time, broke, _), (other_time, other_broke, _) = seen
    earlier = int((broke & (time <= other_time) & ~(other_broke & (time == other_time))).sum())
    later = int((other_broke & (other_time <= time) & ~(broke & (time == other_time))).sum())
    test = Tested(NULL, METHOD, sign_test(earlier, later), len(time))
    reason = "" if len(time) else "the two arms have no run in common"
    if len(time) and not earlier + later:
        reason = "in no run did one arm break before the other, so that the test has nothing to go by"
    cell, baseline = (columns.cells[number] for number in pair)
    return SurvivalContrast(cell, baseline, earlier, later, len(time) - earlier - later, difference, test, reason)
