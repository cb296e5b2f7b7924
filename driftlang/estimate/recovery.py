"""Recovery: how many breaks a later step turned back, and after how many steps.

In: columns. Out: `Recovery` of each cell.
Refuses to do: counting a break as turned back that stood at the end of its run, or as lasting that came at its last
step: the time to a recovery ends with the run (Kaplan and Meier 1958, JASA 53).
"""

import numpy as np

from driftlang.estimate.analysis_forms import Recovery
from driftlang.estimate.columns import Columns, Truth, Whole
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.forms import CellKey
from driftlang.estimate.run_fractions import run_shares
from driftlang.estimate.run_means import mean_over_runs
from driftlang.estimate.survival import kaplan_meier


def recoveries(columns: Columns, level: float) -> tuple[Recovery, ...]:
    """Every cell's breaks, on the trials' own lines."""
    own = columns.where(columns.fork == 0)
    is_back = own.is_broken & (own.recovered_at > 0)
    shares = run_shares(own, is_back, own.is_broken).values
    present = np.unique(own.cell)
    estimates = mean_over_runs([values[~np.isnan(values)] for values in shares[present]], level)
    last = np.zeros(len(own.trials), dtype=np.int64)
    np.maximum.at(last, own.trial, own.position)
    ends = np.where(is_back, own.recovered_at, last[own.trial]) - own.position
    return tuple(
        _recovery(own.cells[number], (ends[broken], is_back[broken]), estimate)
        for number, estimate in zip(present, estimates, strict=True)
        for broken in [own.is_broken & (own.cell == number)]
    )


def _recovery(cell: CellKey, seen: tuple[Whole, Truth], share: Estimated) -> Recovery:
    steps, is_back = seen
    if not len(steps):
        return Recovery(cell, 0, 0, share, 0, 0, "no step was broken, so that there was nothing to turn back")
    curve = kaplan_meier(steps, is_back, int(steps.max()), share.level)
    median = next((point.position for point in curve if point.share <= 0.5), 0)
    longest = int(steps[is_back].max(initial=0))
    return Recovery(cell, len(steps), int(is_back.sum()), share, median, longest)
