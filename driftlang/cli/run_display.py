"""How a run shows on the terminal.

In: what the runner tells (`Progress`). Out: on a terminal a bar over all steps with the trials under way below it,
elsewhere lines, about fifty beside those of errors; both on standard error, since standard output has the result.
Refuses to do: anything but showing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from driftlang.cli.run_counts import Counts
from driftlang.run.progress import Progress, Silence, Workload

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

    from driftlang.build.plan import PlannedTrial
    from driftlang.run.records import StepRecord

#: About how many lines are printed of trials that finish, where there is no terminal.
_LINES = 50
#: How many trials under way are shown on a terminal.
_SHOWN = 8


class _Display:
    """Keeps the counts, and says what must not be missed."""

    def __init__(self) -> None:
        self.counts = Counts()

    def run_began(self, workload: Workload) -> None:
        self.counts.begin(workload)
        self._show()

    def trial_began(self, trial: "PlannedTrial") -> None:
        self.counts.begin_trial(trial)
        self._show()

    def step_ended(self, trial: "PlannedTrial", record: "StepRecord") -> None:
        self.counts.note_step(trial, record)
        self._show()

    def trial_finished(self, trial: "PlannedTrial") -> None:
        self.counts.note_finish(trial)
        self._show()

    def trial_failed(self, trial: "PlannedTrial", reason: str, *, is_tried_again: bool) -> None:
        self.counts.note_error(trial, is_tried_again=is_tried_again)
        following = "; it is tried again" if is_tried_again else ""
        self._say(f"trial {trial.id} ({trial.script}, {trial.model}) ended in an error: {reason}{following}")

    def trial_lost(self, trial: "PlannedTrial", worker: str) -> None:
        self.counts.note_loss(trial)
        self._say(f"trial {trial.id} ({trial.script}, {trial.model}) begins anew: the worker {worker} is gone")

    def model_stopped(self, model: str, reason: str) -> None:
        self._say(f"`{model}` is given up: {reason}")

    def _show(self) -> None:
        """Show the counts, where that is done all the time."""

    def _say(self, line: str) -> None:
        click.echo(line, err=True)


class _Lines(_Display):
    """A line for each trial that finishes, or for some of them where there are many."""

    def run_began(self, workload: Workload) -> None:
        super().run_began(workload)
        beside = [
            f", {number} {what}"
            for number, what in ((workload.compactions, "compactions"), (workload.probes, "probes"))
            if number
        ]
        trials = f"{workload.trials} trials, {workload.jobs} at a time, {workload.finished_trials} finished already"
        self._say(f"{trials}; {workload.steps} steps{''.join(beside)}" if beside else trials)

    def trial_finished(self, trial: "PlannedTrial") -> None:
        super().trial_finished(trial)
        counts = self.counts
        every = -(-counts.workload.trials // _LINES)
        if counts.finished % every == 0 or counts.finished == counts.workload.trials:
            pace = f"; {counts.pace}" if counts.pace else ""
            self._say(f"{counts} ({counts.seconds:.0f} s{pace})")


class _Bars(_Display):
    """A bar over all steps, and a line for each trial under way."""

    def __init__(self, live: "Live") -> None:
        super().__init__()
        self._live = live

    def __rich__(self) -> "RenderableType":
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        counts = self.counts
        bar = ProgressBar(total=max(1, counts.workload.steps), completed=counts.steps, width=40)
        head = Table.grid(padding=(0, 1))
        head.add_row(Text(str(counts)), bar, Text(f"{counts.steps}/{counts.workload.steps} steps"))
        running = list(counts.running.values())
        lines = [Text(f"  {trial.script} {trial.model}, step {done + 1}") for trial, done in running[:_SHOWN]]
        if len(running) > _SHOWN:
            lines.append(Text(f"  and {len(running) - _SHOWN} more"))
        return Group(head, Text(counts.pace), *lines)

    def _show(self) -> None:
        self._live.update(self)

    def _say(self, line: str) -> None:
        self._live.console.print(line, markup=False, highlight=False)


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
    with _bars(console) as bars:
        yield bars


@contextmanager
def _bars(console: "Console") -> Iterator[_Bars]:
    from rich.live import Live

    with Live(console=console, transient=True, refresh_per_second=4) as live:
        bars = _Bars(live)
        live.update(bars)
        yield bars
