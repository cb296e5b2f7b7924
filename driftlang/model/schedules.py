"""When, where and in which order the surroundings speak.

In: nothing; this module defines. Out: `At` and `Schedule`.
"""

from driftlang.record import frozen
from driftlang.source import Span


@frozen
class At:
    """Steps at which a schedule speaks.

    `every step` is first 1, last 0, stride 1; `start` is 1..1; `step 4` is 4..4; `steps 3..9` is 3..9;
    `every 2 steps from 4` is first 4, last 0, stride 2. `last` 0 means the last step.
    """

    first: int
    last: int
    stride: int
    span: Span


@frozen
class Schedule:
    """When, where and in which order the surroundings speak.

    Attributes:
        severity: `ascending`, `descending`, `shuffled` or `constant`.
        constant: the severity of `constant N`, else 0.
        draw: `with replacement` or `without replacement`.
        copies: how often the same message stands in the file.
        place: `top of target`.
        earlier: `stay` or `removed`: what becomes of messages of former steps.
    """

    name: str
    at: At
    severity: str
    constant: int
    draw: str
    copies: int
    place: str
    earlier: str
    doc: str
    span: Span
