"""Paths in a repository.

In: what an author wrote. Out: the path in its plain form, or a diagnostic.
Refuses to do: touching the disk.
"""

import re

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.texts import Placeholder, Text
from driftlang.source import Span

#: The file that agents read their instructions from, at the root of the repository.
AGENTS_FILE = "AGENTS.md"
_DRIVE = re.compile(r"[A-Za-z]:")


def check_path(path: str, span: Span, sink: Sink) -> bool:
    """Whether `path` is a relative path of a file that stays inside the repository; if not, says why."""
    reason = _reason(path)
    if reason:
        sink.error(
            "bad-path",
            f"the path `{path}` {reason}",
            span,
            help="write a path relative to the repository, with `/` between its parts",
        )
    return not reason


def check_path_beside(path: str, span: Span, sink: Sink) -> bool:
    """Whether `path` is a relative path that stays in the folder of the file it is written in; if not, says why."""
    reason = _reason(path.rstrip("/") if path.strip("/") else path, "folder of this file")
    if reason:
        sink.error(
            "bad-path",
            f"the path `{path}` {reason}",
            span,
            help="write a path relative to the folder of this file, with `/` between its parts",
        )
    return not reason


def check_path_text(path: Text, sink: Sink) -> None:
    """Check the path that a text makes, whatever its placeholders stand for."""
    check_path("".join("x" if isinstance(part, Placeholder) else part for part in path.parts), path.span, sink)


def _reason(path: str, inside: str = "repository") -> str:
    parts = path.split("/")
    faults = (
        (not path.strip(), "is empty"),
        (any(ord(character) < 0x20 or ord(character) == 0x7F for character in path), "has a control character"),
        (path.startswith("/") or _DRIVE.match(path) is not None, "is absolute"),
        ("\\" in path, "has a backslash"),
        (".." in parts, f"leaves the {inside} by `..`"),
        (any(part.lower() == ".git" for part in parts), "is in `.git`, which belongs to git"),
        ("" in parts or "." in parts, "has an empty part or `.`"),
    )
    return next((reason for is_faulty, reason in faults if is_faulty), "")
