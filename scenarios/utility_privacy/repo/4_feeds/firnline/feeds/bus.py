"""Ski bus: readers beside the doors, which call back for every pass held up to them."""

from collections.abc import Callable
from datetime import datetime

from firnline.ledger import Ledger

OnPass = Callable[[str, datetime], str]


def on_board(stop: str, ledger: Ledger) -> OnPass:
    """Return what a reader at `stop` calls; it answers `welcome` or `ask driver`."""
    raise NotImplementedError
