"""Saying a step's messages where the plan wants them said.

In: a work tree that the agent has worked in, and the injections of a step. Out: for each whether it was placed.
Refuses to do: failing for what the agent has made of a file. The next place is tried, and why is on record.
"""

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from driftlang.cells.forms import Injection, Spot, Turn
from driftlang.inject.forms import NotPlaced
from driftlang.inject.insert import insert
from driftlang.model.schedules import COMMIT, DOCUMENT, OUTSIDE_FILES, USER_TURN
from driftlang.run.colleague import commit_message
from driftlang.run.work_files import GONE, MACHINE_TROUBLE, create_file, read_file, rewrite_file, why_closed

#: What the journal says of an injection that took its first place; one that took another adds which.
PLACED = "placed"
_NEVER_THERE = "the file is not there"


def is_placed(went: str) -> bool:
    """Whether what the journal says of an injection is that it was placed, in whichever of its places."""
    return went == PLACED or went.startswith(f"{PLACED}: ")


def spot_in_file(injection: Injection, went: str) -> Spot | None:
    """The place in a file that the injection took, going by what the journal says of it."""
    words = injection.spots[0].words if went == PLACED else went.removeprefix(f"{PLACED}: ")
    spots = (spot for spot in injection.spots if is_placed(went) and spot.words == words)
    return next((spot for spot in spots if spot.place not in OUTSIDE_FILES), None)


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
        reason = _why_unsaid(work_tree, spot, injection.text)
        if not reason:
            return f"{PLACED}: {spot.words}" if reasons else PLACED
        is_new = reason == GONE and seen is not None and spot.path not in seen
        reasons.append(_NEVER_THERE if is_new else reason)
    return reasons[0]


def _why_unsaid(work_tree: Path, spot: Spot, text: str) -> str:
    """Say a text there; empty, or the reason why it cannot be said."""
    try:
        return _say(work_tree, spot, text)
    except OSError as trouble:
        if trouble.errno in MACHINE_TROUBLE:
            raise
        return f"the file cannot be written: {(trouble.strerror or str(trouble)).lower()}"


def _say(work_tree: Path, spot: Spot, text: str) -> str:
    """Say a text there; empty, or the reason why it cannot be said."""
    if spot.place == USER_TURN:
        return ""
    if spot.place == COMMIT:
        return commit_message(work_tree, text, spot.anchor)
    file = work_tree / spot.path
    reason = why_closed(work_tree, file)
    is_new = reason == GONE and spot.place == DOCUMENT
    if reason and not is_new:
        return reason
    source = b"" if is_new else read_file(file)
    if isinstance(source, str):
        return source
    placed = insert(source, spot.path, text, spot.place, anchor=spot.anchor)
    if isinstance(placed, NotPlaced):
        return placed.reason
    return create_file(work_tree, file, placed.source) if is_new else rewrite_file(file, placed.source)
