"""Where each trial of a run stands, and by which digest its last attempt goes.

In: a run's folder. Out: `TrialStatus`es, in the order of the plan, without reading what any step did.
Refuses to do: writing; and telling more than the journal's records about attempts say.
"""

import json
import sqlite3
from pathlib import Path

from attrs import frozen

from driftlang.run.reading import read_stamps
from driftlang.run.records import RunnerStamp
from driftlang.run.schema import BEGUN, ENDED, PLAN, reading

#: The index is walked for the few records about attempts; the table itself is as large as all that steps did.
_ATTEMPTS = """
SELECT trial, attempt, kind, content, digest FROM records WHERE number IN (
  SELECT number FROM records INDEXED BY records_by_place WHERE kind IN (?, ?)
) ORDER BY number
"""
_PLANNED = "SELECT content FROM records WHERE trial = '' AND attempt = 0 AND kind = ? ORDER BY position DESC LIMIT 1"


@frozen
class TrialStatus:
    """The last attempt at a trial, see `records.TrialRecord`.

    Attributes:
        digest: that of the record of its end, which follows from all that was recorded before; empty where the
            attempt has not ended.
    """

    trial: str
    status: str = "pending"
    reason: str = ""
    attempts: int = 0
    started: float = 0.0
    seconds: float = 0.0
    sandbox: str = ""
    digest: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing is to be added to the attempt."""
        return bool(self.digest)


def read_last_digest(run_folder: Path) -> str:
    """The digest of the journal's last record, which all that it holds goes into; empty where there is none.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    with reading(run_folder) as connection:
        row = connection.execute("SELECT digest FROM records ORDER BY number DESC LIMIT 1").fetchone()
    return str(row["digest"]) if row else ""


def read_statuses(run_folder: Path) -> tuple[TrialStatus, ...]:
    """The status of every trial that the run is to make.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    with reading(run_folder) as connection:
        planned = connection.execute(_PLANNED, (PLAN,)).fetchone()
        trials = json.loads(planned[0])["trials"] if planned else []
        last: dict[str, dict[str, sqlite3.Row]] = {}
        for row in connection.execute(_ATTEMPTS, (BEGUN, ENDED)):
            if row["kind"] == BEGUN:
                last[row["trial"]] = {BEGUN: row}
            elif last.get(row["trial"], {BEGUN: row})[BEGUN]["attempt"] == row["attempt"]:
                last[row["trial"]][ENDED] = row
        stamps = read_stamps(connection)
    return tuple(_status(trial, last[trial], stamps) if trial in last else TrialStatus(trial) for trial in trials)


def _status(trial: str, rows: dict[str, sqlite3.Row], stamps: dict[int, RunnerStamp]) -> TrialStatus:
    begun = json.loads(rows[BEGUN]["content"])
    ended = json.loads(rows[ENDED]["content"]) if ENDED in rows else {}
    reason = ended.get("reason", "")
    return TrialStatus(
        trial,
        ("error" if reason else "finished") if ended else "running",
        reason,
        rows[BEGUN]["attempt"],
        begun["started"],
        ended.get("seconds", 0.0),
        stamps.get(begun["runner"], RunnerStamp()).sandbox,
        rows[ENDED]["digest"] if ended else "",
    )
