"""Reading a journal: what each trial did, and every model call of it.

In: a run's folder. Out: `TrialResult`s and `Exchange`s, from the last attempt at each trial.
Refuses to do: writing, and judging. A run that is still going on, or was cut off, reads as far as it came.
"""

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Tree, TrialObservation
from driftlang.observe.step import StepTrees, contents_of, observe
from driftlang.run.records import BranchResult, RunnerStamp, StepRecord, TrialRecord, TrialResult
from driftlang.run.schema import OPENED, REPLAY, STEP, reading
from driftlang.run.stored_calls import read_calls
from driftlang.run.stored_forms import form_of, load_form, load_tree, unpack

_EMPTY = Tree({})
#: Unpacked contents that are kept at hand while trials are read one after the other, in bytes: trials of one cell begin
#: with the same files.
_AT_HAND = 64 * 2**20
_TRIALS = """
SELECT trials.trial AS trial, trials.status AS status, trials.reason AS reason, attempts,
  coalesce(attempts.started, 0.0) AS started, coalesce(attempts.seconds, 0.0) AS seconds,
  coalesce(attempts.base, '') AS base, coalesce(attempts.runner, 0) AS runner
FROM trials LEFT JOIN attempts ON attempts.trial = trials.trial AND attempts.attempt = trials.attempts
ORDER BY trials.position
"""


def read_results(run_folder: Path, only: Container[str] | None = None) -> Iterator[TrialResult]:
    """Every trial of the plan, in its order, one at a time; trials that were never begun are `pending`.

    Args:
        run_folder: the run.
        only: the trials that are wanted; all of them unless said otherwise.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    with open_results(run_folder) as reader:
        for trial in reader.trials:
            if only is None or trial in only:
                yield reader.read(trial)


@contextmanager
def open_results(run_folder: Path) -> Iterator["ResultReader"]:
    """A reader of single trials, for as long as the context lasts.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    with reading(run_folder) as connection:
        yield ResultReader(connection)


def read_exchanges(run_folder: Path, trial: str) -> Iterator[Exchange]:
    """The model calls of the last attempt at `trial`, in their order.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    query = "SELECT * FROM exchanges WHERE trial = ? AND attempt = (SELECT max(attempt) FROM records WHERE trial = ?)"
    with reading(run_folder) as connection:
        for call in read_calls(connection.execute(query, (trial, trial))):
            yield call.exchange


def read_replayed(run_folder: Path) -> str:
    """The digest of the run that this one is a replay of; empty when it is none.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    query = "SELECT json_extract(content, '$.run') FROM records WHERE trial = '' AND attempt = 0 AND kind = ?"
    with reading(run_folder) as connection:
        row = connection.execute(query, (REPLAY,)).fetchone()
    return str(row[0]) if row else ""


def read_stamps(connection: sqlite3.Connection) -> dict[int, RunnerStamp]:
    """What each runner was, by the number of its record."""
    query = "SELECT number, json_extract(content, '$.stamp') FROM records WHERE trial = '' AND attempt = 0 AND kind = ?"
    return {number: load_form(RunnerStamp, stamp) for number, stamp in connection.execute(query, (OPENED,))}


@frozen
class _StoredStep:
    """A step of an attempt, and what its record names."""

    record: StepRecord
    content: Mapping[str, object]
    before: Tree
    after: Tree


class ResultReader:
    """Reads the last attempts at trials, one after the other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._trials: dict[str, sqlite3.Row] = {row["trial"]: row for row in connection.execute(_TRIALS)}
        self._stamps = read_stamps(connection)
        self._contents: dict[str, bytes] = {}
        self._size = 0
        self._trees: dict[str, Tree] = {}

    @property
    def trials(self) -> Iterable[str]:
        """The trials of the plan, in its order."""
        return self._trials

    def read(self, trial_id: str) -> TrialResult:
        """The last attempt at a trial; one that was never begun is `pending`.

        Raises:
            KeyError: the plan has no such trial.
        """
        trial = self._trials[trial_id]
        rows = self._connection.execute(
            "SELECT content FROM records WHERE trial = ? AND attempt = ? AND kind = ? ORDER BY number",
            (trial["trial"], trial["attempts"], STEP),
        )
        self._trees = {"": _EMPTY}  # what one step leaves the next one often finds
        lines: dict[str, list[_StoredStep]] = {"": []}
        for row in rows:
            step = self._step(row["content"])
            lines.setdefault(step.record.branch, []).append(step)
        own = lines.pop("")
        base = self._tree(trial["base"])
        stamp = self._stamps.get(trial["runner"], RunnerStamp())
        record = TrialRecord(
            trial=trial["trial"],
            status=trial["status"],
            reason=trial["reason"],
            attempts=trial["attempts"],
            started=trial["started"],
            seconds=trial["seconds"],
            steps=tuple(step.record for step in own),
            opencode=stamp.opencode,
            sandbox=stamp.sandbox,
        )
        branches = [self._branch(record.trial, base, own, forked) for forked in lines.values()]
        branches.sort(key=lambda branch: (branch.steps[0].position, branch.arm))
        return TrialResult(record, self._observe(record.trial, base, own), tuple(branches))

    def _branch(self, trial: str, base: Tree, own: list[_StoredStep], steps: list[_StoredStep]) -> BranchResult:
        """A branch, which began with what the last step before it on the trial's own line had left."""
        first = steps[0].record
        formers = [step.after for step in own if step.record.position < first.position]
        observation = self._observe(trial, formers[-1] if formers else base, steps)
        return BranchResult(first.branch, tuple(step.record for step in steps), observation)

    def _observe(self, trial: str, base: Tree, steps: list[_StoredStep]) -> TrialObservation:
        formers = (base, *(step.after for step in steps))
        observed = tuple(
            observe(
                position=step.record.position,
                step=step.record.step,
                targets=tuple(map(str, _listed(step.content["targets"]))),
                trees=StepTrees(former, step.before, step.after),
                read=self._read,
                messages=self._read(str(step.content["messages"])),
                error=step.record.error,
            )
            for former, step in zip(formers, steps, strict=False)
        )
        return TrialObservation(trial, contents_of(base, self._read), observed)

    def _step(self, text: str) -> _StoredStep:
        content = json.loads(text)
        record = form_of(StepRecord, content["record"])
        return _StoredStep(record, content, self._tree(content["before"]), self._tree(content["after"]))

    def _tree(self, digest: str) -> Tree:
        if digest not in self._trees:
            self._trees[digest] = load_tree(self._read(digest))
        return self._trees[digest]

    def _read(self, digest: str) -> bytes:
        known = self._contents.get(digest)
        if known is not None:
            return known
        row = self._connection.execute("SELECT content FROM blobs WHERE digest = ?", (digest,)).fetchone()
        content = unpack(row[0])
        self._size += len(content)
        if self._size > _AT_HAND:
            self._contents.clear()
            self._size = len(content)
        self._contents[digest] = content
        return content


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
