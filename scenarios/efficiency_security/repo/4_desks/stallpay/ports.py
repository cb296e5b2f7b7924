"""Shapes of the objects that callers hand in."""

from typing import Protocol


class Bank(Protocol):
    """The house bank."""

    def send(self, iban: str, cents: int, reference: str) -> None:
        """Send cents to an account."""


class Printer(Protocol):
    """The receipt printer of a stall."""

    def write(self, line: str) -> None:
        """Print one line."""


class Messenger(Protocol):
    """Messages to the phones of helpers."""

    async def tell(self, purse: str, text: str) -> None:
        """Send a text to whoever owns a purse."""
