"""Payouts from a purse to a bank account."""

from stallpay.books import Books
from stallpay.calls import Call
from stallpay.ports import Bank


class PayoutDesk:
    """Pays out through one bank."""

    def __init__(self, books: Books, bank: Bank) -> None:
        raise NotImplementedError

    def request(self, call: Call, iban: str, cents: int) -> str:
        """Send cents of the caller's purse, less the fee, to an account.

        It needs the grant `payout`; return the number of the entry to `house:bank`.
        """
        raise NotImplementedError
