"""Readings as stations write them: a line of CSV each."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reading:
    """What a station measured at a time, in UTC."""

    at: datetime
    celsius: float
    gust_ms: float
    rain_mm: float


def parse(line: str) -> Reading:
    """Read a line; raise `ValueError` where it is none."""
    at, *measured = line.strip().split(",")
    celsius, gust_ms, rain_mm = map(float, measured)
    return Reading(datetime.fromisoformat(at), celsius, gust_ms, rain_mm)
