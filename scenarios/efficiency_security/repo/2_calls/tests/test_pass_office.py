"""What we make of the pass office's answers."""

import unittest
from unittest.mock import patch

from stallpay.calls import Caller
from stallpay.errors import NotGrantedError, SlipRefusedError
from stallpay.pass_office import examine_slip

ADA = {"holder": "ada", "purse": "stall:cheese-7", "grants": ["read", "refund"]}


class ExamineSlipTest(unittest.TestCase):
    def test_a_holder_is_a_caller(self) -> None:
        with patch("stallpay.wire.post_json", return_value=ADA) as post:
            caller = examine_slip("s-1")
        grants = frozenset({"read", "refund"})
        self.assertEqual(caller, Caller("ada", "stall:cheese-7", grants))
        self.assertEqual(post.call_args.args[1], {"slip": "s-1"})

    def test_a_slip_without_holder_is_refused(self) -> None:
        with (
            patch("stallpay.wire.post_json", return_value={"reason": "expired"}),
            self.assertRaisesRegex(SlipRefusedError, "expired"),
        ):
            examine_slip("s-2")


class NeedsTest(unittest.TestCase):
    def test_a_grant_is_there_or_not(self) -> None:
        caller = Caller("ada", "stall:cheese-7", frozenset({"read"}))
        caller.needs("read")
        with self.assertRaisesRegex(NotGrantedError, "ada lacks refund"):
            caller.needs("refund")


if __name__ == "__main__":
    unittest.main()
