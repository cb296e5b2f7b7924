"""How a run shows on the terminal.

In: what the runner tells (`Progress`). Out: on a terminal a bar over all steps, elsewhere a line for each trial that
ends; both on standard error, since standard output has the result.
Refuses to do: anything but showing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from driftlang.run.progress import Progress, Silence, Workload

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from driftlang.build.plan import PlannedTrial
    from driftlang.run.records import StepRecord


class _Counts:
    """Trials and steps so far."""

    def __init__(self) -> None:
        self.workload = Workload(0, 0, 0, 0, 0)
        self.finished = 0
        self.running = 0
        self.errors = 0
        self._steps: dict[str, int] = {}
        self._done_steps = 0

    def begin(self, workload: Workload) -> None:
        self.workload = workload
        self.finished = workload.finished_trials
        self._done_steps = workload.finished_steps

    def note_step(self, trial: "PlannedTrial") -> None:
        self._steps[trial.id] = self._steps.get(trial.id, 0) + 1
        self._done_steps += 1

    def note_finish(self) -> None:
        self.running -= 1
        self.finished += 1

    def note_error(self, trial: "PlannedTrial", *, is_tried_again: bool) -> None:
        """Steps of a failed attempt count no more."""
        self.running -= 1
        self.errors += not is_tried_again
        self._done_steps -= self._steps.pop(trial.id, 0)

    def forget_steps(self, trial: "PlannedTrial") -> None:
        self._steps.pop(trial.id, None)

    @property
    def steps(self) -> int:
        return self._done_steps

    def __str__(self) -> str:
        errors = f", {self.errors} in error" if self.errors else ""
        return f"{self.finished} of {self.workload.trials} trials finished, {self.running} running{errors}"


class _Lines:
    """A line for each trial that ends."""

    def __init__(self) -> None:
        self._counts = _Counts()
        self._begun = monotonic()

    def run_began(self, workload: Workload) -> None:
        self._counts.begin(workload)
        self._say(f"{workload.trials} trials, {workload.jobs} at a time, {workload.finished_trials} finished already")

    def trial_began(self, trial: "PlannedTrial") -> None:
        self._counts.running += 1
        self._counts.forget_steps(trial)

    def step_ended(self, trial: "PlannedTrial", record: "StepRecord") -> None:  # noqa: ARG002 - the signature is `Progress`'s
        self._counts.note_step(trial)

    def trial_finished(self, trial: "PlannedTrial") -> None:  # noqa: ARG002 - the signature is `Progress`'s
        self._counts.note_finish()
        self._say(f"{self._counts} ({monotonic() - self._begun:.0f} s)")

    def trial_failed(self, trial: "PlannedTrial", reason: str, *, is_tried_again: bool) -> None:
        self._counts.note_error(trial, is_tried_again=is_tried_again)
        self._say(_describe(trial, reason, is_tried_again=is_tried_again))

    def _say(self, line: str) -> None:
        click.echo(line, err=True)


class _Bars:
    """A bar over all steps, with counts of trials, time gone and time left."""

    def __init__(self, bar: "Bar") -> None:
        self._counts = _Counts()
        self._bar = bar
        self._task: TaskID = bar.add_task("starting", total=None)

    def run_began(self, workload: Workload) -> None:
        self._counts.begin(workload)
        self._show()

    def trial_began(self, trial: "PlannedTrial") -> None:
        self._counts.running += 1
        self._counts.forget_steps(trial)
        self._show()

    def step_ended(self, trial: "PlannedTrial", record: "StepRecord") -> None:  # noqa: ARG002 - the signature is `Progress`'s
        self._counts.note_step(trial)
        self._show()

    def trial_finished(self, trial: "PlannedTrial") -> None:  # noqa: ARG002 - the signature is `Progress`'s
        self._counts.note_finish()
        self._show()

    def trial_failed(self, trial: "PlannedTrial", reason: str, *, is_tried_again: bool) -> None:
        self._counts.note_error(trial, is_tried_again=is_tried_again)
        self._bar.console.print(_describe(trial, reason, is_tried_again=is_tried_again), markup=False, highlight=False)
        self._show()

    def _show(self) -> None:
        self._bar.update(
            self._task,
            description=str(self._counts),
            completed=self._counts.steps,
            total=self._counts.workload.steps,
        )


def _describe(trial: "PlannedTrial", reason: str, *, is_tried_again: bool) -> str:
    following = "; it is tried again" if is_tried_again else ""
    return f"trial {trial.id} ({trial.script}, {trial.model}) ended in an error: {reason}{following}"


@contextmanager
def open_display(*, is_quiet: bool) -> Iterator[Progress]:
    """What shows a run as long as the context lasts."""
    if is_quiet:
        yield Silence()
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield _Lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    times = (TimeElapsedColumn(), TextColumn("gone,"), TimeRemainingColumn(), TextColumn("left"))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"), *times)
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Bars(bar)
