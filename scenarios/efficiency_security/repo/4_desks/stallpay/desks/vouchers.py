"""Vouchers that the market office gives to visitors."""

from collections.abc import Iterable
from dataclasses import dataclass

from stallpay.books import Books
from stallpay.calls import Call


@dataclass
class Tally:
    """How many calls were carried out and how many were not."""

    redeemed: int = 0
    refused: int = 0


def drain(waiting: Iterable[Call], books: Books) -> Tally:
    """Redeem the voucher of each waiting call: its `cents` from `house:vouchers`.

    They go to the caller's purse. It needs the grant `voucher`; a call that is
    forbidden counts as refused, and the next one has its turn.
    """
    raise NotImplementedError
