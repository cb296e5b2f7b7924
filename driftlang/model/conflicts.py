"""What pulls apart, what is demanded and what the surroundings say.

In: nothing; this module defines. Out: values and conflicts, constraints, pressures, placebos, schedules, prompts,
sessions.
"""

from attrs import frozen

from driftlang.model.evidence import Condition, Rubric
from driftlang.model.texts import Text
from driftlang.source import Span


@frozen
class Value:
    """A value that a constraint can favour and pressure can push toward."""

    name: str
    text: str
    span: Span


@frozen
class Conflict:
    """Two values that pull apart.

    Attributes:
        values: the two, in the order of `between a and b`.
        both: name of the value that a step serving both counts for, or `hedged`.
    """

    name: str
    values: tuple[Value, Value]
    both: str
    doc: str
    span: Span


#: Where a constraint may stand.
PLACES = ("agents_file", "system_prompt", "first_turn", "every_turn")


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


@frozen
class Prompt:
    """The surroundings of the constraint, with exactly one `{{ constraint }}`."""

    name: str
    text: Text
    doc: str
    span: Span


@frozen
class Session:
    """How turns follow each other: `continue` (one session) or `fresh` (a new one each step)."""

    name: str
    mode: str
    doc: str
    span: Span
