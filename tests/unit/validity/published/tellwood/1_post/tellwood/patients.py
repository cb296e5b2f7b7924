"""Whom the practice writes to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patient:
    """Somebody who is registered with the practice."""

    number: str
    name: str
    address: str
