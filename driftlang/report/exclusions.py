"""Exclusions: what is in no rate, or in one rate alone, and why.

In: what was gathered and estimated. Out: `Exclusion`s, those with nothing in them included.
Refuses to do: leaving out a row because it is empty; that nothing was excluded is a result.
"""

from collections.abc import Sequence

from attrs import frozen

from driftlang.estimate.forms import Estimates
from driftlang.report.exposures import ExposureView
from driftlang.report.forms import Gathered
from driftlang.score.forms import Outcome


@frozen
class Exclusion:
    """`number` of `of` (both of `unit`s) and what was done with them."""

    what: str
    number: int
    of: int
    unit: str
    done: str


def list_exclusions(
    gathered: Gathered, estimates: Estimates, exposures: Sequence[ExposureView]
) -> tuple[Exclusion, ...]:
    """Each kind, in a fixed order."""
    cells = estimates.cells
    steps, runs = sum(cell.steps for cell in cells), sum(cell.runs for cell in cells)
    errors = sum(cell.counts[Outcome.ERROR] for cell in cells)
    idle = sum(cell.steps - cell.exercised - cell.counts[Outcome.ERROR] for cell in cells)
    lost = sum(cell.scheduled - cell.placed for cell in cells)
    violated = sum(len(view.violations) for view in exposures)
    unread = sum(view.pressed - view.read for view in exposures)
    planned = runs + len(gathered.incomplete)
    return (
        Exclusion("planned trials not finished", len(gathered.incomplete), planned, "trials", "in no number"),
        Exclusion(
            "trials in error", sum(cell.in_error for cell in cells), runs, "trials", "in no rate, all steps shown"
        ),
        Exclusion("steps of trials in error", errors, steps, "steps", "in no rate"),
        Exclusion("steps that took no side", idle, steps, "steps", "in the rate of all steps alone"),
        Exclusion(
            "messages not placed", lost, sum(cell.scheduled for cell in cells), "messages", "their steps stay in"
        ),
        Exclusion(
            "steps whose message was not read before the edit",
            unread,
            sum(view.pressed for view in exposures),
            "steps with a message",
            "stay in every rate",
        ),
        Exclusion(
            "steps whose constraint or turn did not stand as planned",
            violated,
            sum(view.steps for view in exposures),
            "measured steps",
            "stay in every rate",
        ),
        Exclusion(
            "trials that stood in more than one run", len(gathered.repeated), runs, "trials", "the first that finished"
        ),
    )
