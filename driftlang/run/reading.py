"""Reading a journal: what each trial did, and every model call of it.

In: a run's folder. Out: `TrialResult`s and `Exchange`s, from the last attempt at each trial.
Refuses to do: writing, and judging. A run that is still going on, or was cut off, reads as far as it came.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import StepObservation, Tree, TrialObservation
from driftlang.observe.step import StepTrees, contents_of, observe
from driftlang.run.records import BranchResult, StepRecord, TrialRecord, TrialResult
from driftlang.run.schema import JOURNAL_FILE, connect_reader, explained, load_form, load_tree, unpack

_EMPTY = Tree({})


def read_results(run_folder: Path) -> Iterator[TrialResult]:
    """Every trial of the plan, in its order, one at a time; trials that were never begun are `pending`.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    path = run_folder / JOURNAL_FILE
    connection = connect_reader(path)
    try:
        with explained(path):
            trials = connection.execute(
                "SELECT trial, status, reason, attempts FROM trials ORDER BY position"
            ).fetchall()
            for trial, status, reason, attempts in trials:
                yield _Reader(connection, trial, attempts).result(status, reason)
    finally:
        connection.close()


def read_exchanges(run_folder: Path, trial: str) -> Iterator[Exchange]:
    """The model calls of the last attempt at `trial`, in their order.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    path = run_folder / JOURNAL_FILE
    connection = connect_reader(path)
    query = (
        "SELECT record, request, response FROM exchanges WHERE trial = ? "
        "AND attempt = (SELECT attempts FROM trials WHERE trial = ?) ORDER BY sequence"
    )
    try:
        with explained(path):
            for row in connection.execute(query, (trial, trial)):
                exchange = load_form(Exchange, row["record"])
                yield evolve(exchange, request=unpack(row["request"]), response=unpack(row["response"]))
    finally:
        connection.close()


def read_replayed(run_folder: Path) -> str:
    """The digest of the run that this one is a replay of; empty when it is none.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    path = run_folder / JOURNAL_FILE
    connection = connect_reader(path)
    try:
        with explained(path):
            row = connection.execute("SELECT value FROM facts WHERE name = 'replay'").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else ""


class _Reader:
    """Reads one attempt."""

    def __init__(self, connection: sqlite3.Connection, trial: str, attempt: int) -> None:
        self._connection = connection
        self._trial = trial
        self._attempt = attempt
        self._contents: dict[str, bytes] = {}

    def result(self, status: str, reason: str) -> TrialResult:
        started, seconds, base = self._attempt_row()
        rows = self._connection.execute(
            "SELECT * FROM steps WHERE trial = ? AND attempt = ? ORDER BY branch, position",
            (self._trial, self._attempt),
        ).fetchall()
        own = [row for row in rows if not row["branch"]]
        steps, seen = self._line(own, base)
        record = TrialRecord(self._trial, status, reason, self._attempt, started, seconds, steps)
        names = sorted({row["branch"] for row in rows if row["branch"]})
        branches = [self._branch([row for row in rows if row["branch"] == name], own, base) for name in names]
        return TrialResult(record, seen, tuple(sorted(branches, key=lambda one: (one.steps[0].position, one.arm))))

    def _branch(self, rows: Sequence[sqlite3.Row], own: Sequence[sqlite3.Row], base: Tree) -> BranchResult:
        """A branch, which began with what the last step before it had left."""
        position = rows[0]["position"]
        before = [row for row in own if row["position"] < position]
        former = self._tree(before[-1]["after"]) if before else base
        steps, seen = self._line(rows, former)
        return BranchResult(rows[0]["branch"], steps, seen)

    def _line(self, rows: Sequence[sqlite3.Row], base: Tree) -> tuple[tuple[StepRecord, ...], TrialObservation]:
        """The steps of a line that began with `base`."""
        records, observations = [], []
        former = base
        for row in rows:
            step = load_form(StepRecord, row["record"])
            records.append(step)
            trees = StepTrees(former, self._tree(row["before"]), self._tree(row["after"]))
            observations.append(self._observe(step, row, trees))
            former = trees.after
        seen = TrialObservation(self._trial, contents_of(base, self._read), tuple(observations))
        return tuple(records), seen

    def _attempt_row(self) -> tuple[float, float, Tree]:
        row = self._connection.execute(
            "SELECT started, seconds, base FROM attempts WHERE trial = ? AND attempt = ?", (self._trial, self._attempt)
        ).fetchone()
        return (row["started"], row["seconds"], self._tree(row["base"])) if row else (0.0, 0.0, _EMPTY)

    def _observe(self, step: StepRecord, row: sqlite3.Row, trees: StepTrees) -> StepObservation:
        return observe(
            position=step.position,
            step=step.step,
            targets=tuple(json.loads(row["targets"])),
            trees=trees,
            read=self._read,
            messages=unpack(row["messages"]),
            error=step.error,
        )

    def _tree(self, digest: str) -> Tree:
        row = self._connection.execute("SELECT entries FROM trees WHERE digest = ?", (digest,)).fetchone()
        return load_tree(unpack(row[0])) if row else _EMPTY

    def _read(self, digest: str) -> bytes:
        if digest not in self._contents:
            row = self._connection.execute("SELECT content FROM blobs WHERE digest = ?", (digest,)).fetchone()
            self._contents[digest] = unpack(row[0])
        return self._contents[digest]
