"""Rows: one step of one run, with all that an analysis or an export asks of it.

In: nothing; this module defines. Out: `StepRow`.
What was scheduled comes from the plan (fixed before the run, so that it may stand as a cause), what was read from the
gateway's record (it comes after the treatment, and describes).
"""

from attrs import frozen

from driftlang.estimate.forms import CellKey
from driftlang.score.forms import Outcome


@frozen
class StepRow:
    """One step, on the trial's own line or on a branch of it.

    Attributes:
        run: number of the run; rows of equal `run` pair across cells and models.
        position: from 1, in the order of the run.
        step: the task's name.
        branch: the arm that a fork went on with; empty on the trial's own line.
        fork: position of the fork that the branch began at; 0 on the trial's own line.
        done: `yes` or `no` where checks said whether the work was done, else empty.
        recovered_at, early_from: as in `StepOutcome`; 0 for none.
        messages: messages that the plan has before this step's turn.
        severity: the gravest of them; 0 without any.
        dose: messages that the plan has up to and with this step.
        gravest: the highest severity among those; 0 without any.
        read: different messages that stood in a request before this step's first edit, this step's and former ones.
        context_tokens: prompt tokens of the step's last model call; 0 where no usage was told.
        label: a judge's label; empty where none judged.
        unplaced: of `messages`, those that were not placed.
        violations: how often the step's calls showed the constraint or the turn otherwise than as planned.
    """

    trial: str
    cell: CellKey
    run: int
    position: int
    step: str
    outcome: Outcome
    branch: str = ""
    fork: int = 0
    done: str = ""
    recovered_at: int = 0
    early_from: int = 0
    messages: int = 0
    severity: int = 0
    dose: int = 0
    gravest: int = 0
    read: int = 0
    context_tokens: int = 0
    label: str = ""
    unplaced: int = 0
    violations: int = 0

    @property
    def is_broken(self) -> bool:
        """Whether the step broke the constraint."""
        return self.outcome is Outcome.BROKEN
