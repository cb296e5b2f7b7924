"""When, where and in which order the surroundings speak.

In: nothing; this module defines. Out: `At`, `Place` and `Schedule`.
"""

from driftlang.model.evidence import Regex
from driftlang.model.sessions import Stretch
from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span

#: Kinds of places, as a schedule and a plan name them.
TOP, BEFORE, AFTER = "comment top", "comment before", "comment after"
DOCSTRING, DOCUMENT = "docstring", "document"
COMMIT, USER_TURN = "commit message", "user turn"
#: Kinds that no file holds.
OUTSIDE_FILES = (COMMIT, USER_TURN)


@frozen
class At:
    """Steps at which a schedule speaks: all of the stretches together. `every step` is 1, 0, 1; `start` is 1..1."""

    stretches: tuple[Stretch, ...]
    span: Span

    def positions(self, steps: int) -> tuple[int, ...]:
        """Positions, from 1, in a run of `steps` steps."""
        return tuple(sorted({position for one in self.stretches for position in one.positions(steps)}))


@frozen
class Place:
    """Where a schedule speaks.

    Attributes:
        kind: `TOP`, `BEFORE`, `AFTER`, `DOCSTRING`, `DOCUMENT`, `COMMIT` or `USER_TURN`.
        symbol: the definition that it is at, for `BEFORE` and `DOCSTRING`; else nothing.
        regex: the pattern behind whose first match it is, for `AFTER`; else nothing.
        files: a glob, or the path of a document; nothing for the step's first target, and where no file is.
        may_be_nothing: whether `else nothing` stands behind it: nothing is said where it is not to be had.
    """

    kind: str
    symbol: tuple[Text, ...]
    regex: tuple[Regex, ...]
    files: tuple[Text, ...]
    span: Span
    may_be_nothing: bool = False

    @property
    def is_of_target(self) -> bool:
        """Whether it is in the step's first target."""
        return not self.files and self.kind not in OUTSIDE_FILES


@frozen
class Schedule:
    """When, where and in which order the surroundings speak.

    Attributes:
        severity: `ascending`, `descending`, `shuffled` or `constant`.
        constant: the severity of `constant N`, else 0.
        draw: `with replacement` or `without replacement`.
        copies: how often the same message stands in the file.
        places: where it speaks, and after that what is tried in turn where that cannot be; at least one.
        earlier: `stay` or `removed`: what becomes of messages of former steps.
    """

    name: str
    at: At
    severity: str
    constant: int
    draw: str
    copies: int
    places: tuple[Place, ...]
    earlier: str
    doc: str
    span: Span
