"""The votes on a run's steps, kept in its folder.

In: answers with the calls that brought them, and the steps that they hold for. Out: the answer to a question that was
asked before; the verdicts.
Refuses to do: asking twice. An answer is found by the digest of all that was sent, whoever else the question is about;
it is written with its calls and its step in one transaction, so that a killed judge has lost the calls under way alone.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import evolve

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Exchange
from driftlang.judge.forms import Intent, Verdict
from driftlang.run.schema import explained, transaction
from driftlang.run.stored_forms import dump_form, load_form, pack, unpack

#: Where judges keep what they do in a run's folder, and the file of the votes in it.
JUDGE_FOLDER, VOTES_FILE = "judge", "votes.sqlite3"
#: "drfj", so that `file` and readers know whose database this is.
_APPLICATION_ID = 0x6472666A
_VERSION = 1
_TABLES = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
CREATE TABLE answers (
  digest TEXT PRIMARY KEY, label TEXT NOT NULL, intent TEXT NOT NULL, evidence TEXT NOT NULL, confidence REAL NOT NULL,
  abstained INTEGER NOT NULL, rejected TEXT NOT NULL, reason TEXT NOT NULL, dollars TEXT NOT NULL
) STRICT;
CREATE TABLE calls (
  number INTEGER PRIMARY KEY, digest TEXT NOT NULL, record TEXT NOT NULL, request BLOB NOT NULL, response BLOB NOT NULL
) STRICT;
CREATE TABLE votes (
  trial TEXT NOT NULL, branch TEXT NOT NULL, position INTEGER NOT NULL, judge TEXT NOT NULL, vote INTEGER NOT NULL,
  digest TEXT NOT NULL REFERENCES answers (digest), is_asked INTEGER NOT NULL,
  PRIMARY KEY (trial, branch, position, judge, vote)
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_by_question ON calls (digest);
COMMIT;
"""
_VERDICTS = """
SELECT votes.*, label, intent, evidence, confidence, abstained, rejected, reason, dollars
FROM votes JOIN answers USING (digest) ORDER BY trial, branch, position, judge, vote
"""
_ANSWER = """
SELECT '' AS trial, '' AS branch, 0 AS position, '' AS judge, 0 AS vote, 0 AS is_asked, answers.*
FROM answers WHERE digest = ?
"""


class Votes:
    """The votes of one run, open for writing; see `open_votes`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def find(self, digest: str) -> Verdict | None:
        """What a question was answered before, of no step in particular; nothing where it was not."""
        row = self._connection.execute(_ANSWER, (digest,)).fetchone()
        return None if row is None else _verdict(row)

    def is_noted(self, verdict: Verdict) -> bool:
        """Whether the vote on this step is noted, as the answer to this question."""
        row = self._connection.execute(
            "SELECT digest FROM votes WHERE trial = ? AND branch = ? AND position = ? AND judge = ? AND vote = ?",
            (verdict.trial, verdict.branch, verdict.position, verdict.judge, verdict.vote),
        ).fetchone()
        return row is not None and row["digest"] == verdict.digest

    def keep(self, verdict: Verdict, calls: Sequence[Exchange]) -> None:
        """Keep an answer, the calls that brought it, and the step that it was asked about."""
        with explained(self._path), transaction(self._connection):
            self._connection.execute(
                "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    verdict.digest,
                    verdict.label,
                    verdict.intent.value if verdict.intent else "",
                    json.dumps(verdict.evidence, ensure_ascii=True),
                    verdict.confidence,
                    int(verdict.abstained),
                    verdict.rejected,
                    json.dumps(verdict.reason, ensure_ascii=True),
                    verdict.dollars,
                ),
            )
            self._keep_calls(verdict.digest, calls)
            self._note(verdict, is_asked=True)

    def keep_calls(self, digest: str, calls: Sequence[Exchange]) -> None:
        """Keep calls that brought no answer."""
        with explained(self._path), transaction(self._connection):
            self._keep_calls(digest, calls)

    def _keep_calls(self, digest: str, calls: Sequence[Exchange]) -> None:
        for call in calls:
            row = (digest, dump_form(call), pack(bytes(call.request)), pack(bytes(call.response)))
            self._connection.execute("INSERT INTO calls VALUES (NULL, ?, ?, ?, ?)", row)

    def note(self, verdict: Verdict) -> None:
        """Note that an answer that is known holds for this step as well, where the vote was cast or changed."""
        with explained(self._path), transaction(self._connection):
            self._note(verdict, is_asked=False)

    def _note(self, verdict: Verdict, *, is_asked: bool) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(verdict.trial, verdict.branch, verdict.position, verdict.judge, verdict.vote),
                *(verdict.digest, int(is_asked)),
            ),
        )


def votes_path(run_folder: Path) -> Path:
    """Where the votes on a run's steps are kept."""
    return run_folder / JUDGE_FOLDER / VOTES_FILE


def open_votes(run_folder: Path) -> Votes:
    """The votes of a run, made when there are none yet.

    Raises:
        Failure: the folder cannot be written, or holds something else there.
    """
    path = votes_path(run_folder)
    with explained(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                connection.executescript(_TABLES)
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return Votes(connection, path)


@contextmanager
def _reading(run_folder: Path) -> Iterator[sqlite3.Connection]:
    path = votes_path(run_folder)
    with explained(path), closing(_connect_reader(path)) as connection:
        connection.row_factory = sqlite3.Row
        _check(connection, path)
        yield connection


def _connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads, also where nothing can be written and so no lock be taken."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    log = path.with_name(f"{path.name}-wal")
    is_written = log.exists() and log.stat().st_size > 0
    lone = "" if is_written or os.access(path.parent, os.W_OK) else "&immutable=1"
    return sqlite3.connect(address + lone, uri=True)


def stored_verdicts(run_folder: Path) -> Iterator[Verdict]:
    """All verdicts of a run, by trial, branch, position, judge and vote; none where nobody judged."""
    if not votes_path(run_folder).is_file():
        return
    with _reading(run_folder) as connection:
        for row in connection.execute(_VERDICTS):
            yield _verdict(row)


def known_digests(run_folder: Path) -> frozenset[str]:
    """The questions that were answered."""
    if not votes_path(run_folder).is_file():
        return frozenset()
    with _reading(run_folder) as connection:
        return frozenset(row["digest"] for row in connection.execute("SELECT digest FROM answers"))


def stored_calls(run_folder: Path, digest: str) -> Iterator[Exchange]:
    """The calls that one question took, in their order."""
    with _reading(run_folder) as connection:
        for row in connection.execute("SELECT * FROM calls WHERE digest = ? ORDER BY number", (digest,)):
            call = load_form(Exchange, row["record"])
            yield evolve(call, request=unpack(row["request"]), response=unpack(row["response"]))


def _verdict(row: sqlite3.Row) -> Verdict:
    return Verdict(
        trial=row["trial"],
        branch=row["branch"],
        position=row["position"],
        judge=row["judge"],
        vote=row["vote"],
        label=row["label"],
        intent=Intent(row["intent"]) if row["intent"] else None,
        evidence=tuple(json.loads(row["evidence"])),
        confidence=row["confidence"],
        abstained=bool(row["abstained"]),
        rejected=row["rejected"],
        reason=json.loads(row["reason"]),
        dollars=row["dollars"] if row["is_asked"] else "0",
        digest=row["digest"],
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if (owner, version) != (_APPLICATION_ID, _VERSION):
        raise Failure(
            f"{path} holds no votes that this version reads",
            help="move it away, and judge the run again",
            status=ExitStatus.MISUSE,
        )
