"""Spending: what the runs cost, in money, tokens and time.

In: what was gathered. Out: a row a run and model, of all attempts, also of those that were made again.
Refuses to do: a price that is not known; calls without one are counted beside the sum.
"""

from attrs import frozen

from driftlang.report.forms import Gathered


@frozen
class SpendingRow:
    """One model in one run. `dollars` is empty where no call has a price; `hours` is wall time of its attempts."""

    folder: str
    model: str
    trials: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    dollars: str
    unpriced: int
    hours: str


def spending_rows(gathered: Gathered) -> tuple[SpendingRow, ...]:
    """The rows in the order of runs and their models."""
    return tuple(
        SpendingRow(
            folder=run.folder,
            model=share.model,
            trials=sum(share.trials.values()),
            calls=share.calls,
            prompt_tokens=share.prompt_tokens,
            completion_tokens=share.completion_tokens,
            dollars="" if share.dollars is None else f"{share.dollars:,.4f}",
            unpriced=share.unpriced,
            hours=f"{share.seconds / 3600:.2f}",
        )
        for run in gathered.runs
        for share in run.models
    )
