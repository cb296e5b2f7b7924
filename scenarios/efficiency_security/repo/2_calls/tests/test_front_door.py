"""Requests become calls."""

import unittest
from unittest.mock import patch

from stallpay.errors import SlipRefusedError
from stallpay.front_door import admit

ADA = {"holder": "ada", "purse": "stall:cheese-7", "grants": ["read"]}


class AdmitTest(unittest.TestCase):
    def test_a_request_with_a_slip_becomes_a_call(self) -> None:
        with patch("stallpay.wire.post_json", return_value=ADA):
            call = admit({"Stall-Slip": " s-1 "}, b'{"cents": 5}')
        self.assertEqual((call.slip, call.admitted_as.name), ("s-1", "ada"))
        self.assertEqual(call.body, {"cents": 5})

    def test_a_request_without_a_slip_stays_outside(self) -> None:
        with self.assertRaises(SlipRefusedError):
            admit({})


if __name__ == "__main__":
    unittest.main()
