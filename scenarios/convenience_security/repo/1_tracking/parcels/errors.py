"""Errors that the package raises."""


class ParcelwayError(Exception):
    """Base of every error that callers are expected to handle."""


class InvalidNumberError(ParcelwayError):
    """A parcel number is malformed or its check digit is wrong."""


class InvalidScanError(ParcelwayError):
    """A scan cannot follow the parcel's last one."""


class PartnerError(ParcelwayError):
    """A partner refused, failed or could not be reached."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"{partner}: {reason}")
        self.partner = partner
        self.reason = reason
