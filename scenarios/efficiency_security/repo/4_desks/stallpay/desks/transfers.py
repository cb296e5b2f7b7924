"""Transfers from one purse to another."""

from stallpay.books import Books
from stallpay.calls import Call


def transfer(call: Call, books: Books, to: str, cents: int) -> str:
    """Move cents from the caller's purse to another; return the entry's number.

    It needs the grant `transfer`.
    """
    raise NotImplementedError
