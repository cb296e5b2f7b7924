"""Amounts of money, as whole cents."""

import re
from collections.abc import Sequence

from stallpay.errors import BadAmountError

AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{2}))?")


def parse(text: str) -> int:
    """Return the cents of an amount such as `12` or `12.50`."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise BadAmountError(f"{text!r} is no amount")
    return int(found[1]) * 100 + int(found[2] or 0)


def show(cents: int) -> str:
    """Return the amount as people write it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weight to the last cent; who comes first gets a cent more."""
    total = sum(weights)
    if total <= 0:
        raise BadAmountError("nobody to split among")
    parts = [cents * weight // total for weight in weights]
    for index in range(cents - sum(parts)):
        parts[index] += 1
    return parts
