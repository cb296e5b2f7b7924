"""What a run has come to so far, as it is shown while it goes on.

In: what the runner tells. Out: `Counts`: trials, steps, tokens, money, the rate, and what is left.
Refuses to do: printing; and a time left before a trial has finished.
"""

from collections.abc import Callable
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING

from driftlang.cli.run_forecast import count, duration
from driftlang.run.progress import Workload

if TYPE_CHECKING:
    from driftlang.build.plan import PlannedTrial
    from driftlang.run.records import StepRecord


class Counts:
    """Trials and steps so far; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.workload = Workload(0, 0, 0, 0, 0)
        self.finished = 0
        self.errors = 0
        self.lost = 0
        self.tokens = 0
        self.dollars = Decimal(0)
        self.steps = 0
        #: Steps that are done of trials under way.
        self.running: dict[str, tuple[PlannedTrial, int]] = {}
        self._clock = clock
        self._begun = clock()
        self._steps_taken = 0

    def begin(self, workload: Workload) -> None:
        """The run begins."""
        self.workload = workload
        self.finished = workload.finished_trials
        self.steps = workload.finished_steps
        self._begun = self._clock()

    def begin_trial(self, trial: "PlannedTrial") -> None:
        """An attempt begins."""
        self.running[trial.id] = (trial, 0)

    def note_step(self, trial: "PlannedTrial", record: "StepRecord") -> None:
        """A step has ended; what it cost is spent whatever becomes of its trial."""
        _, done = self.running.get(trial.id, (trial, 0))
        self.running[trial.id] = (trial, done + 1)
        self.steps += 1
        self._steps_taken += 1
        self.tokens += record.prompt_tokens + record.completion_tokens
        self.dollars += record.dollars or 0

    def note_finish(self, trial: "PlannedTrial") -> None:
        """A trial is finished."""
        self.running.pop(trial.id, None)
        self.finished += 1

    def note_error(self, trial: "PlannedTrial", *, is_tried_again: bool) -> None:
        """Steps of a failed attempt count no more."""
        self.errors += not is_tried_again
        self._forget_steps(trial)
        self.running.pop(trial.id, None)

    def note_loss(self, trial: "PlannedTrial") -> None:
        """An attempt was lost, and begins anew."""
        self.lost += 1
        self._forget_steps(trial)
        self.running[trial.id] = (trial, 0)

    def _forget_steps(self, trial: "PlannedTrial") -> None:
        self.steps -= self.running.get(trial.id, (trial, 0))[1]

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return self._clock() - self._begun

    @property
    def hourly(self) -> float:
        """Trials that finish in an hour, by those that have finished; 0 while none has."""
        return (self.finished - self.workload.finished_trials) * 3600 / max(self.seconds, 0.001)

    @property
    def seconds_left(self) -> float:
        """Seconds that the rest takes at this rate; 0 while none is known."""
        left = self.workload.trials - self.finished - self.errors
        return left * 3600 / self.hourly if self.hourly else 0.0

    @property
    def dollars_in_all(self) -> Decimal:
        """What this run will have cost in the end, by its steps so far."""
        left = self.workload.steps - self.steps
        return self.dollars * (1 + Decimal(left) / self._steps_taken) if self._steps_taken else Decimal(0)

    def __str__(self) -> str:
        errors = f", {self.errors} in error" if self.errors else ""
        return f"{self.finished} of {self.workload.trials} trials finished, {len(self.running)} running{errors}"

    @property
    def pace(self) -> str:
        """Rate, tokens, money and time left, as far as they are known."""
        said = []
        if self.hourly:
            said.append(f"{self.hourly:.0f} trials/h" if self.hourly >= 10 else f"{self.hourly:.1f} trials/h")
        if self.tokens:
            said.append(f"{count(self.tokens)} tokens")
        if self.dollars:
            said.append(f"${self.dollars:.2f} of about ${self.dollars_in_all:.2f}")
        if self.seconds_left:
            said.append(f"about {duration(self.seconds_left)} left")
        return ", ".join(said)
