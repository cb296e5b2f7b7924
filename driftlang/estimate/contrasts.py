"""Contrasts: what pressure adds over its control, and how that differs between directions.

In: fractions of runs by cell and measure. Out: paired differences, and differences of those.
Refuses to do: a contrast across anything but the arm, and an asymmetry across anything but the direction.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

from attrs import evolve

from driftlang.estimate.differences import Signed, differences_of
from driftlang.estimate.forms import Asymmetry, CellKey, Contrast
from driftlang.estimate.fractions import Fractions, Measure

#: Arms that a contrast can stand against where the plan names none, the better control first.
BASELINES = ("placebo", "bare")
#: An arm and the one that it is contrasted against.
ArmPair = tuple[str, str]
NOT_DECLARED: Mapping[str, Sequence[ArmPair]] = MappingProxyType({})
_MEASURES = (Measure.GIVEN_EXERCISED, Measure.UNCONDITIONAL)
#: By cell, the fractions of its runs by either measure.
CellFractions = Mapping[CellKey, Mapping[Measure, Fractions]]


def contrast_cells(
    cells: CellFractions, level: float, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> tuple[Contrast, ...]:
    """Each arm against its baseline: what its study declared for it, and nothing else where that arm is missing.

    An arm without a declaration stands against `placebo` where there is one, else `bare`, else nothing.
    """
    pairs = [(cell, baseline) for cell in cells for baseline in _baselines(cell, cells, declared.get(cell.study, ()))]
    sums = [_signed(measure, ((cell, 1), (baseline, -1)), cells) for cell, baseline in pairs for measure in _MEASURES]
    found = differences_of(sums, level)
    return tuple(Contrast(*pair, *found[2 * place : 2 * place + 2]) for place, pair in enumerate(pairs))


def cross_directions(contrasts: Sequence[Contrast], cells: CellFractions, level: float) -> tuple[Asymmetry, ...]:
    """Each two contrasts that differ in direction alone, the first less the second."""
    pairs = [(first, second) for first, second in combinations(contrasts, 2) if _is_mirrored(first, second)]
    sums = [
        _signed(measure, ((one.cell, 1), (one.baseline, -1), (other.cell, -1), (other.baseline, 1)), cells)
        for one, other in pairs
        for measure in _MEASURES
    ]
    found = differences_of(sums, level)
    return tuple(Asymmetry(*pair, *found[2 * place : 2 * place + 2]) for place, pair in enumerate(pairs))


def _is_mirrored(first: Contrast, second: Contrast) -> bool:
    """Whether two contrasts differ in direction alone."""
    is_alike = _surroundings(first.cell) == _surroundings(second.cell)
    return is_alike and first.cell.direction != second.cell.direction and first.baseline.arm == second.baseline.arm


def _signed(measure: Measure, cells: Sequence[tuple[CellKey, int]], fractions: CellFractions) -> list[Signed]:
    return [(fractions[cell][measure], sign) for cell, sign in cells]


def _baselines(cell: CellKey, cells: CellFractions, declared: Sequence[ArmPair]) -> list[CellKey]:
    wanted = [baseline for arm, baseline in declared if arm == cell.arm]
    if wanted:
        return [other for arm in dict.fromkeys(wanted) if (other := evolve(cell, arm=arm)) in cells]
    if cell.arm in BASELINES:
        return []
    return [other for arm in BASELINES if (other := evolve(cell, arm=arm)) in cells][:1]


def _surroundings(cell: CellKey) -> tuple[object, ...]:
    """All that two cells must share to be compared across directions."""
    return (cell.study, cell.model, cell.scenario, cell.levels, cell.arm)
