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
    """The share of steps in the numerator out of those in the denominator."""
    runs, place = np.unique(columns.run, return_inverse=True)
    shape = (len(columns.cells), max(len(runs), 1))
    joint = columns.cell * shape[1] + place
    of = np.bincount(joint, weights=denominator, minlength=shape[0] * shape[1])
    count = np.bincount(joint, weights=numerator, minlength=shape[0] * shape[1])
    values = np.where(of > 0, count / np.maximum(of, 1), np.nan)
    return RunTable(values.reshape(shape), runs if len(runs) else np.zeros(1, dtype=np.int64))
