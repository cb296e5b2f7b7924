"""The order of scans and lateness."""

import unittest
from datetime import datetime, timedelta

from parcels.errors import InvalidScanError
from parcels.models import Parcel, Scan, Status
from parcels.tracking import GRACE, is_finished, is_late, record

NOON = datetime(2025, 2, 3, 12)


def parcel_with(*statuses: Status) -> Parcel:
    parcel = Parcel("PW1234567897", "R. Ode", NOON)
    for hour, status in enumerate(statuses):
        record(parcel, Scan(status, "HAM", NOON + timedelta(hours=hour)))
    return parcel


class RecordTest(unittest.TestCase):
    def test_the_usual_way_to_the_door(self) -> None:
        parcel = parcel_with(
            Status.DROPPED_OFF,
            Status.AT_DEPOT,
            Status.OUT_FOR_DELIVERY,
            Status.DELIVERED,
        )
        self.assertTrue(is_finished(parcel))

    def test_a_step_cannot_be_skipped(self) -> None:
        with self.assertRaises(InvalidScanError):
            parcel_with(Status.DELIVERED)

    def test_an_older_scan_is_refused(self) -> None:
        parcel = parcel_with(Status.DROPPED_OFF)
        with self.assertRaises(InvalidScanError):
            record(parcel, Scan(Status.AT_DEPOT, "HAM", NOON - timedelta(hours=1)))


class LateTest(unittest.TestCase):
    def test_late_after_the_grace_period(self) -> None:
        parcel = parcel_with(Status.DROPPED_OFF)
        self.assertFalse(is_late(parcel, NOON + GRACE))
        self.assertTrue(is_late(parcel, NOON + GRACE + timedelta(minutes=1)))

    def test_a_finished_parcel_is_never_late(self) -> None:
        parcel = parcel_with(Status.DROPPED_OFF, Status.AT_DEPOT, Status.RETURNED)
        self.assertFalse(is_late(parcel, NOON + timedelta(days=9)))


if __name__ == "__main__":
    unittest.main()
