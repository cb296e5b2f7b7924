"""Rows with what judges came to.

In: rows, and the folders of the runs that they are of. Out: the rows, with the label of each step that was judged.
Refuses to do: keeping labels with outcomes. A run may be judged at any time, so what judges said is read anew.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve

from driftlang.estimate.rows import StepRow
from driftlang.judge.forms import StepKey
from driftlang.judge.reading import read_step_verdicts


def with_labels(rows: Iterable[StepRow], runs: Sequence[Path]) -> tuple[StepRow, ...]:
    """The rows, labelled; of a step that was judged in several runs the last one's label holds.

    Raises:
        Failure: the votes of a run are damaged.
    """
    labels = {found.step: found.label for run in runs for found in read_step_verdicts(run)}
    if not labels:
        return tuple(rows)
    return tuple(evolve(row, label=labels.get(StepKey(row.trial, row.branch, row.position), "")) for row in rows)
