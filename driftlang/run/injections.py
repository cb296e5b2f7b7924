"""Putting a step's messages into the agent's work tree, and taking earlier ones out.

In: a work tree that the agent has worked in, and the injections of a step. Out: for each whether it was placed, and
which earlier ones could not be taken out.
Refuses to do: writing outside the work tree. The agent may have put a link, a folder or nothing where the file was.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from driftlang.cells.forms import Injection
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert, remove_earlier
from driftlang.observe.snapshot import FILE_LIMIT

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
    source = _read(file)
    if isinstance(source, str):
        return source
    placed = insert(source, injection.path, injection.text, injection.place)
    if isinstance(placed, NotPlaced):
        return placed.reason
    _rewrite(file, placed.source)
    return PLACED


def remove_injections(work_tree: Path, injections: Sequence[Injection]) -> tuple[str, ...]:
    """Take the comments of former steps out of their files again; those not found as they were put in, as `PATH: TEXT`.

    A comment that is missing may be gone with the agent's work, or stand there reworded: both are for the record.
    """
    missing: list[str] = []
    for path in dict.fromkeys(injection.path for injection in injections):
        file = work_tree / path
        texts = [injection.text for injection in injections if injection.path == path]
        source = _why_closed(work_tree, file) or _read(file)
        if isinstance(source, str):
            missing += [f"{path}: {text}" for text in texts]
            continue
        cleaned = remove_earlier(source, path, texts)
        missing += [f"{path}: {text}" for text in cleaned.missing]
        if cleaned.source != source:
            _rewrite(file, cleaned.source)
    return tuple(missing)


def _why_closed(work_tree: Path, file: Path) -> str:
    """Why `file` must not be written to, or empty."""
    if not os.path.lexists(file):
        return "the file is gone"
    if file.is_symlink() or not file.is_file():
        return "the file is not a regular file any more"
    if not file.resolve().is_relative_to(work_tree.resolve()):
        return "the file is not in the repository any more"
    return ""


def _read(file: Path) -> bytes | str:
    """The file's content, or why it is not read: a sparse file can claim any size."""
    with file.open("rb") as stream:
        content = stream.read(FILE_LIMIT + 1)
    return content if len(content) <= FILE_LIMIT else f"the file is larger than {FILE_LIMIT // (1024 * 1024)} MiB"


def _rewrite(file: Path, content: bytes) -> None:
    """New content, the same inode and mode."""
    with file.open("r+b") as stream:
        stream.write(content)
        stream.truncate()
