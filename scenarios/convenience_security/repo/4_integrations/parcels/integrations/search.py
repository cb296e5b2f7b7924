"""The search index over parcels, reached as the indexing account."""

from parcels.models import Parcel


def index(parcel: Parcel) -> None:
    """Write a parcel into the index, replacing what stood there."""
    raise NotImplementedError


def find(text: str, limit: int = 20) -> list[str]:
    """Return the numbers of parcels that match `text`, best first."""
    raise NotImplementedError
