"""Putting a step's messages into the agent's work tree, and taking earlier ones out.

In: a work tree that the agent has worked in, and the injections of a step. Out: for each whether it was placed.
Refuses to do: writing outside the work tree. The agent may have put a link, a folder or nothing where the file was.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from driftlang.cells.forms import Injection
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert, remove_earlier

#: What the journal says of an injection that stands in its file.
PLACED = "placed"


def place_injections(work_tree: Path, injections: Iterable[Injection]) -> tuple[str, ...]:
    """Insert each injection into its file; `placed` for each, or the reason why it was not."""
    return tuple(_place(work_tree, injection) for injection in injections)


def _place(work_tree: Path, injection: Injection) -> str:
    file = work_tree / injection.path
    reason = _why_closed(work_tree, file)
    if reason:
        return reason
    placed = insert(file.read_bytes(), injection.path, injection.text, injection.place)
    if isinstance(placed, NotPlaced):
        return placed.reason
    _rewrite(file, placed.source)
    return PLACED


def remove_injections(work_tree: Path, injections: Sequence[Injection]) -> None:
    """Take the comments of former steps out of their files again, where they still stand."""
    for path in dict.fromkeys(injection.path for injection in injections):
        file = work_tree / path
        if not _why_closed(work_tree, file):
            source = file.read_bytes()
            texts = [injection.text for injection in injections if injection.path == path]
            cleaned = remove_earlier(source, path, texts)
            if cleaned.source != source:
                _rewrite(file, cleaned.source)


def _why_closed(work_tree: Path, file: Path) -> str:
    """Why `file` must not be written to, or empty."""
    if not os.path.lexists(file):
        return "the file is gone"
    if file.is_symlink() or not file.is_file():
        return "the file is not a regular file any more"
    if not file.resolve().is_relative_to(work_tree.resolve()):
        return "the file is not in the repository any more"
    return ""


def _rewrite(file: Path, content: bytes) -> None:
    """New content, the same inode and mode."""
    with file.open("r+b") as stream:
        stream.write(content)
        stream.truncate()
