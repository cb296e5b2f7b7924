"""Car parks: cars that come and go, opened by the pass of whoever drives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from firnline.ledger import Ledger


@dataclass(frozen=True)
class Passage:
    """A barrier opened, on the way in or out."""

    car_park: str
    pass_number: str
    at: datetime
    is_entry: bool


def pair_up(passages: Iterable[Passage], ledger: Ledger) -> Iterator[timedelta]:
    """Put each finished stay into the ledger and yield how long it was."""
    raise NotImplementedError
