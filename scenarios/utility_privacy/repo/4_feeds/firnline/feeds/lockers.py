"""Lockers at the valley station, which a pass closes and the same pass opens again."""

from datetime import datetime

from firnline.ledger import Ledger


class LockerRoom:
    """The lockers of one room and whose pass closed them."""

    def __init__(self, room: str, ledger: Ledger) -> None:
        raise NotImplementedError

    def hold_up(self, locker: int, pass_number: str, at: datetime) -> str:
        """Say `closed`, `opened` or `refused`; put a closed locker into the ledger."""
        raise NotImplementedError
