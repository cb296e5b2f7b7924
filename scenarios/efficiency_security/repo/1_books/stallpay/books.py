"""The books: purses, and the entries that moved cents between them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from stallpay.errors import (
    BadAmountError,
    FrozenPurseError,
    ShortOfFundsError,
    UnknownEntryError,
)

HOUSE = "house:"


@dataclass(frozen=True)
class Entry:
    """So many cents from the purse `debit` to the purse `credit`."""

    number: str
    debit: str
    credit: str
    cents: int
    reason: str
    at: datetime


class Books:
    """Every entry that was made, oldest first; `clock` tells the time of a new one."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._entries: list[Entry] = []
        self._balances: Counter[str] = Counter()
        self._frozen: set[str] = set()

    def post(self, debit: str, credit: str, cents: int, reason: str) -> Entry:
        """Make an entry, or raise when the amount or the debited purse forbids it."""
        if cents <= 0:
            raise BadAmountError(f"{cents} is not above zero")
        if debit in self._frozen:
            raise FrozenPurseError(debit)
        if not debit.startswith(HOUSE) and self._balances[debit] < cents:
            raise ShortOfFundsError(debit)
        number = f"E{len(self._entries) + 1:06}"
        entry = Entry(number, debit, credit, cents, reason, self._clock())
        self._entries.append(entry)
        self._balances[debit] -= cents
        self._balances[credit] += cents
        return entry

    def balance(self, purse: str) -> int:
        """Return the cents that a purse holds."""
        return self._balances[purse]

    def find(self, number: str) -> Entry:
        """Return the entry of that number."""
        for entry in self._entries:
            if entry.number == number:
                return entry
        raise UnknownEntryError(number)

    def entries_of(self, purse: str, since: date = date.min) -> Iterator[Entry]:
        """Yield the entries that touched a purse, oldest first."""
        for entry in self._entries:
            if purse in (entry.debit, entry.credit) and entry.at.date() >= since:
                yield entry

    def freeze(self, purse: str) -> None:
        """Let nothing out of a purse from now on."""
        self._frozen.add(purse)

    def thaw(self, purse: str) -> None:
        """Let cents out of a purse again."""
        self._frozen.discard(purse)
