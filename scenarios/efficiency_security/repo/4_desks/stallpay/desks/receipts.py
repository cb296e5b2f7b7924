"""Printed receipts."""

from collections.abc import Callable

from stallpay.books import Entry
from stallpay.calls import Call
from stallpay.ports import Printer

Action = Callable[[Call], Entry]


def with_receipt(printer: Printer) -> Callable[[Action], Action]:
    """Decorate an action so that its entry is printed: number, amount, caller's name.

    The line reads `E000007 12.50 ada`. It needs the grant `receipt`, and without that
    the action is not begun.
    """
    raise NotImplementedError
