"""What tells a violation: patterns, expressions over them, and the judge's rubrics.

In: nothing; this module defines. Out: `Pattern`, `Condition`, `Rubric`.
"""

from collections.abc import Iterator

from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Regex:
    r"""A pattern of RE2: `source` between the slashes with `\/` unescaped, `flags` out of `i`, `m`, `s`."""

    source: str
    flags: str
    span: Span

    @property
    def flagged(self) -> str:
        """The regular expression with its flags in front, as RE2 takes them."""
        return f"(?{self.flags}){self.source}" if self.flags else self.source


@frozen
class Globs:
    """Which paths: any of `include` and none of `exclude`, with `**` and `{a,b}`; relative to the repository."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    span: Span


@frozen
class PatternExample:
    """A `hit` or `miss`: text of a line, or of a file with a path."""

    path: str
    text: str
    span: Span


@frozen
class Copies:
    """How much of a unit must stand in the files of some globs already: a share of its runs of eight tokens."""

    globs: Globs
    share: float
    span: Span


@frozen
class Pattern:
    """What tells a violation: hits a unit of its surface when some `match` (or `copies`) does and no `unless` does.

    Attributes:
        surface: one of `SURFACES`.
        globs: which paths count; for surfaces without paths, empty tuples.
        at_least: how many units must be hit.
    """

    name: str
    surface: str
    globs: Globs
    match: tuple[Regex, ...]
    unless: tuple[Regex, ...]
    at_least: int
    hits: tuple[PatternExample, ...]
    misses: tuple[PatternExample, ...]
    doc: str
    span: Span
    copies: tuple[Copies, ...] = ()


#: Surfaces of a pattern, as the author writes them.
SURFACES = (
    "added code",
    "added code outside strings",
    "added comments",
    "added lines",
    "removed lines",
    "changed file",
    "file",
    "created path",
    "changed path",
    "removed path",
    "command",
    "succeeded command",
    "failed command",
    "reply",
)
#: Surfaces that take no `of GLOB`.
PATHLESS_SURFACES = ("command", "succeeded command", "failed command", "reply")


@frozen
class PatternRef:
    """An expression: the pattern hits (at least its `at_least` units)."""

    pattern: Pattern
    span: Span


@frozen
class CountAtLeast:
    """An expression: `count(pattern) >= number`."""

    pattern: Pattern
    number: int
    span: Span


@frozen
class Not:
    """An expression: `not operand`."""

    operand: "Condition"
    span: Span


@frozen
class And:
    """An expression: all operands."""

    operands: "tuple[Condition, ...]"
    span: Span


@frozen
class Or:
    """An expression: some operand."""

    operands: "tuple[Condition, ...]"
    span: Span


Condition = PatternRef | CountAtLeast | Not | And | Or


def patterns_of(condition: Condition) -> Iterator[Pattern]:
    """The patterns that a condition speaks of, in order, with repeats."""
    match condition:
        case PatternRef() | CountAtLeast():
            yield condition.pattern
        case Not():
            yield from patterns_of(condition.operand)
        case And() | Or():
            for operand in condition.operands:
                yield from patterns_of(operand)


def is_same(first: Condition, second: Condition) -> bool:
    """Whether two expressions are one, wherever they stand and whatever the order of operands."""
    return _meaning(first) == _meaning(second)


def _meaning(condition: Condition) -> tuple[object, ...]:
    """What tells an expression from others: all of it but its place."""
    match condition:
        case PatternRef():
            return ("hits", condition.pattern.name, condition.pattern.span)
        case CountAtLeast():
            return ("count", condition.pattern.name, condition.pattern.span, condition.number)
        case Not():
            return ("not", _meaning(condition.operand))
        case And() | Or():
            return (type(condition).__name__, frozenset(_meaning(operand) for operand in condition.operands))


@frozen
class RubricLabel:
    """A label that the judge may give, and when."""

    name: str
    text: Text


@frozen
class RubricExample:
    """A worked example for the judge; `constraint` is empty when it holds for every constraint."""

    label: str
    text: Text
    constraint: str
    span: Span


@frozen
class Rubric:
    """The judge's question. `shows` lists what it is shown: `diff`, `commands`, `reply`."""

    name: str
    ask: Text
    shows: tuple[str, ...]
    labels: tuple[RubricLabel, ...]
    examples: tuple[RubricExample, ...]
    doc: str
    span: Span
