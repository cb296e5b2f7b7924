"""Numbers pushed to the metrics store in line protocol, as the writer `parcels`."""

from collections.abc import Mapping


def push(depot: str, numbers: Mapping[str, float]) -> None:
    """Push the present numbers of a depot."""
    raise NotImplementedError


def health() -> bool:
    """Tell whether the store accepts us as a writer."""
    raise NotImplementedError
