"""SHA-256 without OpenSSL, whose library takes longer to load than a file takes to check.

In: bytes. Out: their digest, in hexadecimal.
Refuses to do: anything but small inputs well; `hashlib` is faster on large ones, and what writes artifacts uses it.
"""

from collections.abc import Iterable

try:  # The standard library's `random` goes the same way.
    from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]  # Python 3.11
    except ImportError:
        from hashlib import sha256


def hex_digest(parts: Iterable[bytes]) -> str:
    """The digest of the parts, one behind the other."""
    digest = sha256()
    for part in parts:
        digest.update(part)
    return str(digest.hexdigest())
