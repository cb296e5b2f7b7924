"""Passes and their numbers."""

import unittest
from datetime import date

from firnline.errors import BadNumberError, UnknownPassError
from firnline.passes import Kind, Pass, PassBook, check_digit, is_number, season_of

CHRISTMAS = date(2024, 12, 25)


def sold(number: str = "FL1204483", born: int = 1991) -> Pass:
    return Pass(number, Kind.WEEK, date(2024, 12, 21), date(2024, 12, 27), born, "AT")


class NumberTest(unittest.TestCase):
    def test_a_check_digit_is_computed_from_the_right(self) -> None:
        self.assertEqual(check_digit("120448"), 3)

    def test_a_wrong_check_digit_is_noticed(self) -> None:
        self.assertEqual(
            [is_number("FL1204483"), is_number("FL1204484")], [True, False]
        )

    def test_a_pass_has_a_number(self) -> None:
        with self.assertRaises(BadNumberError):
            sold("1204483")


class PassTest(unittest.TestCase):
    def test_a_pass_is_good_on_its_last_day(self) -> None:
        days = [date(2024, 12, 20), CHRISTMAS, date(2024, 12, 27), date(2024, 12, 28)]
        self.assertEqual(
            [sold().is_good(day) for day in days], [False, True, True, False]
        )

    def test_age_bands_are_counted_at_the_start_of_the_season(self) -> None:
        bands = [sold(born=born).age_band() for born in (2009, 2008, 1991, 1959)]
        self.assertEqual(bands, ["child", "youth", "adult", "senior"])

    def test_january_belongs_to_the_season_before(self) -> None:
        self.assertEqual(
            [season_of(CHRISTMAS), season_of(date(2025, 1, 7))], [2024, 2024]
        )


class PassBookTest(unittest.TestCase):
    def test_a_pass_that_was_sold_is_found(self) -> None:
        book = PassBook([sold()])
        self.assertEqual(book.look_up("FL1204483"), sold())

    def test_a_pass_that_was_not_sold_is_unknown(self) -> None:
        with self.assertRaises(UnknownPassError):
            PassBook().look_up("FL1204483")


if __name__ == "__main__":
    unittest.main()
