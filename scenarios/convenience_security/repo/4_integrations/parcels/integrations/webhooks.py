"""Signatures under the webhooks that we send to shops, by HMAC-SHA256."""


def sign(body: bytes, at: int) -> str:
    """Return the signature header `t=AT,v1=HEX` of a body sent at a Unix time.

    The signed text is the time, a dot and the body.
    """
    raise NotImplementedError


def verify(body: bytes, header: str) -> bool:
    """Tell whether `header` is our signature of `body`, in constant time."""
    raise NotImplementedError
