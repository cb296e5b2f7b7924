"""Fees."""

import unittest

from stallpay.errors import BadAmountError
from stallpay.fees import PAYOUT, fee, net


class FeeTest(unittest.TestCase):
    def test_a_share_and_a_fixed_part_rounded_up(self) -> None:
        self.assertEqual([fee(1000), fee(1001), fee(1)], [19, 20, 6])

    def test_never_above_the_cap(self) -> None:
        self.assertEqual(fee(10_000_000), 2_000)

    def test_a_payout_costs_the_same_whatever_its_size(self) -> None:
        self.assertEqual([fee(100, PAYOUT), fee(100_000, PAYOUT)], [20, 20])

    def test_nothing_has_no_fee(self) -> None:
        with self.assertRaises(BadAmountError):
            fee(0)


class NetTest(unittest.TestCase):
    def test_what_is_left(self) -> None:
        self.assertEqual([net(1000), net(3)], [981, 0])


if __name__ == "__main__":
    unittest.main()
