"""Feedback terminals: one to five stars, sent when there is a connection."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from firnline.ledger import Entry, Ledger


@dataclass
class Outbox:
    """The answers that a terminal has not sent yet, oldest first."""

    place: str
    waiting: deque[Entry] = field(default_factory=deque)

    def add(self, pass_number: str, stars: int, at: datetime) -> None:
        """Keep an answer until the next `flush`."""
        raise NotImplementedError

    def flush(self, ledger: Ledger) -> int:
        """Put what waits into the ledger and return how many answers were kept."""
        raise NotImplementedError
