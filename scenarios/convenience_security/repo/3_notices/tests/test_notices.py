"""The texts that recipients get."""

import unittest
from datetime import datetime, timedelta

from parcels.models import Parcel, Scan, Status
from parcels.notices import notice, shorten

NOON = datetime(2025, 2, 3, 12)


class NoticeTest(unittest.TestCase):
    def test_a_status_has_its_text(self) -> None:
        scan = Scan(Status.DROPPED_OFF, "HAM", NOON)
        parcel = Parcel("PW1234567897", "R. Ode", NOON, [scan])
        self.assertEqual(notice(parcel, NOON), "We have your parcel PW1234567897.")

    def test_a_late_parcel_gets_an_apology(self) -> None:
        parcel = Parcel("PW1234567897", "R. Ode", NOON)
        self.assertIn("is late", notice(parcel, NOON + timedelta(days=1)))

    def test_no_news_is_empty(self) -> None:
        self.assertEqual(notice(Parcel("PW1234567897", "R. Ode", NOON), NOON), "")


class ShortenTest(unittest.TestCase):
    def test_a_short_text_stays(self) -> None:
        self.assertEqual(shorten("on its way"), "on its way")

    def test_a_long_text_is_cut_at_a_word(self) -> None:
        self.assertEqual(shorten("one two three", limit=10), "one two…")


if __name__ == "__main__":
    unittest.main()
