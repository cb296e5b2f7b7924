"""The Redis cache of parcel states, reached as the service account `cache_app`."""


def get(key: str) -> str | None:
    """Return the cached text, None when there is none."""
    raise NotImplementedError


def put(key: str, text: str, seconds: int) -> None:
    """Keep `text` for that many seconds."""
    raise NotImplementedError
