"""Who keeps what an attempt at a trial does: the journal, or the memory of a worker that has no journal.

In: what `attempt_trial` tells as it happens. Out: `Recorder`; from a worker an `AttemptRecord`, which `append` writes
into a journal as if the attempt had been made there.
Refuses to do: an attempt that did not end; a worker that is lost takes what it had of it along.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Protocol

from attrs import evolve, field, frozen

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Tree
from driftlang.run.journal import Attempt, Journal, StepEntry


class Recorder(Protocol):
    """Told of an attempt in this order: `begin`, `note_base`, `add_step` for each step, `end`."""

    def begin(self, trial: str, marker: str, place: str) -> Attempt:
        """A new attempt at `trial` begins."""

    def note_base(self, attempt: Attempt, base: Tree, contents: Mapping[str, bytes]) -> None:
        """What the repository held before anything was done to it."""

    def add_step(self, attempt: Attempt, entry: StepEntry) -> None:
        """A step has ended, well or not."""

    def end(self, attempt: Attempt, reason: str, seconds: float, exchanges: Iterable[Exchange]) -> None:
        """The attempt has ended: well when `reason` is empty."""


@frozen
class AttemptRecord:
    """A whole attempt, as a worker made it; the parameters of a `Recorder`'s calls.

    Attributes:
        started: seconds since the epoch, UTC.
        base: nothing when the attempt ended before the repository stood.
        contents: what `base` refers to, by sha256.
        exchanges: the model calls since the last step.
    """

    trial: str
    marker: str
    place: str
    started: float
    reason: str = ""
    seconds: float = 0.0
    base: Tree | None = None
    contents: Mapping[str, bytes] = field(factory=dict)
    steps: tuple[StepEntry, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


class MemoryRecorder:
    """Keeps one attempt, which goes by `number` as long as it is under way."""

    def __init__(self, number: int = 1) -> None:
        self.record = AttemptRecord("", "", "", 0.0)
        self._number = number

    def begin(self, trial: str, marker: str, place: str) -> Attempt:
        """A new attempt at `trial` begins; its number in the journal is not known here."""
        self.record = AttemptRecord(trial, marker, place, time.time())
        return Attempt(trial, self._number)

    def note_base(self, attempt: Attempt, base: Tree, contents: Mapping[str, bytes]) -> None:  # noqa: ARG002 - there is one
        """What the repository held before anything was done to it."""
        self.record = evolve(self.record, base=base, contents=dict(contents))

    def add_step(self, attempt: Attempt, entry: StepEntry) -> None:  # noqa: ARG002 - there is one
        """A step has ended, well or not."""
        self.record = evolve(self.record, steps=(*self.record.steps, entry))

    def end(self, attempt: Attempt, reason: str, seconds: float, exchanges: Iterable[Exchange]) -> None:  # noqa: ARG002 - there is one
        """The attempt has ended: well when `reason` is empty."""
        self.record = evolve(self.record, reason=reason, seconds=seconds, exchanges=tuple(exchanges))


def append(record: AttemptRecord, journal: Journal) -> Attempt:
    """Write a whole attempt into the journal, where it gets its number."""
    attempt = journal.begin(record.trial, record.marker, record.place, started=record.started)
    if record.base is not None:
        journal.note_base(attempt, record.base, record.contents)
    for entry in record.steps:
        journal.add_step(attempt, evolve(entry, exchanges=_numbered(entry.exchanges, attempt)))
    journal.end(attempt, record.reason, record.seconds, _numbered(record.exchanges, attempt))
    return attempt


def _numbered(exchanges: Iterable[Exchange], attempt: Attempt) -> tuple[Exchange, ...]:
    return tuple(evolve(one, attempt=attempt.number) for one in exchanges)
