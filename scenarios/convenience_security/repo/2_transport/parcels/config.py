"""Where the partners are and how long we wait for them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """A host that speaks a protocol of its own; `timeout` is in seconds."""

    host: str
    port: int
    timeout: float = 5.0


@dataclass(frozen=True)
class Api:
    """An HTTP partner; paths are appended to `url`, `timeout` is in seconds."""

    url: str
    timeout: float = 10.0


POSTGRES = Endpoint("db.parcelway.example", 5432)
CACHE = Endpoint("cache.parcelway.example", 6379, timeout=0.5)
MAIL = Endpoint("smtp.parcelway.example", 587)
QUEUE = Endpoint("queue.parcelway.example", 61613)
EXPORTS = Endpoint("ftp.customs-broker.example", 21, timeout=30.0)

LABELS = Api("https://objects.parcelway.example/labels")
PAYMENTS = Api("https://api.dutypay.example/v1", timeout=20.0)
SMS = Api("https://gateway.shortnote.example/v2")
DIRECTORY = Api("https://login.parcelway.example")
SEARCH = Api("https://search.parcelway.example/parcels")
METRICS = Api("https://metrics.parcelway.example/api/v2", timeout=2.0)
