"""Dose: how breaking goes with the number of messages that the model had read.

In: columns. Out: `DoseResponse` of each cell whose arm pushes some way.
Refuses to do: causes. What an agent reads it chooses, after the treatment has begun, and it reads more the longer the
run is; so this describes. What schedules say is a cause (`slope`), and what forks say most of all (`forks`).
"""

from math import inf

import numpy as np

from driftlang.estimate.analysis_forms import DosePoint, DoseResponse
from driftlang.estimate.clustered import (
    fit_logistic,
    information_by_cluster,
    jackknife,
    student_limits,
    sums_by_cluster,
)
from driftlang.estimate.columns import Columns, grouped
from driftlang.estimate.contrasts import BASELINES
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.run_fractions import grouped_shares
from driftlang.estimate.run_means import mean_over_runs
from driftlang.estimate.slope import FEWEST_RUNS, METHOD

NOTE = "descriptive: reading comes after the treatment, and rises with the step"


def dose_responses(columns: Columns, level: float) -> tuple[DoseResponse, ...]:
    """Every cell's response, doses in doublings: 0, 1, 2 to 3, 4 to 7 and so on."""
    own = columns.where((columns.fork == 0) & columns.of_cells(lambda cell: cell.arm not in BASELINES))
    return tuple(_response(own.where(own.cell == number), int(number), level) for number in np.unique(own.cell))


def _response(columns: Columns, number: int, level: float) -> DoseResponse:
    counted = columns.where(columns.is_exercised)
    cell = columns.cells[number]
    nothing = Estimated(0.0, -inf, inf, 0, level, METHOD)
    if not len(counted):
        return DoseResponse(cell, (), nothing, NOTE, "no step was exercised")
    if not counted.read.any():
        return DoseResponse(cell, _points(counted, level), nothing, NOTE, "no message was read before an edit")
    return DoseResponse(cell, _points(counted, level), _slope(counted, level), NOTE)


def _points(counted: Columns, level: float) -> tuple[DosePoint, ...]:
    doubling = np.floor(np.log2(1 + counted.read)).astype(np.int64)
    groups = int(doubling.max()) + 1
    table = grouped_shares(counted.run, doubling, groups, (counted.is_broken, counted.is_exercised))
    values = [row[~np.isnan(row)] for row in table.values]
    steps = np.bincount(doubling, minlength=groups)
    return tuple(
        DosePoint(2**place - 1, 2 ** (place + 1) - 2, int(steps[place]), len(values[place]), rate)
        for place, rate in enumerate(mean_over_runs(values, level))
        if steps[place]
    )


def _slope(counted: Columns, level: float) -> Estimated:
    """Logistic, in doublings; nothing where it runs off or there are too few runs."""
    _, cluster = grouped([counted.run])
    runs = int(cluster.max()) + 1
    dose = np.log2(1 + counted.read)
    is_fixed = counted.is_broken.all() or not counted.is_broken.any() or np.ptp(dose) == 0
    if is_fixed or runs < FEWEST_RUNS:
        return Estimated(0.0, -inf, inf, 0, level, METHOD)
    design = np.column_stack([np.ones(len(dose)), dose])
    fit = fit_logistic(design, counted.is_broken)
    if fit.is_separated:
        return Estimated(0.0, -inf, inf, 0, level, METHOD)
    information = information_by_cluster(design, fit.weights, cluster)
    variance = jackknife(sums_by_cluster(fit.scores, cluster), information)[1, 1]
    value = float(fit.coefficients[1])
    return Estimated(value, *student_limits(value, float(variance), runs, level), runs, level, METHOD)
