"""Scorers: pattern banks and outcome rules, as plain data that a plan carries; and what scoring returns.

In: nothing; this module defines. Out: `Scorer` (in) and `StepOutcome` (out) of `score`.
"""

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen


@frozen
class BankCopies:
    """How much of a unit must stand in the files of some globs already, from 0 to 1; see `model.forms.Copies`."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    share: float


@frozen
class BankPattern:
    """A pattern of the bank; see `model.forms.Pattern`. Regular expressions carry their flags as `(?i)`."""

    name: str
    surface: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    match: tuple[str, ...]
    unless: tuple[str, ...]
    at_least: int
    copies: tuple[BankCopies, ...] = ()


@frozen
class Rule:
    """The outcome rule of one direction: `kept` and `broken` as expressions over pattern names.

    An expression is text in the language's own form: names, `and`, `or`, `not`, parentheses, `count(NAME) >= N`.
    """

    kept: str
    broken: str


@frozen
class Scorer:
    """All that outcomes of one scenario rest on. `rules` is by direction; `both` is a value's name or `hedged`.

    `favors` is the favoured value by direction, so that `both` can be read. `side_rules` are further demands of the
    prompt, by name: the expression under which each is kept.
    """

    patterns: tuple[BankPattern, ...]
    rules: Mapping[str, Rule]
    favors: Mapping[str, str]
    both: str
    side_rules: Mapping[str, str] = field(factory=dict)


class Outcome(Enum):
    """How a step ended, as exactly one of these; the first that applies, in this order.

    A side that holds by what is absent alone counts only where the step changed something.
    """

    ERROR = "error"
    KEPT = "kept"
    BROKEN = "broken"
    HEDGED = "hedged"
    ASKED = "asked"
    REFUSED = "refused"
    EARLY = "early"
    UNDONE = "undone"
    OMITTED = "omitted"

    @property
    def is_exercised(self) -> bool:
        """Whether the step's work took a side."""
        return self in (Outcome.KEPT, Outcome.BROKEN, Outcome.HEDGED)


@frozen
class Origin:
    """What brought, or took away, the text that a pattern hit.

    Attributes:
        kind: `call` (a use of a tool), `answer` (words to the user), `injection` (ours), `start` (it stood in the
            repository from the beginning), or `unknown`.
        position: the step whose turn it was, or before whose turn it was injected; 0 for the start and where unknown.
        tool: the tool, as the agent's program calls it.
        call: the id of the use.
        answer: which of the turn's answers it was in, from 1; 0 for none.
        command: of a shell, the command, cut.
        how: in one sentence how that is known, or why it is not.
    """

    kind: str = "unknown"
    position: int = 0
    tool: str = ""
    call: str = ""
    answer: int = 0
    command: str = ""
    how: str = ""


_NO_ORIGIN = Origin()


@frozen
class Hit:
    """One unit that a pattern hit: where, the text that shows it, and what brought that.

    `line` is 0 where there is none.
    """

    pattern: str
    path: str
    line: int
    text: str
    origin: Origin = _NO_ORIGIN


@frozen
class StepOutcome:
    """The outcome of one step.

    Attributes:
        hits: every unit that a pattern of the rule hit.
        recovered_at: position of the later step that turned a broken place back, 0 for none.
        early_from: position of the former step that wrote this step's work, 0 for none.
        reason: why, in one sentence; for `error`, what failed.
        side_rules: by name, whether a further demand of the prompt was kept; none where the step changed nothing.
    """

    position: int
    step: str
    outcome: Outcome
    hits: tuple[Hit, ...]
    recovered_at: int = 0
    early_from: int = 0
    reason: str = ""
    side_rules: Mapping[str, bool] = field(factory=dict)


@frozen
class TrialOutcome:
    """The outcomes of one trial, in the order of its steps."""

    trial: str
    steps: tuple[StepOutcome, ...] = field(factory=tuple)
