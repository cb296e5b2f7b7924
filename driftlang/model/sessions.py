"""How the turns of a run follow each other, and what happens between them.

In: nothing; this module defines. Out: `Session`, its events, and the steps at which they happen.
"""

from attrs import field

from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class Stretch:
    """Positions of turns, counted from 1.

    `step 7` is 7..7; `steps 4, 8..10` is two stretches, 4..4 and 8..10; `every 3 steps from 4` is first 4, last 0,
    stride 3. `last` 0 means the last turn.
    """

    first: int
    last: int
    stride: int
    span: Span

    def positions(self, steps: int) -> tuple[int, ...]:
        """The positions, in a run of `steps` steps."""
        last = min(self.last or steps, steps)
        return tuple(range(self.first, last + 1, self.stride))


@frozen
class Compact:
    """The agent's context is compacted before these turns."""

    at: tuple[Stretch, ...]
    span: Span


@frozen
class Remind:
    """The user says something before these turns: `text` (one), or none for the constraint as the prompt has it."""

    at: tuple[Stretch, ...]
    text: tuple[Text, ...]
    span: Span


@frozen
class Fork:
    """The same history and work tree go on from this turn once in each of the arms, beside the cell's own."""

    at: tuple[Stretch, ...]
    arms: tuple[str, ...]
    span: Span


@frozen
class Switch:
    """From this turn on another constraint of the conflict stands where the first one stood: its name, at `span`."""

    at: tuple[Stretch, ...]
    constraint: str
    span: Span


@frozen
class Probe:
    """A question before this turn, answered on a branch that is thrown away."""

    at: tuple[Stretch, ...]
    name: str
    ask: Text
    span: Span


@frozen
class Pad:
    """Filler of `tokens` tokens enters the context before these turns; `text` is the file's, as often as it takes."""

    at: tuple[Stretch, ...]
    tokens: int
    text: str
    span: Span


Event = Compact | Remind | Fork | Switch | Probe | Pad


@frozen
class EarlierTurn:
    """A turn of a conversation that another model has led: who spoke (`user` or `assistant`), and what was said."""

    role: str
    text: str


@frozen
class Prefix:
    """The conversation that stands before the first turn."""

    turns: tuple[EarlierTurn, ...]
    span: Span


@frozen
class Session:
    """How turns follow each other: `continue` (one session) or `fresh` (a new one each step).

    Attributes:
        events: what happens between turns, in the order of the source. What happens before one turn has an order of
            its own: fork, switch, compact, pad, remind, probe; injections and the turn come last.
        prefix: at most one.
    """

    name: str
    mode: str
    doc: str
    span: Span
    events: tuple[Event, ...] = field(factory=tuple)
    prefix: tuple[Prefix, ...] = field(factory=tuple)

    @property
    def texts(self) -> tuple[Text, ...]:
        """What its events say, in the order of the source."""
        return tuple(
            text
            for event in self.events
            if isinstance(event, Probe | Remind)
            for text in ((event.ask,) if isinstance(event, Probe) else event.text)
        )
