"""Web shop: orders, which the shop hands over page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from firnline.ledger import Ledger


@dataclass(frozen=True)
class Order:
    """What somebody bought for a pass."""

    number: str
    pass_number: str
    at: datetime
    cents: int


@dataclass(frozen=True)
class Page:
    """Some orders, and the mark under which more can be had; empty on the last page."""

    orders: Sequence[Order]
    more: str


Fetch = Callable[[str], Page]


def sync(fetch: Fetch, ledger: Ledger, mark: str = "") -> str:
    """Put all orders from `mark` on into the ledger and return the last page's mark."""
    raise NotImplementedError
