"""The journal: what a run has done so far, on disk.

In: attempts as they begin and end, steps as they end. Out: `journal.sqlite3` in the run's folder, good at any moment:
a step is one transaction, with its snapshots, messages and model calls.
Refuses to do: keeping half a step, two writers, and continuing the run of another plan. What a subject says can hold
lone surrogates, which no database takes as text: a question mark stands for each.

Readers (`read_results`, `read_exchanges`) are in `reading.py` and may look while a run goes on.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Tree
from driftlang.observe.step import encodable
from driftlang.run.reading import read_exchanges, read_results
from driftlang.run.records import StepRecord
from driftlang.run.schema import JOURNAL_FILE, connect, dump_form, dump_tree, explained, pack, transaction

__all__ = ["Attempt", "CutAttempt", "Journal", "StepEntry", "read_exchanges", "read_results"]


@frozen
class Attempt:
    """One attempt at a trial; `number` counts from 1."""

    trial: str
    number: int


@frozen
class CutAttempt:
    """An attempt whose runner ended before it did: what its server carries, and the place it used."""

    attempt: Attempt
    marker: str
    place: str


@frozen
class StepEntry:
    """Everything that is kept of one step.

    Attributes:
        record: the turn as it went.
        targets: the step's target files.
        session: the agent's session id.
        before, after: snapshots around the turn.
        contents: what the snapshots refer to and may be new, by sha256.
        messages: JSON list of the turn's messages.
        exchanges: the model calls since the last step.
    """

    record: StepRecord
    targets: tuple[str, ...]
    session: str
    before: Tree
    after: Tree
    contents: Mapping[str, bytes]
    messages: bytes
    exchanges: tuple[Exchange, ...]


class Journal:
    """Writes the journal of one run; the run folder's lock is held by the caller.

    Raises:
        Failure: at any method, when the disk is full or the folder cannot be written; what was written before is kept.
    """

    def __init__(self, run_folder: Path, plan_digest: str, trials: Sequence[str]) -> None:
        self._path = run_folder / JOURNAL_FILE
        self._connection = connect(self._path)
        try:
            with explained(self._path), transaction(self._connection):
                self._bind(plan_digest, trials)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def _bind(self, plan_digest: str, trials: Sequence[str]) -> None:
        """Make this the journal of the plan, or see that it is."""
        rows = self._connection.execute("SELECT value FROM facts WHERE name = 'plan'").fetchall()
        if not rows:
            self._connection.execute("INSERT INTO facts VALUES ('plan', ?)", (plan_digest,))
            self._connection.executemany(
                "INSERT INTO trials VALUES (?, ?, 'pending', '', 0)",
                [(trial, position) for position, trial in enumerate(trials)],
            )
        elif rows[0][0] != plan_digest:
            raise Failure(
                f"{self._path.parent} holds the run of another plan",
                help="choose another folder with `-o`, or remove that one",
                status=ExitStatus.MISUSE,
            )

    def statuses(self) -> dict[str, str]:
        """Status of each trial, as in `records.TrialRecord`."""
        with explained(self._path):
            return dict(self._connection.execute("SELECT trial, status FROM trials ORDER BY position"))

    def cut_attempts(self) -> tuple[CutAttempt, ...]:
        """Attempts that are marked as running; when no runner is at work, those of one that was killed."""
        query = "SELECT trial, attempt, marker, place FROM attempts WHERE status = 'running'"
        with explained(self._path):
            rows = self._connection.execute(query).fetchall()
        return tuple(CutAttempt(Attempt(trial, number), marker, place) for trial, number, marker, place in rows)

    def note_cut(self, cut: CutAttempt) -> None:
        """A cut attempt's leftovers are gone; the trial itself stays as it is until it is begun again."""
        with explained(self._path), transaction(self._connection):
            self._connection.execute(
                "UPDATE attempts SET status = 'cut' WHERE trial = ? AND attempt = ?",
                (cut.attempt.trial, cut.attempt.number),
            )

    def begin(self, trial: str, marker: str, place: str, *, started: float = 0.0) -> Attempt:
        """A new attempt at `trial` begins, or began at `started`."""
        with explained(self._path), transaction(self._connection):
            row = self._connection.execute("SELECT attempts FROM trials WHERE trial = ?", (trial,)).fetchone()
            number = row[0] + 1
            self._connection.execute(
                "UPDATE trials SET status = 'running', reason = '', attempts = ? WHERE trial = ?", (number, trial)
            )
            self._connection.execute(
                "INSERT INTO attempts VALUES (?, ?, 'running', '', ?, 0, ?, ?, '')",
                (trial, number, started or time.time(), marker, place),
            )
        return Attempt(trial, number)

    def note_base(self, attempt: Attempt, base: Tree, contents: Mapping[str, bytes]) -> None:
        """What the repository held before anything was done to it."""
        with explained(self._path), transaction(self._connection):
            self._keep_contents(contents)
            self._connection.execute(
                "UPDATE attempts SET base = ? WHERE trial = ? AND attempt = ?",
                (self._keep_tree(base), attempt.trial, attempt.number),
            )

    def add_step(self, attempt: Attempt, entry: StepEntry) -> None:
        """A step has ended, well or not."""
        record = entry.record
        with explained(self._path), transaction(self._connection):
            self._keep_contents(entry.contents)
            row = (
                *(attempt.trial, attempt.number, record.branch, record.position),
                *(dump_form(record), json.dumps(entry.targets), encodable(entry.session)),
                *(self._keep_tree(entry.before), self._keep_tree(entry.after), pack(entry.messages)),
            )
            self._connection.execute(f"INSERT INTO steps VALUES ({_marks(row)})", row)  # noqa: S608 - question marks alone
            self._keep_exchanges(attempt, entry.exchanges)

    def end(self, attempt: Attempt, reason: str, seconds: float, exchanges: Iterable[Exchange]) -> None:
        """The attempt has ended: well when `reason` is empty, and then the trial is finished for good."""
        status, reason = ("error", encodable(reason)) if reason else ("finished", "")
        with explained(self._path), transaction(self._connection):
            self._keep_exchanges(attempt, exchanges)
            self._connection.execute(
                "UPDATE attempts SET status = ?, reason = ?, seconds = ? WHERE trial = ? AND attempt = ?",
                (status, reason, seconds, attempt.trial, attempt.number),
            )
            self._connection.execute(
                "UPDATE trials SET status = ?, reason = ? WHERE trial = ?", (status, reason, attempt.trial)
            )

    def _keep_contents(self, contents: Mapping[str, bytes]) -> None:
        for digest, content in contents.items():
            known = self._connection.execute("SELECT 1 FROM blobs WHERE digest = ?", (digest,)).fetchone()
            if known is None:
                self._connection.execute("INSERT INTO blobs VALUES (?, ?)", (digest, pack(content)))

    def _keep_tree(self, tree: Tree) -> str:
        digest, content = dump_tree(tree)
        self._connection.execute("INSERT OR IGNORE INTO trees VALUES (?, ?)", (digest, pack(content)))
        return digest

    def _keep_exchanges(self, attempt: Attempt, exchanges: Iterable[Exchange]) -> None:
        rows = [
            (
                *(attempt.trial, attempt.number, one.sequence, dump_form(one)),
                *(pack(bytes(one.request)), pack(bytes(one.response))),
            )
            for one in exchanges
        ]
        if rows:
            self._connection.executemany(f"INSERT INTO exchanges VALUES ({_marks(rows[0])})", rows)  # noqa: S608 - question marks alone


def _marks(row: Sequence[object]) -> str:
    return ", ".join("?" * len(row))
