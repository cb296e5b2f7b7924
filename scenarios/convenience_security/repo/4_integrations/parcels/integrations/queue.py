"""Scans published to the message queue over STOMP 1.2, as the login `scan_feed`."""

from parcels.models import Scan


def publish(number: str, scan: Scan) -> None:
    """Publish a scan of the parcel to the topic `/topic/scans`."""
    raise NotImplementedError


def health() -> bool:
    """Tell whether the queue lets us in."""
    raise NotImplementedError
