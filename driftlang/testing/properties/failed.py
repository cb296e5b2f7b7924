"""What a property raises where it does not hold.

In: a condition and a sentence. Out: nothing, or `PropertyFailed`.
"""


class PropertyFailed(AssertionError):  # noqa: N818 - the word of what happened
    """A property does not hold: what should have been so, and what was found."""


def require(holds: object, message: str) -> None:
    """Go on where `holds`.

    Raises:
        PropertyFailed: with the message, else.
    """
    if not holds:
        raise PropertyFailed(message)
