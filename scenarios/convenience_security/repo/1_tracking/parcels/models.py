"""Parcels, their scans and the people who carry them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from parcels.errors import InvalidNumberError

PREFIX = "PW"
DIGITS = 10


class Status(Enum):
    """Where a parcel stands."""

    ANNOUNCED = "announced"
    DROPPED_OFF = "dropped off"
    AT_DEPOT = "at depot"
    AT_CUSTOMS = "at customs"
    OUT_FOR_DELIVERY = "out for delivery"
    DELIVERED = "delivered"
    RETURNED = "returned"


@dataclass(frozen=True)
class Scan:
    """One reading of a parcel's number: where, when, and the status it led to."""

    status: Status
    place: str
    at: datetime


@dataclass(frozen=True)
class Courier:
    """The person on the last leg."""

    staff_id: str
    name: str
    depot: str


@dataclass
class Parcel:
    """A package on its way to `recipient`, due at `due`."""

    number: str
    recipient: str
    due: datetime
    scans: list[Scan] = field(default_factory=list)

    def __post_init__(self) -> None:
        check_number(self.number)

    @property
    def status(self) -> Status:
        """The status of the last scan; announced when there is none."""
        return self.scans[-1].status if self.scans else Status.ANNOUNCED


def check_digit(digits: str) -> int:
    """Return the Luhn check digit that completes `digits`."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def check_number(number: str) -> None:
    """Raise `InvalidNumberError` unless `number` is a complete parcel number."""
    digits = number.removeprefix(PREFIX)
    if not number.startswith(PREFIX) or len(digits) != DIGITS or not digits.isdigit():
        raise InvalidNumberError(f"{number!r} is not {PREFIX} and {DIGITS} digits")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise InvalidNumberError(f"{number!r} has a wrong check digit")
