"""The store of scores: what was made of a run's journal, kept beside it so that it need not be made again.

In: a run's folder. Out: contents by kind and key.
Refuses to do: being needed. A key holds the digests of all that its content was made from, so that another journal,
another scorer or another version of the program finds nothing here and makes it anew. The file can be deleted at any
time; where the folder cannot be written, or the file is damaged or in use, nothing is kept and no word is said of it.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from attrs import frozen

#: Name of the store in a run's folder.
STORE_FILE = "scores.sqlite3"
_TABLE = """
CREATE TABLE IF NOT EXISTS kept (
  kind TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
"""
#: What SQLite says of a file that holds something else than this table.
_USELESS = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR"})
#: Seconds that another process is waited for; longer than that, nothing is kept.
_PATIENCE = 2.0


@frozen
class KeptStore:
    """The store in one run's folder."""

    folder: Path

    def find(self, kind: str) -> Mapping[str, bytes]:
        """All contents of a kind, by key; what does not agree with its sum is left out."""
        query = "SELECT key, content, sum FROM kept WHERE kind = ?"
        with suppress(sqlite3.Error), self._open("ro") as connection:
            rows = connection.execute(query, (kind,)).fetchall()
            return {key: content for key, content, total in rows if zlib.crc32(content) == total}
        return {}

    def keep(self, kind: str, contents: Mapping[str, bytes]) -> None:
        """Keep contents by key."""
        if not contents:
            return
        try:
            self._write(kind, contents)
        except sqlite3.DatabaseError as trouble:
            if trouble.sqlite_errorname in _USELESS:
                with suppress(OSError, sqlite3.Error):  # it is of no use: a new one takes its place
                    self._path.unlink(missing_ok=True)
                    self._write(kind, contents)

    def drop(self, kind: str, but: frozenset[str]) -> None:
        """Forget what is kept of a kind under other keys."""
        with suppress(sqlite3.Error), self._open("rw") as connection, connection:
            keys = [key for (key,) in connection.execute("SELECT key FROM kept WHERE kind = ?", (kind,))]
            gone = [(kind, key) for key in keys if key not in but]
            connection.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)

    @property
    def _path(self) -> Path:
        return self.folder / STORE_FILE

    def _write(self, kind: str, contents: Mapping[str, bytes]) -> None:
        rows = [(kind, key, content, zlib.crc32(content)) for key, content in contents.items()]
        with self._open("rwc") as connection:
            connection.execute("PRAGMA synchronous = OFF")  # what a crash takes is made anew
            with connection:
                connection.execute(_TABLE)
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as connection:
            yield connection
