"""The journal's tables, and how a connection to them is made.

In: a path. Out: a connection with the right settings.
Refuses to do: reading a journal of another version, or a file that is no journal; changing or removing a row that is
there, which triggers refuse to every program that writes through SQLite.

`records` is the chain (see `chain.py`) and says all; `blobs` and `exchanges` hold what its records name by digest.
`trials`, `attempts` and `steps` are views: where a trial stands follows from its records and is stored nowhere.

Source of the settings: SQLite documentation, "Write-Ahead Logging". With `synchronous=NORMAL` a transaction that was
committed survives the death of the process; the death of the machine may take the last ones, never the file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from driftlang.diagnostics.failure import ExitStatus, Failure

#: Name of the journal in a run's folder.
JOURNAL_FILE = "journal.sqlite3"
#: Kinds of records about the run: its plan, a runner's beginning and its orderly end, and that records were lost.
PLAN, OPENED, CLOSED, LOST = "plan", "opened", "closed", "lost"
#: Kinds of records about an attempt: its beginning, the repository as it was then, a step, its end, and that what it
#: left is gone where its runner was killed.
BEGUN, BASE, STEP, ENDED, CUT = "begun", "base", "step", "ended", "cut"
#: "drft", so that `file` and readers know whose database this is.
_APPLICATION_ID = 0x64726674
_VERSION = 3
#: Pages (of 4 KiB) that the write-ahead log may hold before they are moved: moving them waits for the disk.
_LOG_PAGES = 4000
_TABLES = """
CREATE TABLE records (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, trial TEXT NOT NULL, attempt INTEGER NOT NULL, branch TEXT NOT NULL,
  position INTEGER NOT NULL, content TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_place ON records (trial, attempt, kind, branch, position);
CREATE TABLE blobs (digest TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE exchanges (
  trial TEXT NOT NULL, attempt INTEGER NOT NULL, sequence INTEGER NOT NULL, record TEXT NOT NULL,
  request BLOB NOT NULL, response BLOB NOT NULL,
  base INTEGER NOT NULL, shared_start INTEGER NOT NULL, shared_end INTEGER NOT NULL,
  PRIMARY KEY (trial, attempt, sequence)
) STRICT;
"""
_VIEWS = """
CREATE VIEW attempts AS
SELECT begun.trial AS trial, begun.attempt AS attempt,
  CASE WHEN ended.number IS NOT NULL THEN iif(json_extract(ended.content, '$.reason') = '', 'finished', 'error')
    WHEN cut.number IS NOT NULL THEN 'cut' ELSE 'running' END AS status,
  coalesce(json_extract(ended.content, '$.reason'), '') AS reason,
  json_extract(begun.content, '$.started') AS started,
  coalesce(json_extract(ended.content, '$.seconds'), 0.0) AS seconds,
  json_extract(begun.content, '$.marker') AS marker,
  json_extract(begun.content, '$.place') AS place,
  json_extract(begun.content, '$.runner') AS runner,
  coalesce(json_extract(base.content, '$.tree'), '') AS base
FROM records AS begun
LEFT JOIN records AS ended
  ON ended.trial = begun.trial AND ended.attempt = begun.attempt AND ended.kind = 'ended'
LEFT JOIN records AS cut ON cut.trial = begun.trial AND cut.attempt = begun.attempt AND cut.kind = 'cut'
LEFT JOIN records AS base ON base.trial = begun.trial AND base.attempt = begun.attempt AND base.kind = 'base'
WHERE begun.kind = 'begun';
CREATE VIEW planned AS
SELECT each.value AS trial, each.key AS position
FROM (
  SELECT content FROM records WHERE trial = '' AND attempt = 0 AND kind = 'plan' ORDER BY position DESC LIMIT 1
) AS plan, json_each(plan.content, '$.trials') AS each;
CREATE VIEW trials AS
SELECT planned.trial AS trial, planned.position AS position,
  CASE last.status WHEN 'cut' THEN 'running' ELSE coalesce(last.status, 'pending') END AS status,
  coalesce(last.reason, '') AS reason, coalesce(last.attempt, 0) AS attempts
FROM planned LEFT JOIN attempts AS last ON last.trial = planned.trial
  AND last.attempt = (SELECT max(records.attempt) FROM records WHERE records.trial = planned.trial);
CREATE VIEW steps AS
SELECT number, trial, attempt, branch, position,
  json_extract(content, '$.record') AS record, json_extract(content, '$.targets') AS targets,
  json_extract(content, '$.session') AS session, json_extract(content, '$.before') AS before,
  json_extract(content, '$.after') AS after, json_extract(content, '$.messages') AS messages
FROM records WHERE kind = 'step';
"""
#: Nothing is changed, and a record stands right behind the last one.
_TRIGGERS = """
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER blobs_keep BEFORE UPDATE ON blobs BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER blobs_stay BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER exchanges_keep BEFORE UPDATE ON exchanges BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER exchanges_stay BEFORE DELETE ON exchanges BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER records_follow BEFORE INSERT ON records
WHEN NEW.number <> coalesce((SELECT max(number) FROM records), 0) + 1
BEGIN SELECT RAISE(ABORT, 'another runner has written to the journal'); END;
"""
_SCHEMA = _TABLES + _VIEWS + _TRIGGERS


def connect(path: Path) -> sqlite3.Connection:
    """A connection that writes to the journal at `path`, which is made when it does not exist.

    Raises:
        Failure: the place cannot be written, or holds something else.
    """
    with explained(path):
        # Transactions are begun and ended by hand; a second writer is kept out by the run folder's lock.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
            if not _is_made(connection):
                _make(connection)
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads, also while a run writes, and also where nothing can be written.

    Raises:
        Failure: there is no journal at `path`, or it is none of ours.
    """
    if not path.is_file():
        raise Failure(
            f"{path.parent} holds no run: there is no {path.name}",
            help="name the folder that `driftlang run` wrote",
            status=ExitStatus.MISUSE,
        )
    with explained(path):
        connection = _open_reader(path)
        connection.row_factory = sqlite3.Row
        try:
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def reading(run_folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the journal in a run's folder that only reads, for as long as the context lasts.

    Raises:
        Failure: there is no journal, or it is damaged.
    """
    path = run_folder / JOURNAL_FILE
    connection = connect_reader(path)
    try:
        with explained(path):
            yield connection
    finally:
        connection.close()


def _open_reader(path: Path) -> sqlite3.Connection:
    address = path.absolute().as_uri() + "?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchall()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise
        # A closed journal in a folder that cannot be written: nothing changes it, so no locks are needed.
        return sqlite3.connect(address + "&immutable=1", uri=True, isolation_level=None)
    return connection


def is_schema_ours(connection: sqlite3.Connection) -> bool:
    """Whether the journal has the tables, views and triggers of this version, word for word."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(_SCHEMA)
        return [tuple(row) for row in connection.execute(query)] == fresh.execute(query).fetchall()


def _is_made(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _make(connection: sqlite3.Connection) -> None:
    """All tables in one transaction, so that a killed beginning leaves an empty file or a whole one."""
    identity = f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {_VERSION};"
    connection.executescript(f"BEGIN IMMEDIATE; {identity} {_SCHEMA} COMMIT;")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if owner != _APPLICATION_ID:
        raise Failure(f"{path} is not a journal of driftlang", help="choose another folder", status=ExitStatus.MISUSE)
    if version != _VERSION:
        raise Failure(
            f"{path} is a journal of form {version}; this version reads form {_VERSION}",
            help="use the version of driftlang that wrote it",
            status=ExitStatus.MISUSE,
        )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the outside world into a `Failure`."""
    try:
        yield
    except sqlite3.DatabaseError as trouble:
        said = str(trouble)
        if "not a database" in said or "malformed" in said:
            message, advice = f"{path} is damaged: {said}", "restore it from a copy, or choose another folder"
        else:
            message = f"{path} cannot be used: {said}"
            advice = (
                "free space or make the folder writable; what was written so far is kept, and the same command goes on"
            )
        raise Failure(message, help=advice) from trouble


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of what is written within, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # after a full disk SQLite has rolled back by itself
            connection.execute("ROLLBACK")
        raise
