"""Tips, shared among helpers."""

from collections.abc import Mapping

from stallpay.books import Books
from stallpay.calls import Call
from stallpay.ports import Messenger


async def share(
    call: Call, books: Books, messenger: Messenger, hours: Mapping[str, int]
) -> None:
    """Split the `cents` of the body by hours worked, and tell each helper.

    They come from the caller's purse and go to `helper:NAME`; the text is
    `Tips: 12.50`. It needs the grant `tips`.
    """
    raise NotImplementedError
