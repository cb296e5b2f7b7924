import sys
import unittest
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from readings import Reading, parse


class ReadingsTest(unittest.TestCase):
    def test_a_line_is_a_reading(self):
        found = parse("2025-03-04T06:10:00,3.5,11.0,0.2\n")
        self.assertEqual(found, Reading(datetime(2025, 3, 4, 6, 10), 3.5, 11.0, 0.2))

    def test_a_line_with_other_fields_is_none(self):
        for line in ("", "2025-03-04T06:10:00,3.5", "today,3.5,11.0,0.2"):
            with self.subTest(line), self.assertRaises(ValueError):
                parse(line)
