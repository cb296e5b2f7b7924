"""Small sources of every language, with what they define and what a pattern finds in them.

Each holds a trap: a text in quotes that looks like a comment, a line that goes on.
"""

from pathlib import Path

from attrs import frozen

_FOLDER = Path(__file__).parent / "sources"


@frozen
class Source:
    """A file; `symbol` is defined in it, `pattern` matches in it where a comment may stand below."""

    path: str
    text: bytes
    symbol: str
    pattern: str


def _read(path: str, symbol: str, pattern: str) -> Source:
    return Source(path, (_FOLDER / path).read_bytes(), symbol, pattern)


SOURCES = (
    _read("a.py", "Client.connect", r"import os"),
    _read("stub.py", "connect", r"def connect"),
    _read("a.js", "connect", r"LIMIT = 3;"),
    _read("a.ts", "Client.connect", r"host: string;"),
    _read("a.tsx", "Login", r"=> \{"),
    _read("a.go", "Client.Connect", r"type Client struct"),
    _read("a.rs", "Client::connect", r"host: String,"),
    _read("A.java", "Client.connect", r"import java.util.List;"),
    _read("a.c", "connect", r"int host;"),
    _read("a.sh", "connect", r"set -eu"),
    _read("a.yaml", "client.host", r"limits:"),
    _read("a.toml", "client.host", r"title = "),
    _read("a.sql", "hosts", r"id INTEGER PRIMARY KEY,"),
    _read("a.md", "", r"How they log in"),
)
