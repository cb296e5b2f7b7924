"""The journal's tables, and how a connection to them is made.

In: a path. Out: a connection with the right settings, and the packing of what its columns hold.
Refuses to do: reading a journal of another version, or a file that is no journal.

Source of the settings: SQLite documentation, "Write-Ahead Logging". With `synchronous=NORMAL` a transaction that was
committed survives the death of the process; the death of the machine may take the last ones, never the file.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Entry, Tree
from driftlang.observe.step import encodable
from driftlang.run.records import StepRecord

if TYPE_CHECKING:
    from cattrs import Converter

F = TypeVar("F", StepRecord, Exchange)
#: Name of the journal in a run's folder.
JOURNAL_FILE = "journal.sqlite3"
#: "drft", so that `file` and readers know whose database this is.
_APPLICATION_ID = 0x64726674
_VERSION = 2
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE trials (
  trial TEXT PRIMARY KEY, position INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
  attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
  trial TEXT NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
  started REAL NOT NULL, seconds REAL NOT NULL, marker TEXT NOT NULL, place TEXT NOT NULL, base TEXT NOT NULL,
  PRIMARY KEY (trial, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE steps (
  trial TEXT NOT NULL, attempt INTEGER NOT NULL, branch TEXT NOT NULL, position INTEGER NOT NULL,
  record TEXT NOT NULL, targets TEXT NOT NULL, session TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  messages BLOB NOT NULL,
  PRIMARY KEY (trial, attempt, branch, position)
) STRICT;
CREATE TABLE exchanges (
  trial TEXT NOT NULL, attempt INTEGER NOT NULL, sequence INTEGER NOT NULL, record TEXT NOT NULL,
  request BLOB NOT NULL, response BLOB NOT NULL, PRIMARY KEY (trial, attempt, sequence)
) STRICT;
CREATE TABLE blobs (digest TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE trees (digest TEXT PRIMARY KEY, entries BLOB NOT NULL) STRICT;
"""


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


def pack(content: bytes) -> bytes:
    """`content` as it is stored."""
    return zlib.compress(content)


def unpack(stored: bytes) -> bytes:
    """What `pack` was given."""
    return zlib.decompress(stored)


def dump_form(form: StepRecord | Exchange) -> str:
    """A form as one JSON object; what has columns of its own is left out."""
    return json.dumps(_converter().unstructure(form), separators=(",", ":"))


def load_form(kind: type[F], text: str) -> F:
    """The form that `dump_form` was given, as far as it was kept."""
    return _converter().structure(json.loads(text), kind)


@cache
def _converter() -> "Converter":
    """Texts of subjects may hold lone surrogates, and bodies have columns of their own."""
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    converter = Converter()
    converter.register_unstructure_hook(str, encodable)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    without_bodies = make_dict_unstructure_fn(
        Exchange, converter, request=override(omit=True), response=override(omit=True)
    )
    converter.register_unstructure_hook(Exchange, without_bodies)
    converter.register_structure_hook(Exchange, make_dict_structure_fn(Exchange, converter))
    return converter


def dump_tree(tree: Tree) -> tuple[str, bytes]:
    """Digest and bytes of a snapshot; equal snapshots have equal digests."""
    entries = {path: [e.mode, e.digest, e.size, e.is_kept] for path, e in sorted(tree.entries.items())}
    content = json.dumps({"entries": entries, "skipped": list(tree.skipped)}, separators=(",", ":")).encode()
    return sha256(content).hexdigest(), content


def load_tree(content: bytes) -> Tree:
    """The snapshot that `dump_tree` was given."""
    found = json.loads(content)
    entries = {path: Entry(mode, digest, size, kept) for path, (mode, digest, size, kept) in found["entries"].items()}
    return Tree(entries, tuple(found["skipped"]))
