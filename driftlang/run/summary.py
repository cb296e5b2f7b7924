"""How a run went.

In: nothing; this module defines. Out: `RunSummary`, which the command line shows.
Refuses to do: reading anything; see `reading.py` for what a run has recorded.
"""

from pathlib import Path

from attrs import field, frozen

from driftlang.run.chain import Head
from driftlang.run.scheduler import StoppedModel
from driftlang.run.services import Spending


@frozen
class FailedTrial:
    """A trial whose last attempt ended in an error."""

    trial: str
    script: str
    model: str
    reason: str


@frozen
class RunSummary:
    """How a run went.

    Attributes:
        folder: the run's folder.
        trials: number of trials chosen.
        finished: how many of them are finished now.
        finished_before: how many were already when it began.
        failed: those whose last attempt ended in an error.
        seconds: wall time.
        head: the journal's last record; with its digest noted elsewhere, nothing of the run can be changed unseen.
        notices: what the user should know of how it was run.
        stopped: models that were given up.
        ended: why the whole run was, or empty.
        spending: what this run and earlier ones in its folder have spent.
    """

    folder: Path
    trials: int
    finished: int
    finished_before: int
    seconds: float
    failed: tuple[FailedTrial, ...] = ()
    head: Head = Head()  # noqa: RUF009 - frozen
    notices: tuple[str, ...] = ()
    stopped: tuple[StoppedModel, ...] = ()
    ended: str = ""
    spending: Spending = field(factory=Spending)
