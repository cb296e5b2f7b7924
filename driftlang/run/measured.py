"""What the trials that a run has finished so far have taken.

In: the run's folder. Out: `Measured`, by model.
Refuses to do: counting an attempt that did not finish; what that has cost is in the run's ledger.
"""

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from driftlang.run.schema import JOURNAL_FILE, reading

#: How many finished trials of a run are read at most; more would hardly change a mean.
_READ_TRIALS = 400


@frozen
class MeasuredTrial:
    """What one trial took: calls of its model, their tokens, and seconds from its start to its end."""

    trial: str
    calls: int
    prompt: int
    completion: int
    seconds: float


def read_statuses(run_folder: Path) -> Mapping[str, str]:
    """Status by trial; none where there is no run.

    Raises:
        Failure: what is in the folder cannot be read.
    """
    if not (run_folder / JOURNAL_FILE).is_file():
        return {}
    with reading(run_folder) as connection:
        return {row["trial"]: row["status"] for row in connection.execute("SELECT trial, status FROM trials")}


def read_measured(run_folder: Path) -> tuple[MeasuredTrial, ...]:
    """The finished trials of a run, those of branches, compactions and probes included; none where there is no run.

    Raises:
        Failure: what is in the folder cannot be read.
    """
    if not (run_folder / JOURNAL_FILE).is_file():
        return ()
    query = """
        SELECT done.trial AS trial, count(*) AS calls, attempts.seconds AS seconds,
          sum(json_extract(exchanges.record, '$.prompt_tokens')) AS prompt,
          sum(json_extract(exchanges.record, '$.completion_tokens')) AS completion
        FROM (SELECT trial, attempts FROM trials WHERE status = 'finished' LIMIT ?) AS done
        JOIN attempts ON attempts.trial = done.trial AND attempts.attempt = done.attempts
        JOIN exchanges ON exchanges.trial = done.trial AND exchanges.attempt = done.attempts
        GROUP BY done.trial"""
    with reading(run_folder) as connection:
        rows = connection.execute(query, (_READ_TRIALS,)).fetchall()
    return tuple(
        MeasuredTrial(row["trial"], row["calls"], row["prompt"], row["completion"], row["seconds"]) for row in rows
    )
