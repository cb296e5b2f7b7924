"""Contrasts: what pressure adds over its control, and how that differs between directions.

In: scored trials by cell. Out: paired differences, and differences of those.
Refuses to do: tests. The intervals are conservative on purpose: limits of each cell's mean (see `bounded_mean`) at
levels that share the error among the cells (Bonferroni), put together so that all hold at once. They cover where a
t interval or a bootstrap does not, as when one run in many breaks every step, and are wide at ten runs because
ten runs say little.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import fsum
from types import MappingProxyType

from attrs import evolve

from driftlang.estimate.forms import Asymmetry, CellKey, Contrast, Difference, ScoredTrial
from driftlang.estimate.fractions import Measure, fractions
from driftlang.estimate.intervals import bounded_mean

#: Arms that a contrast can stand against where the plan names none, the better control first.
BASELINES = ("placebo", "bare")
#: An arm and the one that it is contrasted against.
ArmPair = tuple[str, str]
NOT_DECLARED: Mapping[str, Sequence[ArmPair]] = MappingProxyType({})
_Cells = Mapping[CellKey, Sequence[ScoredTrial]]


def contrast_cells(
    cells: _Cells, level: float, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> tuple[Contrast, ...]:
    """Each arm against its baseline: what its study declared for it, and nothing else where that arm is missing.

    An arm without a declaration stands against `placebo` where there is one, else `bare`, else nothing.
    """
    found = []
    for cell in cells:
        for baseline in _baselines(cell, cells, declared.get(cell.study, ())):
            signed = ((cell, 1), (baseline, -1))
            given, unconditional = (_difference(measure, signed, cells, level) for measure in Measure)
            found.append(Contrast(cell, baseline, given, unconditional))
    return tuple(found)


def cross_directions(contrasts: Sequence[Contrast], cells: _Cells, level: float) -> tuple[Asymmetry, ...]:
    """Each two contrasts that differ in direction alone, the first less the second."""
    found = []
    for first, second in combinations(contrasts, 2):
        is_alike = _surroundings(first.cell) == _surroundings(second.cell)
        if is_alike and first.cell.direction != second.cell.direction and first.baseline.arm == second.baseline.arm:
            signed = ((first.cell, 1), (first.baseline, -1), (second.cell, -1), (second.baseline, 1))
            given, unconditional = (_difference(measure, signed, cells, level) for measure in Measure)
            found.append(Asymmetry(first, second, given, unconditional))
    return tuple(found)


def _baselines(cell: CellKey, cells: _Cells, declared: Sequence[ArmPair]) -> list[CellKey]:
    wanted = [baseline for arm, baseline in declared if arm == cell.arm]
    if wanted:
        return [other for arm in dict.fromkeys(wanted) if (other := evolve(cell, arm=arm)) in cells]
    if cell.arm in BASELINES:
        return []
    return [other for arm in BASELINES if (other := evolve(cell, arm=arm)) in cells][:1]


def _surroundings(cell: CellKey) -> tuple[object, ...]:
    """All that two cells must share to be compared across directions."""
    return (cell.study, cell.model, cell.scenario, cell.levels, cell.arm)


def _difference(measure: Measure, signed: Sequence[tuple[CellKey, int]], cells: _Cells, level: float) -> Difference:
    """The signed sum of the cells' means over the runs that all of them have, with joint limits."""
    values = [(fractions(measure, cells[cell]), sign) for cell, sign in signed]
    runs = sorted(set.intersection(*(set(of_run) for of_run, _ in values)))
    share = 1 - (1 - level) / len(signed)
    low, high = [], []
    for of_run, sign in values:
        mean = fsum(of_run[run] for run in runs) / len(runs) if runs else 0.0
        limits = bounded_mean(mean, len(runs), share)
        low.append(min(sign * limit for limit in limits))
        high.append(max(sign * limit for limit in limits))
    total = fsum(sign * of_run[run] for of_run, sign in values for run in runs)
    widest = len(signed) / 2
    return Difference(total, len(runs), max(fsum(low), -widest), min(fsum(high), widest))
