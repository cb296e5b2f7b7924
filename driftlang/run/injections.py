"""Saying a step's messages where the plan wants them said, and taking earlier ones out of the work tree.

In: a work tree that the agent has worked in, and the injections of a step. Out: for each whether it was placed, and
which earlier ones could not be taken out.
Refuses to do: writing outside the work tree. The agent may have put a link, a folder or nothing where the file was.
"""

import os
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from driftlang.cells.forms import Injection, Spot, Turn
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.model.schedules import COMMIT, DOCUMENT, OUTSIDE_FILES, USER_TURN
from driftlang.observe.snapshot import FILE_LIMIT
from driftlang.run.colleague import commit_message

#: What the journal says of an injection that took its first place; one that took another adds which.
PLACED = "placed"
_GONE = "the file is gone"
_NEVER_THERE = "the file is not there"


def is_placed(went: str) -> bool:
    """Whether what the journal says of an injection is that it was placed, in whichever of its places."""
    return went == PLACED or went.startswith(f"{PLACED}: ")


def place_injections(
    work_tree: Path, injections: Iterable[Injection], seen: Container[str] | None = None
) -> tuple[str, ...]:
    """Say each injection in the first of its places that takes it.

    `seen` are the paths that have ever been there, as snapshots spell them: a file that is none of them is not gone,
    it never was. Without them every file is taken to have been there.

    For each `placed`, or `placed: PLACE` where it was not the first one, or the reason why the first was none. What is
    to be said in the user's turn is left to `spoken_text`.
    """
    return tuple(_place(work_tree, injection, seen) for injection in injections)


def spoken_text(turn: Turn, went: Sequence[str]) -> str:
    """The turn's text, with what is said in it as paragraphs below; `went` is what `place_injections` gave."""
    said = [one.text for one, how in zip(turn.injections, went, strict=True) if _is_spoken(one, how)]
    return "\n\n".join((turn.text, *said))


def _is_spoken(injection: Injection, went: str) -> bool:
    return (went == PLACED and injection.place == USER_TURN) or went == f"{PLACED}: {USER_TURN}"


def _place(work_tree: Path, injection: Injection, seen: Container[str] | None) -> str:
    reasons: list[str] = []
    for spot in injection.spots:
        reason = _say(work_tree, spot, injection.text)
        if not reason:
            return f"{PLACED}: {spot.words}" if reasons else PLACED
        is_new = reason == _GONE and seen is not None and spot.path not in seen
        reasons.append(_NEVER_THERE if is_new else reason)
    return reasons[0]


def _say(work_tree: Path, spot: Spot, text: str) -> str:
    """Say a text there; empty, or the reason why it cannot be said."""
    if spot.place == USER_TURN:
        return ""
    if spot.place == COMMIT:
        return commit_message(work_tree, text, spot.anchor)
    file = work_tree / spot.path
    reason = _why_closed(work_tree, file)
    is_new = reason == _GONE and spot.place == DOCUMENT
    if reason and not is_new:
        return reason
    source = b"" if is_new else _read(file)
    if isinstance(source, str):
        return source
    placed = insert(source, spot.path, text, spot.place, anchor=spot.anchor)
    if isinstance(placed, NotPlaced):
        return placed.reason
    return _create(work_tree, file, placed.source) if is_new else _rewrite(file, placed.source)


def remove_injections(work_tree: Path, injections: Sequence[Injection]) -> tuple[str, ...]:
    """Take the texts of former steps out of their files again; those not found as they were put in, as `PATH: TEXT`.

    Each is sought in its places in turn. One that is missing may be gone with the agent's work, or stand there
    reworded: both are for the record. What was said outside files cannot be taken back, and is not sought.
    """
    missing: list[str] = []
    for injection in injections:
        spots = [spot for spot in injection.spots if spot.place not in OUTSIDE_FILES]
        if spots and not any(_take_out(work_tree, spot, injection.text) for spot in spots):
            missing.append(f"{spots[0].path}: {injection.text}")
    return tuple(missing)


def _take_out(work_tree: Path, spot: Spot, text: str) -> bool:
    """Whether the text stood there; it does not any more."""
    file = work_tree / spot.path
    source = _why_closed(work_tree, file) or _read(file)
    if isinstance(source, str):
        return False
    cleaned = remove_earlier(source, spot.path, [text], spot.place)
    if cleaned.missing:
        return False
    if spot.place == DOCUMENT and not cleaned.source:
        file.unlink()
    else:
        _rewrite(file, cleaned.source)
    return True


def _why_closed(work_tree: Path, file: Path) -> str:
    """Why `file` must not be written to, or empty."""
    if not os.path.lexists(file):
        return _GONE
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


def _rewrite(file: Path, content: bytes) -> str:
    """New content, the same inode and mode; always empty, as nothing is in the way."""
    with file.open("r+b") as stream:
        stream.write(content)
        stream.truncate()
    return ""


def _create(work_tree: Path, file: Path, content: bytes) -> str:
    """A new file in folders that are made if need be; empty, or why it must not be there."""
    there = next(parent for parent in file.parents if os.path.lexists(parent))
    if not there.is_dir() or not there.resolve().is_relative_to(work_tree.resolve()):
        return "the file's folder is not in the repository"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(content)
    return ""
