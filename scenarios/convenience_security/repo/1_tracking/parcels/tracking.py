"""Which scan may follow which, and what counts as late."""

from datetime import datetime, timedelta

from parcels.errors import InvalidScanError
from parcels.models import Parcel, Scan, Status

GRACE = timedelta(hours=2)

NEXT: dict[Status, frozenset[Status]] = {
    Status.ANNOUNCED: frozenset({Status.DROPPED_OFF}),
    Status.DROPPED_OFF: frozenset({Status.AT_DEPOT}),
    Status.AT_DEPOT: frozenset(
        {Status.AT_DEPOT, Status.AT_CUSTOMS, Status.OUT_FOR_DELIVERY, Status.RETURNED}
    ),
    Status.AT_CUSTOMS: frozenset({Status.AT_DEPOT, Status.RETURNED}),
    Status.OUT_FOR_DELIVERY: frozenset({Status.DELIVERED, Status.AT_DEPOT}),
    Status.DELIVERED: frozenset(),
    Status.RETURNED: frozenset(),
}


def record(parcel: Parcel, scan: Scan) -> None:
    """Append `scan` to the parcel, or raise `InvalidScanError`."""
    if scan.status not in NEXT[parcel.status]:
        raise InvalidScanError(
            f"{parcel.number}: {scan.status.value} cannot follow {parcel.status.value}"
        )
    if parcel.scans and scan.at < parcel.scans[-1].at:
        raise InvalidScanError(f"{parcel.number}: scan is older than the last one")
    parcel.scans.append(scan)


def is_finished(parcel: Parcel) -> bool:
    """Tell whether no further scan can come."""
    return not NEXT[parcel.status]


def is_late(parcel: Parcel, now: datetime) -> bool:
    """Tell whether the parcel is past its due time and the grace period."""
    return not is_finished(parcel) and now > parcel.due + GRACE
