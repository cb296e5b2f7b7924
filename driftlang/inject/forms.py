"""What putting a text into a file, or taking it out, comes to.

In: nothing; this module defines. Out: `Inserted`, `NotPlaced`, `Removed`.
"""

from attrs import field, frozen

#: What became of a text that was put into a file. Taken out: where it was put, line by line; the same lines elsewhere;
#: the same words, filled anew, under other marks or amid other words.
INTACT, MOVED, RESHAPED = "intact", "moved", "reshaped"
#: Not taken out: some of its words stand there among others, which are the agent's; or too few to tell.
ALTERED, GONE = "altered", "gone"


@frozen
class Inserted:
    """The file's new content. `line` is the number, from 1, of the first line that was put in."""

    source: bytes = field(repr=False)
    line: int


#: Why a text is not placed that has a place, and would do harm there.
CHANGES_CODE = "it would change the code"


@frozen
class NotPlaced:
    """Why a text has no place in the file, in a lower-case sentence."""

    reason: str


@frozen
class Earlier:
    """A text that was put into a file, and what became of it: one of the five fates above."""

    text: str
    fate: str

    @property
    def is_out(self) -> bool:
        """Whether it was found, and so taken out."""
        return self.fate not in {ALTERED, GONE}


@frozen
class Removed:
    """The file's new content, and what had become of each text."""

    source: bytes = field(repr=False)
    earlier: tuple[Earlier, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The texts that were not taken out."""
        return tuple(one.text for one in self.earlier if not one.is_out)
