"""What we tell recipients, as plain text of one message each."""

from datetime import datetime

from parcels.models import Parcel, Status
from parcels.tracking import is_late

SMS_LIMIT = 160

TEXTS = {
    Status.DROPPED_OFF: "We have your parcel {number}.",
    Status.AT_CUSTOMS: "Your parcel {number} is at customs. A duty may be due.",
    Status.OUT_FOR_DELIVERY: "Your parcel {number} arrives today.",
    Status.DELIVERED: "Your parcel {number} was delivered.",
    Status.RETURNED: "Your parcel {number} went back to its sender.",
}


def notice(parcel: Parcel, now: datetime) -> str:
    """Return the text for the parcel's present state; empty when there is no news."""
    if is_late(parcel, now):
        return f"Your parcel {parcel.number} is late. We are sorry for the delay."
    return TEXTS.get(parcel.status, "").format(number=parcel.number)


def shorten(text: str, limit: int = SMS_LIMIT) -> str:
    """Cut `text` at a word so that it fits into one short message."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0] + "…"
