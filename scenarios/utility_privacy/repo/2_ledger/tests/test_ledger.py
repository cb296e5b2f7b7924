"""Entries and the rows that are made of them."""

import unittest
from datetime import date, datetime

from firnline.errors import UnknownPassError
from firnline.ledger import Entry, Grain, Ledger, guest_row, segment_row
from firnline.passes import Kind, Pass, PassBook

AT = datetime(2025, 1, 18, 10, 47, 31)
SOLD = Pass("FL1204483", Kind.SEASON, date(2024, 11, 1), date(2025, 4, 30), 1991, "AT")


def ride(number: str = "FL1204483", feed: str = "rides") -> Entry:
    return Entry(feed, number, "Hochalm", AT, {"seat": 3})


class RowTest(unittest.TestCase):
    def test_a_guest_row_tells_pass_and_minute(self) -> None:
        row = guest_row(ride(), SOLD)
        self.assertEqual(
            (row.who, row.at), ("FL1204483", datetime(2025, 1, 18, 10, 47))
        )

    def test_a_segment_row_tells_segment_and_hour(self) -> None:
        row = segment_row(ride(), SOLD)
        self.assertEqual(
            (row.who, row.at), ("season/adult/AT", datetime(2025, 1, 18, 10))
        )


class LedgerTest(unittest.TestCase):
    def setUp(self) -> None:
        self.ledger = Ledger(PassBook([SOLD]))

    def test_rows_keep_feed_place_and_facts(self) -> None:
        for grain in Grain:
            row = self.ledger.put(ride(), grain=grain)
            kept = (row.feed, row.place, row.facts)
            self.assertEqual(kept, ("rides", "Hochalm", {"seat": 3}))

    def test_rows_of_a_feed_are_told_from_others(self) -> None:
        for grain in Grain:
            self.ledger.put(ride(), grain=grain)
            self.ledger.put(ride(feed="meals"), grain=grain)
        self.assertEqual(len(self.ledger.rows("meals")), 2)
        self.assertEqual(len(self.ledger.rows()), 4)

    def test_an_unknown_pass_leaves_no_row(self) -> None:
        for grain in Grain:
            with self.assertRaises(UnknownPassError):
                self.ledger.put(ride("FL9999991"), grain=grain)
        self.assertEqual(self.ledger.rows(), ())


if __name__ == "__main__":
    unittest.main()
