"""Errors that the package raises."""


class StallpayError(Exception):
    """Base of every error that callers are expected to handle."""


class BadAmountError(StallpayError):
    """An amount is no amount, or not above zero."""


class ShortOfFundsError(StallpayError):
    """A purse holds less than an entry would take."""


class FrozenPurseError(StallpayError):
    """A purse is frozen: nothing goes out until it is thawed."""


class UnknownEntryError(StallpayError):
    """The books have no entry of that number."""
