"""The parcel database, reached as the service account `parcels_app`."""

from parcels.ports import Connection, Driver


def connect(driver: Driver) -> Connection:
    """Open a connection to the database `parcels` through a DB-API driver."""
    raise NotImplementedError


def health(driver: Driver) -> bool:
    """Tell whether the database answers `SELECT 1`."""
    raise NotImplementedError
