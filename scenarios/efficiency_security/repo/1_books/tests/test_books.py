"""Entries and balances."""

import unittest
from datetime import UTC, date, datetime

from stallpay.books import Books
from stallpay.errors import (
    BadAmountError,
    FrozenPurseError,
    ShortOfFundsError,
    UnknownEntryError,
)

NOON = datetime(2025, 4, 5, 12, tzinfo=UTC)
CHEESE = "stall:cheese-7"
BREAD = "stall:bread-2"


class BooksTest(unittest.TestCase):
    def setUp(self) -> None:
        self.books = Books(lambda: NOON)
        self.first = self.books.post("house:cards", CHEESE, 500, "card payment")

    def test_an_entry_moves_cents(self) -> None:
        self.books.post(CHEESE, BREAD, 200, "lunch")
        balances = [self.books.balance(purse) for purse in (CHEESE, BREAD)]
        self.assertEqual(balances, [300, 200])

    def test_an_entry_is_found_by_its_number(self) -> None:
        self.assertIs(self.books.find("E000001"), self.first)
        with self.assertRaises(UnknownEntryError):
            self.books.find("E000002")

    def test_a_purse_cannot_give_what_it_lacks(self) -> None:
        with self.assertRaises(ShortOfFundsError):
            self.books.post(CHEESE, BREAD, 501, "lunch")

    def test_an_amount_is_above_zero(self) -> None:
        with self.assertRaises(BadAmountError):
            self.books.post(CHEESE, BREAD, 0, "nothing")

    def test_a_frozen_purse_gives_nothing_until_it_is_thawed(self) -> None:
        self.books.freeze(CHEESE)
        with self.assertRaises(FrozenPurseError):
            self.books.post(CHEESE, BREAD, 1, "lunch")
        self.books.thaw(CHEESE)
        self.books.post(CHEESE, BREAD, 1, "lunch")

    def test_entries_of_a_purse_since_a_day(self) -> None:
        self.books.post("house:cards", BREAD, 100, "card payment")
        self.assertEqual(list(self.books.entries_of(CHEESE)), [self.first])
        self.assertEqual(list(self.books.entries_of(CHEESE, date(2025, 4, 6))), [])


if __name__ == "__main__":
    unittest.main()
