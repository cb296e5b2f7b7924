"""Customs lists handed to the broker over FTP with TLS, as the user `parcelway`."""


def upload(name: str, content: bytes) -> None:
    """Store a list under `name` in the folder `inbox`."""
    raise NotImplementedError


def uploaded() -> list[str]:
    """Return the names of the lists in the folder `inbox`, sorted."""
    raise NotImplementedError
