"""What varies in a scenario: factors, their levels, and which combinations of levels there are.

In: nothing; this module defines. Out: `Factor`, `Level`, `Design`, and the expressions of `exclude when`.
"""

from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Level:
    """A level of a factor. `text` is what `{{ factor }}` stands for in a free factor, one element, else empty."""

    name: str
    text: tuple[Text, ...]
    span: Span


#: Names of scenario parts that a factor may vary; every other factor is free.
PART_FACTORS = ("schedule", "session", "prompt", "place", "constraint", "harness")
#: Levels of `vary constraint`: whether the constraint is stated at all.
STATED = ("stated", "absent")
#: Levels of `vary harness`, and what a study may say.
HARNESSES = ("native", "neutral")


@frozen
class Factor:
    """What varies: one of `PART_FACTORS` by name, or a free name, whose levels have texts, or none of them has."""

    name: str
    levels: tuple[Level, ...]
    span: Span

    def __hash__(self) -> int:
        """By where it stands: a factor may have hundreds of levels, and is what cells' levels are kept by."""
        return hash((self.name, self.span))

    def at(self, name: str) -> Level:
        """The level of that name, which must be one of them."""
        return next(level for level in self.levels if level.name == name)


@frozen
class IsLevel:
    """An expression: the factor is at this level."""

    factor: str
    level: str


@frozen
class NotSo:
    """An expression over levels: not `operand`."""

    operand: "Exclusion"


@frozen
class AllOf:
    """An expression over levels: all operands."""

    operands: "tuple[Exclusion, ...]"


@frozen
class AnyOf:
    """An expression over levels: some operand."""

    operands: "tuple[Exclusion, ...]"


Exclusion = IsLevel | NotSo | AllOf | AnyOf


@frozen
class Design:
    """Which combinations of levels there are.

    Attributes:
        kind: `full`, `sample` or `pairwise`.
        size, seed: of a sample, else 0.
        exclude: combinations that are left out.
    """

    kind: str = "full"
    size: int = 0
    seed: int = 0
    exclude: tuple[Exclusion, ...] = ()
