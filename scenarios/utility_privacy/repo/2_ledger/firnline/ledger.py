"""The ledger: what feeds bring in, as rows that analysts read.

An entry is made by a feed. The ledger looks its pass up and keeps it as a row, of one
of two grains.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from firnline.passes import Pass, PassBook

Fact = int | str


class Grain(StrEnum):
    """How finely a row tells guests apart."""

    GUEST = "guest"
    SEGMENT = "segment"


@dataclass(frozen=True)
class Entry:
    """Something that a guest did. `facts` says more of it, by names of the glossary."""

    feed: str
    pass_number: str
    place: str
    at: datetime
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """An entry as it is kept. `who` is a pass number or the name of a segment."""

    feed: str
    who: str
    place: str
    at: datetime
    facts: Mapping[str, Fact]


def guest_row(entry: Entry, sold: Pass) -> Row:
    """Return a row that tells the pass and the minute."""
    minute = entry.at.replace(second=0, microsecond=0)
    return Row(entry.feed, sold.number, entry.place, minute, dict(entry.facts))


def segment_row(entry: Entry, sold: Pass) -> Row:
    """Return a row that tells the kind of pass, age band, region and the hour."""
    segment = f"{sold.kind.value}/{sold.age_band()}/{sold.region}"
    hour = entry.at.replace(minute=0, second=0, microsecond=0)
    return Row(entry.feed, segment, entry.place, hour, dict(entry.facts))


_ROWS: Mapping[str, Callable[[Entry, Pass], Row]] = {
    "guest": guest_row,
    "segment": segment_row,
}


class Ledger:
    """Rows in the order in which they came in."""

    def __init__(self, book: PassBook) -> None:
        self._book = book
        self._rows: list[Row] = []

    def put(self, entry: Entry, *, grain: Grain) -> Row:
        """Keep an entry as a row of that grain, and return the row.

        Raises `UnknownPassError` when the office has not sold the entry's pass.
        """
        row = _ROWS[grain](entry, self._book.look_up(entry.pass_number))
        self._rows.append(row)
        return row

    def rows(self, feed: str = "") -> tuple[Row, ...]:
        """Return all rows, or those of one feed."""
        return tuple(row for row in self._rows if feed in ("", row.feed))
