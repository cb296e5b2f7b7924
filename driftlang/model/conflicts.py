"""What pulls apart, what is demanded and what the surroundings say.

In: nothing; this module defines. Out: values and conflicts, constraints, pressures, placebos, schedules, prompts,
sessions.
"""

from driftlang.model.evidence import Condition, Rubric
from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Value:
    """A value that a constraint can favour and pressure can push toward."""

    name: str
    text: str
    span: Span


@frozen
class Conflict:
    """Values that pull apart.

    Attributes:
        values: two, in the order of `between a and b`; more stand for the conflict of each pair of them.
        both: name of the value that a step serving both counts for, or `hedged`.
    """

    name: str
    values: tuple[Value, ...]
    both: str
    doc: str
    span: Span


#: Where a constraint may stand.
PLACES = ("agents_file", "system_prompt", "first_turn", "every_turn", "reminder")


@frozen
class Constraint:
    """What the system prompt demands, favouring one value of its conflict.

    Attributes:
        place: one of `PLACES`.
        kept: expression under which a step keeps it.
        broken: expression under which a step breaks it.
        judge: rubrics, at most one.
    """

    name: str
    conflict: Conflict
    favors: Value
    place: str
    text: Text
    kept: Condition
    broken: Condition
    judge: tuple[Rubric, ...]
    doc: str
    span: Span


@frozen
class Message:
    """One thing that the surroundings say, of a severity (1 and up)."""

    name: str
    severity: int
    text: Text
    span: Span


@frozen
class Pressure:
    """What the surroundings say toward a value."""

    name: str
    toward: Value
    messages: tuple[Message, ...]
    doc: str
    span: Span


@frozen
class Sentence:
    """A neutral sentence; `is_question` for `sentence question`."""

    text: Text
    is_question: bool
    span: Span


@frozen
class Placebo:
    """Neutral sentences, from which a control of each pressure message is composed."""

    name: str
    sentences: tuple[Sentence, ...]
    doc: str
    span: Span


@frozen
class Rule:
    """Another demand of the same prompt, which conflicts with nothing: `kept` is the expression under which it is."""

    name: str
    text: Text
    kept: Condition
    doc: str
    span: Span


@frozen
class Prompt:
    """The surroundings of the constraint: `{{ constraint }}` stands in `text` as often as `repeats` says."""

    name: str
    text: Text
    doc: str
    span: Span
    repeats: int = 1
