"""Rental desks: what is handed out, and how long it stays away."""

from dataclasses import dataclass, field
from datetime import datetime

from firnline.ledger import Ledger


@dataclass
class RentalDesk:
    """One shop's desk. An item is out at most once at a time."""

    shop: str
    ledger: Ledger
    out: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def hand_out(self, item: str, pass_number: str, at: datetime) -> None:
        """Note that an item leaves the shop."""
        raise NotImplementedError

    def take_back(self, item: str, at: datetime) -> int:
        """Put a rental that ends into the ledger and return its minutes."""
        raise NotImplementedError
