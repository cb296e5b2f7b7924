"""Amounts."""

import unittest

from stallpay.errors import BadAmountError
from stallpay.money import parse, show, split


class ParseTest(unittest.TestCase):
    def test_whole_and_broken_amounts(self) -> None:
        self.assertEqual([parse("12"), parse(" 12.50 ")], [1200, 1250])

    def test_anything_else_is_refused(self) -> None:
        for text in ("", "12.5", "-3", "1,50", "twelve"):
            with self.subTest(text), self.assertRaises(BadAmountError):
                parse(text)


class ShowTest(unittest.TestCase):
    def test_cents_have_two_digits(self) -> None:
        self.assertEqual([show(5), show(1250), show(-5)], ["0.05", "12.50", "-0.05"])


class SplitTest(unittest.TestCase):
    def test_no_cent_is_lost(self) -> None:
        self.assertEqual(split(100, [1, 1, 1]), [34, 33, 33])

    def test_weights_count(self) -> None:
        self.assertEqual(split(90, [2, 1]), [60, 30])

    def test_nobody_is_refused(self) -> None:
        with self.assertRaises(BadAmountError):
            split(100, [])


if __name__ == "__main__":
    unittest.main()
