"""Rows from letters: one text a run, one letter a step, as the tests of estimates write them."""

from attrs import evolve

from driftlang.estimate.columns import columns_of
from driftlang.estimate.forms import CellKey
from driftlang.estimate.rows import StepRow
from driftlang.score.forms import Outcome

LETTERS = {"K": Outcome.KEPT, "B": Outcome.BROKEN, "H": Outcome.HEDGED, "A": Outcome.ASKED, "R": Outcome.REFUSED}
LETTERS |= {"E": Outcome.EARLY, "U": Outcome.UNDONE, "O": Outcome.OMITTED, "!": Outcome.ERROR}
OPPOSING = CellKey("study", "sim/drifter", "ledger", "inline", "convenience", "security", "opposing")
PLACEBO = evolve(OPPOSING, arm="placebo")
MIRRORED = evolve(OPPOSING, direction="external", favors="security", against="convenience")


def rows(cell, *texts, branch="", fork=0, first=1):
    """Runs from 1 on; on a branch the first letter is the step at the fork."""
    start = fork or first
    return [
        StepRow(
            f"{cell.scenario}-{cell.direction}-{cell.arm}-{run}",
            cell,
            run,
            position,
            f"task{position}",
            LETTERS[letter],
            branch=branch,
            fork=fork,
        )
        for run, text in enumerate(texts, 1)
        for position, letter in enumerate(text, start)
    ]


def columns(*groups):
    """Columns of several lists of rows."""
    return columns_of([row for group in groups for row in group])
