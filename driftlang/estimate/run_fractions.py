"""Fractions of runs as an array: broken steps out of those that count, by cell and run.

In: columns. Out: a table shaped (cells, runs), where a run without a step that counts is not a number.
Refuses to do: pooling steps over runs.
"""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from driftlang.estimate.columns import Columns, Real, Truth, Whole
from driftlang.estimate.fractions import Measure


@frozen(eq=False)
class RunTable:
    """Values by cell and run; `runs` are the runs' numbers, ascending."""

    values: Real
    runs: Whole

    def paired(self, cells: Sequence[int]) -> Real:
        """Values of the runs that all of some cells have, shaped (cells, runs)."""
        chosen = self.values[list(cells)]
        return np.asarray(chosen[:, ~np.isnan(chosen).any(axis=0)])


def run_fractions(measure: Measure, columns: Columns) -> RunTable:
    """Broken out of the measure's steps."""
    counts = columns.is_exercised if measure is Measure.GIVEN_EXERCISED else ~columns.is_error
    return run_shares(columns, columns.is_broken & counts, counts)


def run_shares(columns: Columns, numerator: Truth, denominator: Truth) -> RunTable:
    """The share of steps in the numerator out of those in the denominator, by cell."""
    return grouped_shares(columns.run, columns.cell, len(columns.cells), (numerator, denominator))


def grouped_shares(run: Whole, group: Whole, groups: int, share: tuple[Truth, Truth]) -> RunTable:
    """As `run_shares`, by any numbering of rows."""
    runs, place = np.unique(run, return_inverse=True)
    shape = (groups, max(len(runs), 1))
    joint = group * shape[1] + place
    count, of = (np.bincount(joint, weights=which, minlength=shape[0] * shape[1]) for which in share)
    values = np.where(of > 0, count / np.maximum(of, 1), np.nan)
    return RunTable(values.reshape(shape), runs if len(runs) else np.zeros(1, dtype=np.int64))
