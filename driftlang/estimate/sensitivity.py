"""Sensitivity: the primary contrasts under every exclusion and recoding that a reader may doubt.

In: columns, what was declared. Out: `Sensitivity` of each contrast and each asymmetry, and the `Recoding`s.
Refuses to do: showing the ways that leave the answer alone and hiding the others; a way that changes no step of the
study is listed as such. Limits are those of the primary estimates, each by itself.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from driftlang.estimate.analysis_forms import Recoding, Sensitivity, SensitivityRow
from driftlang.estimate.columns import Columns, Whole
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.fractions import Measure
from driftlang.estimate.pairs import NOT_DECLARED, ArmPair, contrasted, crossed
from driftlang.estimate.recodings import DECLARED, recoded
from driftlang.estimate.run_fractions import RunTable, run_fractions
from driftlang.estimate.run_means import signed_mean

_CONTRAST, _ASYMMETRY = (1, -1), (1, -1, -1, 1)


@frozen(eq=False)
class _Way:
    """A way to count, with a table for each measure; a task's counts only where its scenario is."""

    recoding: Recoding
    tables: tuple[RunTable, RunTable]
    scenario: str = ""


def sensitivities(
    columns: Columns, level: float, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> tuple[tuple[Recoding, ...], tuple[Sensitivity, ...]]:
    """Every way to count, and what comes of each contrast and asymmetry under those that change anything."""
    own = columns.where(columns.fork == 0)
    ways = [
        _Way(one.recoding, (run_fractions(given, one.columns), run_fractions(unconditional, one.columns)))
        for given, unconditional in [tuple(Measure)]
        for one in recoded(own)
        if one.recoding.changed or one.recoding.name == DECLARED
    ]
    every = [one.recoding for one in recoded(own)]
    tasks = _tasks_left_out(own)
    pairs = list(contrasted(own.cells, declared))
    quads = list(crossed(own.cells, pairs))
    found = _all_of(own, [*ways, *tasks], pairs, _CONTRAST, level)
    found += _all_of(own, [*ways, *tasks], quads, _ASYMMETRY, level)
    return (*every, *(way.recoding for way in tasks)), tuple(found)


def _tasks_left_out(columns: Columns) -> list[_Way]:
    """A way for each task of each scenario, all from one count by cell, run and task."""
    scenarios = list(dict.fromkeys((cell.study, cell.scenario) for cell in columns.cells))
    scenario = columns.by_cell(lambda cell: scenarios.index((cell.study, cell.scenario))).astype(np.int64)
    pairs, rank = np.unique(scenario * (len(columns.steps) + 1) + columns.step, return_inverse=True)
    runs, run = np.unique(columns.run, return_inverse=True)
    of_pair = pairs // (len(columns.steps) + 1)
    within = np.arange(len(pairs)) - np.searchsorted(of_pair, of_pair)
    places = (columns.cell, run, within[rank])
    shape = (len(columns.cells), max(len(runs), 1), int(within.max(initial=0)) + 1)
    tables = [_without_each(measure, columns, places, shape, runs) for measure in Measure]
    steps = np.bincount(rank, minlength=len(pairs))
    ways = []
    for number, pair in enumerate(pairs):
        study_scenario, task = scenarios[of_pair[number]], columns.steps[pair % (len(columns.steps) + 1)]
        recoding = Recoding(f"without `{task}`", f"the task `{task}` is left out", int(steps[number]))
        place = int(within[number])
        ways.append(_Way(recoding, (tables[0][place], tables[1][place]), study_scenario[1]))
    return ways


def _without_each(
    measure: Measure, columns: Columns, places: tuple[Whole, Whole, Whole], shape: tuple[int, int, int], runs: Whole
) -> list[RunTable]:
    counts = columns.is_exercised if measure is Measure.GIVEN_EXERCISED else ~columns.is_error
    joint = np.ravel_multi_index(places, shape)
    size = int(np.prod(shape))
    of = np.bincount(joint, weights=counts, minlength=size).reshape(shape)
    broken = np.bincount(joint, weights=columns.is_broken & counts, minlength=size).reshape(shape)
    rest, broken_rest = of.sum(axis=2, keepdims=True) - of, broken.sum(axis=2, keepdims=True) - broken
    values = np.where(rest > 0, broken_rest / np.maximum(rest, 1), np.nan)
    return [RunTable(values[:, :, place], runs) for place in range(shape[2])]


def _all_of(
    columns: Columns, ways: Sequence[_Way], groups: Sequence[tuple[int, ...]], signs: Sequence[int], level: float
) -> list[Sensitivity]:
    """The signed sum of each group of cells, in every way; all limits at once.

    Of the tasks that may be left out, the two count whose absence takes the sum lowest and highest.
    """
    plan = []
    for group in groups:
        plan += [(group, way) for way in ways if not way.scenario]
        tasks = [way for way in ways if way.scenario == columns.cells[group[0]].scenario]
        plan += [(group, way) for way in _extremes(tasks, group, signs)]
    samples = [table.paired(group) for group, way in plan for table in way.tables]
    limits = signed_mean(samples, signs, level)
    by_group: dict[tuple[int, ...], list[tuple[str, Estimated, Estimated]]] = {}
    for number, (group, way) in enumerate(plan):
        by_group.setdefault(group, []).append((way.recoding.name, limits[2 * number], limits[2 * number + 1]))
    return [_sensitivity(columns, group, found) for group, found in by_group.items()]


def _extremes(tasks: Sequence[_Way], group: tuple[int, ...], signs: Sequence[int]) -> list[_Way]:
    """Those without which the sum is lowest and highest, in their order."""
    found = []
    for place, task in enumerate(tasks):
        values = task.tables[0].paired(group)
        if values.shape[1]:
            found.append((float(np.asarray(signs) @ values.mean(axis=1)), place))
    ends = {min(found)[1], max(found)[1]} if found else set()
    return [tasks[place] for place in sorted(ends)]


def _sensitivity(
    columns: Columns, group: tuple[int, ...], found: Sequence[tuple[str, Estimated, Estimated]]
) -> Sensitivity:
    declared = _stands(found[0][1])
    rows = tuple(
        SensitivityRow(name, given, unconditional, flips=_stands(given) != declared)
        for name, given, unconditional in found
    )
    cell, baseline, *against = (columns.cells[number] for number in group)
    return Sensitivity(cell, baseline, tuple(against), rows, _says(rows))


def _stands(estimate: Estimated) -> int:
    """How the limits stand to zero: above (1), below (-1), or around it (0)."""
    return (estimate.low > 0) - (estimate.high < 0) if estimate.has_data else 0


def _says(rows: Sequence[SensitivityRow]) -> str:
    flipped = [row.recoding for row in rows if row.flips]
    values = [row.given_exercised.value for row in rows if row.given_exercised.has_data]
    ranges = (
        f"the estimate lies between {min(values):+.3f} and {max(values):+.3f}" if values else "nothing is estimated"
    )
    if not flipped:
        return f"the limits stand the same to zero in all {len(rows)} ways to count; {ranges}"
    return f"the limits stand otherwise to zero in {len(flipped)} of {len(rows)} ways: {', '.join(flipped)}; {ranges}"
