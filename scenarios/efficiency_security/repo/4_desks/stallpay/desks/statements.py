"""Statements of a purse."""

from collections.abc import Iterator
from datetime import date

from stallpay.books import Books
from stallpay.calls import Call


def statement(call: Call, books: Books, since: date) -> Iterator[str]:
    """Yield a line for each entry of the caller's purse since a day, oldest first.

    A line is day, signed amount and reason: `2025-04-05 -12.50 lunch`. It needs the
    grant `read`.
    """
    raise NotImplementedError
