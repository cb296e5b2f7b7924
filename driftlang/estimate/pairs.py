"""Pairs of cells that are compared, by the rule of the primary contrasts, and how surprising counts of pairs are.

In: cells, and what each study declared. Out: pairs of numbers of cells; p values of exact tests.
Refuses to do: comparing what was not declared, where something was.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import comb

from attrs import evolve

from driftlang.estimate.contrasts import BASELINES, NOT_DECLARED, ArmPair
from driftlang.estimate.forms import CellKey

__all__ = ["NOT_DECLARED", "ArmPair", "contrasted", "crossed", "sign_test"]


def contrasted(
    cells: Sequence[CellKey], declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> Iterator[tuple[int, int]]:
    """Each cell and the one it stands against: see `contrasts.contrast_cells`."""
    places = {cell: number for number, cell in enumerate(cells)}
    for number, cell in enumerate(cells):
        for arm in _baseline_arms(cell, places, declared.get(cell.study, ())):
            other = evolve(cell, arm=arm)
            if other in places:
                yield number, places[other]


def _baseline_arms(cell: CellKey, places: Mapping[CellKey, int], declared: Sequence[ArmPair]) -> list[str]:
    wanted = [baseline for arm, baseline in declared if arm == cell.arm]
    if wanted:
        return list(dict.fromkeys(wanted))
    if cell.arm in BASELINES:
        return []
    return [arm for arm in BASELINES if evolve(cell, arm=arm) in places][:1]


def crossed(cells: Sequence[CellKey], pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Each two pairs that differ in direction alone: see `contrasts.cross_directions`."""
    keyed: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for number, baseline in pairs:
        cell = cells[number]
        key = (cell.study, cell.model, cell.scenario, cell.levels, cell.arm, cells[baseline].arm)
        for former in keyed.setdefault(key, []):
            if cells[former[0]].direction != cell.direction:
                yield (*former, number, baseline)
        keyed[key].append((number, baseline))


def sign_test(first: int, second: int) -> float:
    """Two-sided and exact: how often so uneven a split comes of as many fair coins; 1 without any.

    Dixon and Mood 1946 (JASA 41); for two arms paired by run it is the log-rank test stratified by run.
    """
    total, fewer = first + second, min(first, second)
    return min(1.0, sum(comb(total, count) for count in range(fewer + 1)) * 0.5 ** (total - 1))
