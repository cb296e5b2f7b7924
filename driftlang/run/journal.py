"""The journal: what a run has done so far, on disk.

In: attempts as they begin and end, steps as they end. Out: `journal.sqlite3` in the run's folder, good at any moment:
a step is one transaction, with its snapshots, messages and model calls. Beside it `head` names the last record.
Refuses to do: changing anything that was written (statuses follow from records, and each record's digest from the one
before, see `chain.py`), keeping half a step, two writers, and continuing the run of a plan that lacks its trials. What
a subject says can hold lone surrogates, which no database takes as text: a question mark stands for each.

Readers (`read_results`, `read_exchanges`) are in `reading.py` and may look while a run goes on.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Tree
from driftlang.observe.texts import encodable
from driftlang.run.chain import Head, HeadFile, Link, read_head
from driftlang.run.reading import read_exchanges, read_results
from driftlang.run.records import RunnerStamp, StepRecord
from driftlang.run.schema import (
    BASE,
    BEGUN,
    CLOSED,
    CUT,
    ENDED,
    JOURNAL_FILE,
    LOST,
    OPENED,
    PLAN,
    REPLAY,
    STEP,
    connect,
    explained,
    transaction,
)
from driftlang.run.stored_calls import Former, store_call
from driftlang.run.stored_forms import dump_form, dump_tree, form_of, pack

__all__ = ["Attempt", "CutAttempt", "Ending", "Journal", "StepEntry", "read_exchanges", "read_results"]


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
class Ending:
    """How an attempt ended: well when `reason` is empty."""

    attempt: Attempt
    reason: str


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
        self._head_file = HeadFile(run_folder)
        self._former: dict[Attempt, Former] = {}
        self._runner = 0
        self._connection = connect(self._path)
        try:
            self._head = self._read_head()
            with self._writing():
                self._note_loss(read_head(run_folder))
                self._bind(plan_digest, trials)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._connection.close()
        self._head_file.close()

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self._path.parent

    @property
    def head(self) -> Head:
        """The last record: whoever notes its digest can tell later that nothing before it was changed."""
        return self._head

    def _read_head(self) -> Head:
        with explained(self._path):
            query = "SELECT number, digest FROM records ORDER BY number DESC LIMIT 1"
            row = self._connection.execute(query).fetchone()
        return Head(*row) if row else Head()

    def _note_loss(self, named: Head) -> None:
        """Say so where records are gone that there were: a machine that went down takes the last ones with it."""
        query = "SELECT 1 FROM records WHERE number = ? AND digest = ?"
        if named.number and not self._connection.execute(query, (named.number, named.digest)).fetchone():
            self._append(LOST, json.dumps({"number": named.number, "digest": named.digest}))

    def _bind(self, plan_digest: str, trials: Sequence[str]) -> None:
        """Make this the journal of the plan, or see that the plan has every trial of it."""
        bound = next((json.loads(text) for text in self._about_run(PLAN)), {"digest": "", "trials": []})
        if not set(bound["trials"]) <= set(trials):
            raise Failure(
                f"{self._path.parent} holds the run of another plan",
                help="choose another folder with `-o`, or remove that one",
                status=ExitStatus.MISUSE,
            )
        if bound["digest"] != plan_digest:
            self._append(PLAN, json.dumps({"digest": plan_digest, "trials": list(trials)}))

    def _about_run(self, kind: str) -> list[str]:
        """Contents of the records of a kind that is about the run, the last one first."""
        query = "SELECT content FROM records WHERE trial = '' AND attempt = 0 AND kind = ? ORDER BY position DESC"
        with explained(self._path):
            return [content for (content,) in self._connection.execute(query, (kind,))]

    def open_run(self, stamp: RunnerStamp) -> str:
        """A runner is about to begin attempts; what the user should know of how it differs from the last one, or empty.

        The same sandbox in another version is still the same: systems are updated while a run lasts for days.

        Raises:
            Failure: what it would make is no more of the same run, since OpenCode or the confinement is another.
        """
        formers = [form_of(RunnerStamp, json.loads(text)["stamp"]) for text in self._about_run(OPENED)[:1]]
        for former in formers:
            self._refuse_other(former, stamp)
        with self._writing():
            self._append(OPENED, f'{{"started":{time.time()},"stamp":{dump_form(stamp)}}}')
            self._runner = self._head.number
        updated = [former.sandbox for former in formers if former.sandbox != stamp.sandbox]
        return f"the sandbox is {stamp.sandbox} now; so far it was {updated[0]}" if updated else ""

    def _refuse_other(self, former: RunnerStamp, now: RunnerStamp) -> None:
        differing = [
            f"{what} {one or 'unknown'}, not {other or 'unknown'}"
            for what, one, other in (
                ("OpenCode", former.opencode, now.opencode),
                ("the sandbox", former.sandbox, now.sandbox),
            )
            if one.split(" ")[:1] != other.split(" ")[:1]  # of `bubblewrap 0.8.0`, what it is
        ]
        if differing:
            raise Failure(
                f"{self._path.parent} was run under {' and '.join(differing)}: its trials would not be comparable",
                help="go on as it was begun, or choose another folder with `-o`",
                status=ExitStatus.MISUSE,
            )

    def bind_replay(self, recorded: str) -> None:
        """Make this the journal of a replay of the run with this digest (empty: of no replay), or see that it is.

        Raises:
            Failure: it is not, and has begun.
        """
        bound = next((str(json.loads(text)["run"]) for text in self._about_run(REPLAY)), "")
        with explained(self._path):
            has_begun = bool(
                self._connection.execute("SELECT 1 FROM records WHERE kind = ? LIMIT 1", (BEGUN,)).fetchone()
            )
        if bound == recorded:
            return
        if bound or has_begun:
            raise Failure(
                f"{self._path.parent} holds {'the replay of another run' if recorded and bound else 'another run'}: "
                f"a replay and what it plays again stand in folders of their own",
                help="choose another folder with `-o`",
                status=ExitStatus.MISUSE,
            )
        with self._writing():
            self._append(REPLAY, json.dumps({"run": recorded}))

    def close_run(self) -> None:
        """The runner has tried everything that it wanted to; what ended in an error may be tried again by the next."""
        with self._writing():
            self._append(CLOSED, json.dumps({"ended": time.time()}))
        self._runner = 0

    def statuses(self) -> dict[str, str]:
        """Status of each trial, as in `records.TrialRecord`."""
        with explained(self._path):
            return dict(self._connection.execute("SELECT trial, status FROM trials ORDER BY position"))

    def endings(self) -> tuple[Ending, ...]:
        """How attempts ended since the last orderly end of a runner, in order.

        A runner that was killed and the one that goes on in its place are one in this.
        """
        query = (
            "SELECT trial, attempt, json_extract(content, '$.reason') FROM records WHERE kind = ? AND number > ("
            "SELECT coalesce(max(number), 0) FROM records WHERE trial = '' AND attempt = 0 AND kind = ?"
            ") ORDER BY number"
        )
        with explained(self._path):
            rows = self._connection.execute(query, (ENDED, CLOSED)).fetchall()
        return tuple(Ending(Attempt(trial, number), reason) for trial, number, reason in rows)

    def error_counts(self) -> Counter[str]:
        """How many of `endings` were errors, by trial."""
        return Counter(ending.attempt.trial for ending in self.endings() if ending.reason)

    def cut_attempts(self) -> tuple[CutAttempt, ...]:
        """Attempts that are marked as running; when no runner is at work, those of one that was killed."""
        query = "SELECT trial, attempt, marker, place FROM attempts WHERE status = 'running'"
        with explained(self._path):
            rows = self._connection.execute(query).fetchall()
        return tuple(CutAttempt(Attempt(trial, number), marker, place) for trial, number, marker, place in rows)

    def ended_attempts(self) -> tuple[CutAttempt, ...]:
        """Attempts that ended since the last orderly end of a runner: one killed right then has left their places."""
        query = (
            "SELECT trial, attempt, marker, place FROM attempts JOIN records AS ended USING (trial, attempt) "
            "WHERE ended.kind = ? AND ended.number > ("
            "SELECT coalesce(max(number), 0) FROM records WHERE trial = '' AND attempt = 0 AND kind = ?)"
        )
        with explained(self._path):
            rows = self._connection.execute(query, (ENDED, CLOSED)).fetchall()
        return tuple(CutAttempt(Attempt(trial, number), marker, place) for trial, number, marker, place in rows)

    def note_cut(self, cut: CutAttempt) -> None:
        """A cut attempt's leftovers are gone; the trial itself stays as it is until it is begun again."""
        with self._writing():
            self._append(CUT, json.dumps({"noted": time.time()}), cut.attempt)

    def begin(self, trial: str, marker: str, place: str, *, started: float = 0.0) -> Attempt:
        """A new attempt at `trial` begins, or began at `started`."""
        with self._writing():
            query = "SELECT coalesce(max(attempt), 0) FROM records WHERE trial = ?"
            attempt = Attempt(trial, self._connection.execute(query, (trial,)).fetchone()[0] + 1)
            content = {"started": started or time.time(), "marker": marker, "place": place, "runner": self._runner}
            self._append(BEGUN, json.dumps(content), attempt)
        return attempt

    def note_base(self, attempt: Attempt, base: Tree, contents: Mapping[str, bytes]) -> None:
        """What the repository held before anything was done to it."""
        with self._writing():
            self._keep_contents(contents)
            self._append(BASE, json.dumps({"tree": self._keep_tree(base)}), attempt)

    def add_step(self, attempt: Attempt, entry: StepEntry) -> None:
        """A step has ended, well or not."""
        record = entry.record
        with self._writing():
            self._keep_contents(entry.contents)
            content = {
                "targets": entry.targets,
                "session": encodable(entry.session),
                "before": self._keep_tree(entry.before),
                "after": self._keep_tree(entry.after),
                "messages": self._keep(sha256(entry.messages).hexdigest(), entry.messages),
                "exchanges": self._keep_exchanges(attempt, entry.exchanges),
            }
            text = f'{{"record":{dump_form(record)},{json.dumps(content, separators=(",", ":"))[1:]}'
            self._append(STEP, text, attempt, record.branch, record.position)

    def end(self, attempt: Attempt, reason: str, seconds: float, exchanges: Iterable[Exchange]) -> None:
        """The attempt has ended: well when `reason` is empty, and then the trial is finished for good."""
        with self._writing():
            kept = self._keep_exchanges(attempt, exchanges)
            content = {"reason": encodable(reason), "seconds": seconds, "exchanges": kept}
            self._append(ENDED, json.dumps(content), attempt)
        self._former.pop(attempt, None)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; the head moves with it, and is named behind it."""
        former = self._head
        try:
            with explained(self._path), transaction(self._connection):
                yield
        except BaseException:
            self._head = former
            self._former.clear()  # it may know calls that are not stored
            raise
        if self._head != former:
            self._name_head()

    def _name_head(self) -> None:
        try:
            self._head_file.write(self._head)
        except OSError as trouble:
            raise Failure(
                f"{self._path.parent} cannot be written: {(trouble.strerror or str(trouble)).lower()}",
                help="free space or make the folder writable, then run the same command again",
            ) from trouble

    def _append(
        self, kind: str, content: str, attempt: Attempt | None = None, branch: str = "", position: int = 0
    ) -> None:
        number = self._head.number + 1
        if attempt is None:
            link = Link(number, kind, "", 0, "", number, content)
        else:
            link = Link(number, kind, attempt.trial, attempt.number, branch, position, content)
        digest = link.digest(self._head.digest)
        row = (number, kind, link.trial, link.attempt, branch, link.position, content, digest)
        self._connection.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._head = Head(number, digest)

    def _keep_contents(self, contents: Mapping[str, bytes]) -> None:
        for digest, content in contents.items():
            self._keep(digest, content)

    def _keep_tree(self, tree: Tree) -> str:
        return self._keep(*dump_tree(tree))

    def _keep(self, digest: str, content: bytes) -> str:
        if self._connection.execute("SELECT 1 FROM blobs WHERE digest = ?", (digest,)).fetchone() is None:
            self._connection.execute("INSERT INTO blobs VALUES (?, ?)", (digest, pack(content)))
        return digest

    def _keep_exchanges(self, attempt: Attempt, exchanges: Iterable[Exchange]) -> list[tuple[int, str]]:
        """Sequences and digests of the calls, which are kept."""
        former = self._former.setdefault(attempt, Former())
        stored = [(one.sequence, store_call(one, former)) for one in exchanges]
        self._connection.executemany(
            "INSERT INTO exchanges VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [call.row for _, call in stored]
        )
        return [(sequence, call.digest) for sequence, call in stored]
