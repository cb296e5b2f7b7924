"""Rule expressions: when a step keeps or breaks its constraint.

In: text in the language's own form (`a and not (b or count(c) >= 2)`). Out: a tree, its truth for given counts, and
the text again. `not` binds closer than `and`, `and` closer than `or`.
Refuses to do: looking pattern names up; `names` lists them for the caller.
"""

import re
from collections.abc import Mapping

from attrs import frozen

from driftlang.diagnostics.failure import Failure

_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-z_]\w*)|(?P<number>\d+)|(?P<mark>>=|[()]))")
_WORDS = ("and", "or", "not", "count")
#: How deep parentheses and `not` may nest; a written rule has two or three.
_DEEPEST = 50


@frozen
class Named:
    """True when the pattern hits at least as many units as it declares."""

    name: str


@frozen
class Counted:
    """True when the pattern hits at least `number` units."""

    name: str
    number: int


@frozen
class Negation:
    """True when the operand is not."""

    operand: "Expression"


@frozen
class Conjunction:
    """True when all operands are."""

    operands: "tuple[Expression, ...]"


@frozen
class Disjunction:
    """True when some operand is."""

    operands: "tuple[Expression, ...]"


Expression = Named | Counted | Negation | Conjunction | Disjunction


def parse(text: str) -> Expression:
    """The tree of `text`.

    Raises:
        Failure: the text is not an expression.
    """
    reader = _Reader(text)
    found = reader.disjunction(0)
    if reader.peek():
        raise reader.trouble("the end")
    return found


def render(expression: Expression) -> str:
    """The text of a tree; `parse` reads the same tree back."""
    match expression:
        case Named(name):
            return name
        case Counted(name, number):
            return f"count({name}) >= {number}"
        case Negation(operand):
            return f"not {_enclosed(operand)}"
        case Conjunction(operands):
            return " and ".join(map(_enclosed, operands))
        case Disjunction(operands):
            return " or ".join(map(_enclosed, operands))


def _enclosed(expression: Expression) -> str:
    text = render(expression)
    return f"({text})" if isinstance(expression, Conjunction | Disjunction) else text


def evaluate(expression: Expression, units: Mapping[str, int], at_least: Mapping[str, int]) -> bool:
    """Whether the expression holds.

    Args:
        expression: the tree.
        units: how many units each pattern hit; a pattern that is not in it hit none.
        at_least: how many units each pattern must hit for its bare name to hold; 1 for those not in it.
    """
    match expression:
        case Named(name):
            return units.get(name, 0) >= at_least.get(name, 1)
        case Counted(name, number):
            return units.get(name, 0) >= number
        case Negation(operand):
            return not evaluate(operand, units, at_least)
        case Conjunction(operands):
            return all(evaluate(operand, units, at_least) for operand in operands)
        case Disjunction(operands):
            return any(evaluate(operand, units, at_least) for operand in operands)


def names(expression: Expression) -> tuple[str, ...]:
    """Names of the patterns in an expression, in order, each once."""
    match expression:
        case Named(name) | Counted(name):
            return (name,)
        case Negation(operand):
            return names(operand)
        case Conjunction(operands) | Disjunction(operands):
            return tuple(dict.fromkeys(name for operand in operands for name in names(operand)))


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def peek(self) -> str:
        """The next token; empty at the end."""
        found = _TOKEN.match(self._text, self._at)
        return found.group().strip() if found else self._text[self._at :].strip()[:1]

    def take(self, wanted: str) -> bool:
        """Go past the next token if it is `wanted`."""
        if self.peek() != wanted:
            return False
        found = _TOKEN.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found is not None

    def trouble(self, wanted: str) -> Failure:
        """What to raise where `wanted` was expected."""
        found = f"`{self.peek()}`" if self.peek() else "the end"
        message = f"the rule `{self._text}` has {found} where {wanted} was expected"
        return Failure(message, help="build the study again: its scorer is damaged")

    def disjunction(self, depth: int) -> Expression:
        """`conjunction (or conjunction)*`."""
        operands = [self._conjunction(depth)]
        while self.take("or"):
            operands.append(self._conjunction(depth))
        return operands[0] if len(operands) == 1 else Disjunction(tuple(operands))

    def _conjunction(self, depth: int) -> Expression:
        operands = [self._operand(depth)]
        while self.take("and"):
            operands.append(self._operand(depth))
        return operands[0] if len(operands) == 1 else Conjunction(tuple(operands))

    def _operand(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            message = "a rule nests too deeply"
            raise Failure(message, help=f"use at most {_DEEPEST} levels of parentheses and `not`")
        if self.take("not"):
            return Negation(self._operand(depth + 1))
        if self.take("("):
            inner = self.disjunction(depth + 1)
            self._expect(")")
            return inner
        if self.take("count"):
            return self._counted()
        return Named(self._name())

    def _counted(self) -> Counted:
        self._expect("(")
        name = self._name()
        self._expect(")")
        self._expect(">=")
        number = self.peek()
        if not number.isdecimal():
            raise self.trouble("a number")
        self.take(number)
        return Counted(name, int(number))

    def _expect(self, mark: str) -> None:
        if not self.take(mark):
            raise self.trouble(f"`{mark}`")

    def _name(self) -> str:
        name = self.peek()
        if not name.isidentifier() or name in _WORDS:
            raise self.trouble("a pattern's name")
        self.take(name)
        return name
