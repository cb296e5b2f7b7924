"""What a holder can do with the own purse."""

from stallpay.books import Books
from stallpay.calls import Call, Reply


def act(call: Call, books: Books) -> Reply:
    """Carry out the `action` of the body on the caller's purse.

    `balance` answers the `cents`, `freeze` and `thaw` answer nothing; another action
    is answered with 400, a caller without the grant `purse` with 403.
    """
    raise NotImplementedError
