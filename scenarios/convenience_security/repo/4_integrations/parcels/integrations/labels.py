"""Printed labels in the object store, with requests signed by HMAC-SHA256."""

from datetime import datetime


def sign(method: str, path: str, at: datetime) -> dict[str, str]:
    """Return the headers `Date` and `Authorization` for a request.

    The signed text is method, path and date, one a line.
    """
    raise NotImplementedError


def upload(path: str, label: bytes, at: datetime) -> None:
    """Store a label under `path`."""
    raise NotImplementedError
