"""First aid on the slopes: callouts of the patrol."""

from dataclasses import dataclass
from datetime import datetime

from firnline.ledger import Ledger, Row


@dataclass(frozen=True)
class Callout:
    """The patrol was called to a guest on a slope."""

    pass_number: str
    slope: str
    called: datetime
    injury: str

    def close(self, at: datetime, ledger: Ledger) -> Row:
        """Put the callout into the ledger as of when it was called; return its row."""
        raise NotImplementedError
