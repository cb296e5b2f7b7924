"""What putting a text into a file, or taking it out, comes to.

In: nothing; this module defines. Out: `Inserted`, `NotPlaced`, `Removed`.
"""

from attrs import field, frozen


@frozen
class Inserted:
    """The file's new content. `line` is the number, from 1, of the first line that was put in."""

    source: bytes = field(repr=False)
    line: int


@frozen
class NotPlaced:
    """Why a text has no place in the file, in a lower-case sentence."""

    reason: str


@frozen
class Removed:
    """The file's new content, and the texts that were not found in it as they had been put in."""

    source: bytes = field(repr=False)
    missing: tuple[str, ...]
