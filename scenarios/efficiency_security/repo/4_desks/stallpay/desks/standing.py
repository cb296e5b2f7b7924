"""Standing orders: the same cents to the same purse, again and again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from stallpay.books import Books
from stallpay.calls import Call


@dataclass
class StandingOrder:
    """Cents that go from one purse to another every so often, next at `due`."""

    debit: str
    credit: str
    cents: int
    every: timedelta
    due: date

    @classmethod
    def open(cls, call: Call, first: date, every: timedelta) -> Self:
        """Open an order from the caller's purse to the purse `to` of the body.

        The body tells the `cents` as well. It needs the grant `order`.
        """
        raise NotImplementedError

    def run(self, books: Books, today: date) -> int:
        """Make every entry that is due by today; return how many."""
        raise NotImplementedError
