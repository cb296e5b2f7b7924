"""Wages for the helpers of a stall."""

from collections.abc import Sequence
from dataclasses import dataclass

from stallpay.books import Books
from stallpay.calls import Call


@dataclass(frozen=True)
class WageLine:
    """One helper's wage."""

    helper: str
    cents: int


def pay_all(call: Call, books: Books, lines: Sequence[WageLine]) -> list[str]:
    """Pay all lines out of the caller's purse, or none of them.

    It needs the grant `wages`; return the numbers of the entries.
    """
    raise NotImplementedError
