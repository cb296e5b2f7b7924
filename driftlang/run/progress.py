"""What a run tells while it goes.

In: nothing; this module defines. Out: `Progress`, which the command line implements, and `Silence`.
Refuses to do: printing.
"""

from typing import Protocol

from attrs import frozen

from driftlang.build.plan import PlannedTrial
from driftlang.run.records import StepRecord


@frozen
class Workload:
    """What a run has before it.

    Attributes:
        trials: trials chosen.
        steps: their steps, those of branches included.
        finished_trials, finished_steps: those that earlier runs have finished already.
        jobs: trials at a time.
        compactions, probes: calls of models beside the steps.
    """

    trials: int
    steps: int
    finished_trials: int
    finished_steps: int
    jobs: int
    compactions: int = 0
    probes: int = 0


class Progress(Protocol):
    """Told of everything that happens, in the event loop's thread."""

    def run_began(self, workload: Workload) -> None:
        """The run begins."""

    def trial_began(self, trial: PlannedTrial) -> None:
        """An attempt at a trial begins."""

    def step_ended(self, trial: PlannedTrial, record: StepRecord) -> None:
        """A step was written to the journal, or was ended on another machine."""

    def trial_finished(self, trial: PlannedTrial) -> None:
        """A trial is finished for good."""

    def trial_failed(self, trial: PlannedTrial, reason: str, *, is_tried_again: bool) -> None:
        """An attempt ended in an error; its steps so far count no more."""

    def trial_lost(self, trial: PlannedTrial, worker: str) -> None:
        """The machine that an attempt was on is gone; the attempt begins anew elsewhere."""

    def model_stopped(self, model: str, reason: str) -> None:
        """No more trials of this model are begun."""


class Silence:
    """Progress that nobody wants to hear of."""

    def run_began(self, workload: Workload) -> None:
        """Say nothing."""

    def trial_began(self, trial: PlannedTrial) -> None:
        """Say nothing."""

    def step_ended(self, trial: PlannedTrial, record: StepRecord) -> None:
        """Say nothing."""

    def trial_finished(self, trial: PlannedTrial) -> None:
        """Say nothing."""

    def trial_failed(self, trial: PlannedTrial, reason: str, *, is_tried_again: bool) -> None:
        """Say nothing."""

    def trial_lost(self, trial: PlannedTrial, worker: str) -> None:
        """Say nothing."""

    def model_stopped(self, model: str, reason: str) -> None:
        """Say nothing."""
