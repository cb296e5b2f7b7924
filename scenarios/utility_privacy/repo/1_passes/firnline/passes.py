"""Passes, who holds them, and when they are good for a ride."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from firnline.errors import BadNumberError, UnknownPassError

_NUMBER = re.compile(r"[A-Z]{2}(\d{6})(\d)")
_BANDS = ((15, "child"), (24, "youth"), (64, "adult"))


class Kind(Enum):
    """What a pass is good for."""

    DAY = "day"
    WEEK = "week"
    SEASON = "season"


@dataclass(frozen=True)
class Pass:
    """A pass and its holder. It is good from `start` to `end`, both included."""

    number: str
    kind: Kind
    start: date
    end: date
    born: int
    region: str

    def __post_init__(self) -> None:
        if not is_number(self.number):
            raise BadNumberError(self.number)

    def is_good(self, day: date) -> bool:
        """Tell whether the pass opens gates on that day."""
        return self.start <= day <= self.end

    def age_band(self) -> str:
        """Return the holder's age band in the season in which the pass starts."""
        age = season_of(self.start) - self.born
        return next((name for oldest, name in _BANDS if age <= oldest), "senior")


class PassBook:
    """The passes that the office has sold."""

    def __init__(self, passes: Iterable[Pass] = ()) -> None:
        self._passes = {one.number: one for one in passes}

    def add(self, sold: Pass) -> None:
        """Enter a pass; one of the same number is replaced."""
        self._passes[sold.number] = sold

    def look_up(self, number: str) -> Pass:
        """Return the pass of that number.

        Raises `UnknownPassError` when the office has not sold it.
        """
        try:
            return self._passes[number]
        except KeyError:
            raise UnknownPassError(number) from None


def season_of(day: date) -> int:
    """Return the year in which the season around `day` started."""
    return day.year if day.month >= 11 else day.year - 1


def check_digit(digits: str) -> int:
    """Return the check digit of six digits: weights 2 to 7 from the right, modulo 11.

    A remainder of ten counts as none.
    """
    total = sum(int(d) * w for d, w in zip(reversed(digits), range(2, 8), strict=True))
    return -total % 11 % 10


def is_number(text: str) -> bool:
    """Tell whether `text` has the form of a pass number and its check digit fits."""
    found = _NUMBER.fullmatch(text)
    return found is not None and check_digit(found[1]) == int(found[2])
