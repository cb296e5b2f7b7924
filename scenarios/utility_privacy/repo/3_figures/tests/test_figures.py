"""Daily figures."""

import unittest
from datetime import date, datetime

from firnline.figures import busiest_hour, count_by_place, share, total
from firnline.ledger import Row

DAY = date(2025, 1, 18)


def row(place: str, hour: int, **facts: int) -> Row:
    return Row("meals", "-", place, datetime(2025, 1, 18, hour), facts)


ROWS = (
    row("Sonnhütte", 12, cents=1450),
    row("Sonnhütte", 13, cents=900),
    row("Bergblick", 13),
)


class FiguresTest(unittest.TestCase):
    def test_places_come_most_first(self) -> None:
        self.assertEqual(count_by_place(ROWS), {"Sonnhütte": 2, "Bergblick": 1})

    def test_the_busiest_hour_has_the_most_rows(self) -> None:
        self.assertEqual(busiest_hour(ROWS, DAY), datetime(2025, 1, 18, 13))

    def test_a_day_without_rows_has_no_busiest_hour(self) -> None:
        self.assertIsNone(busiest_hour(ROWS, date(2025, 1, 19)))

    def test_rows_without_the_fact_add_nothing(self) -> None:
        self.assertEqual(total(ROWS, "cents"), 2350)

    def test_shares_are_whole_per_cents(self) -> None:
        self.assertEqual([share(1, 3), share(0, 0)], ["33 %", "–"])


if __name__ == "__main__":
    unittest.main()
