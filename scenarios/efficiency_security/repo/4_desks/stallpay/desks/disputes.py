"""Card payments that somebody wants back."""

from collections.abc import Callable

from stallpay.books import Books
from stallpay.calls import Call


def make_listener(books: Books) -> Callable[[Call], None]:
    """Return what is to be called when a holder gives in to a dispute.

    It sets the `cents` of the body aside, from the caller's purse to `house:disputes`,
    and needs the grant `dispute`.
    """
    raise NotImplementedError
