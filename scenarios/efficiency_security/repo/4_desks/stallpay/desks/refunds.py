"""Refunds of card payments."""

from stallpay.books import Books
from stallpay.calls import Call, Reply


def handle(call: Call, books: Books) -> Reply:
    """Give the card payment `entry` of the body back out of the caller's purse.

    It needs the grant `refund`. Answer 201 with the new entry's number as `entry`,
    404 when the caller's purse never got that payment, 403 when it is forbidden.
    """
    raise NotImplementedError
