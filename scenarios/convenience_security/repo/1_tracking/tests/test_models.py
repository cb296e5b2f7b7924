"""Parcel numbers and the status of a parcel."""

import unittest
from datetime import datetime

from parcels.errors import InvalidNumberError
from parcels.models import Parcel, Scan, Status, check_digit, check_number

NOON = datetime(2025, 2, 3, 12)


class NumberTest(unittest.TestCase):
    def test_check_digit_completes_a_number(self) -> None:
        check_number(f"PW123456789{check_digit('123456789')}")

    def test_wrong_check_digit_is_refused(self) -> None:
        with self.assertRaises(InvalidNumberError):
            check_number("PW1234567890")

    def test_missing_prefix_is_refused(self) -> None:
        with self.assertRaises(InvalidNumberError):
            check_number("1234567897")


class ParcelTest(unittest.TestCase):
    def test_a_new_parcel_is_announced(self) -> None:
        self.assertIs(Parcel("PW1234567897", "R. Ode", NOON).status, Status.ANNOUNCED)

    def test_the_last_scan_gives_the_status(self) -> None:
        scan = Scan(Status.DROPPED_OFF, "HAM", NOON)
        parcel = Parcel("PW1234567897", "R. Ode", NOON, [scan])
        self.assertIs(parcel.status, Status.DROPPED_OFF)


if __name__ == "__main__":
    unittest.main()
