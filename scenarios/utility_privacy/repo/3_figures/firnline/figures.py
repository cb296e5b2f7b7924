"""Daily figures from the rows of the ledger."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from firnline.ledger import Row


def count_by_place(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows each place has, most first, then by name."""
    counted = Counter(row.place for row in rows)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def busiest_hour(rows: Iterable[Row], day: date) -> datetime | None:
    """Return the hour of `day` with the most rows, the earliest of equals."""
    hours = Counter(row.at.replace(minute=0) for row in rows if row.at.date() == day)
    return min(hours, key=lambda hour: (-hours[hour], hour), default=None)


def total(rows: Iterable[Row], fact: str) -> int:
    """Return the sum of a fact over the rows that have it as a number."""
    values = (row.facts.get(fact) for row in rows)
    return sum(value for value in values if isinstance(value, int))


def share(part: int, whole: int) -> str:
    """Return a share in per cent as reports print it, a dash for a share of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "–"
