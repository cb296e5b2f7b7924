"""What happens before a turn, as a plan holds it.

In: nothing; this module defines. Out: the events of a turn, what the agent has heard before, and the filler.
Before one turn, what happens has a fixed order: fork, switch, compact, pad, remind, probe; then injections, then the
turn. A fork comes first, so that its branches differ in all that follows; a probe comes behind whatever the agent is
told, and before the files change.
"""

from functools import lru_cache
from hashlib import sha256

from attrs import frozen

#: Characters that stand for one token: the usual rule of thumb, since models count differently.
CHARACTERS_A_TOKEN = 4
_ID_DIGITS = 16


@frozen
class ForkEvent:
    """History and work tree go on once in each of these arms, from here: see `Branch`."""

    arms: tuple[str, ...]


@frozen
class SwitchEvent:
    """From here on another constraint stands where the first one stood.

    Attributes:
        constraint: its name.
        favors: the value it favours.
        text: its text, rendered.
        instructions: the prompt with it.
    """

    constraint: str
    favors: str
    text: str
    instructions: str


@frozen
class CompactEvent:
    """The agent's context is compacted."""


@frozen
class PadEvent:
    """Filler of `tokens` tokens enters the context; `padding` is the id of its text, see `Padding`."""

    tokens: int
    padding: str


@frozen
class RemindEvent:
    """The user says `text`."""

    text: str


@frozen
class ProbeEvent:
    """`text` is asked on a branch that is thrown away."""

    name: str
    text: str


TurnEvent = ForkEvent | SwitchEvent | CompactEvent | PadEvent | RemindEvent | ProbeEvent
#: How a plan's file calls each of them.
EVENT_KINDS: dict[type[TurnEvent], str] = {
    ForkEvent: "fork",
    SwitchEvent: "switch",
    CompactEvent: "compact",
    PadEvent: "pad",
    RemindEvent: "remind",
    ProbeEvent: "probe",
}


@frozen
class PrefixTurn:
    """A turn before the first one: `role` is `user` or `assistant`."""

    role: str
    text: str


@frozen
class Padding:
    """A filler text; `id` is the first 16 hex digits of its sha256."""

    id: str
    text: str


@lru_cache(maxsize=64)
def make_padding(text: str, tokens: int) -> Padding:
    """Filler of `tokens` tokens out of a text that is not empty.

    A text that is too short is repeated from its start, one that is too long is cut at the last line end that fits;
    where no line end fits, within a line.
    """
    wanted = tokens * CHARACTERS_A_TOKEN
    whole = text if text.endswith("\n") else f"{text}\n"
    repeated = (whole * -(-wanted // len(whole)))[:wanted]
    end = repeated.rfind("\n") + 1
    made = repeated[:end] if end else repeated
    return Padding(sha256(made.encode()).hexdigest()[:_ID_DIGITS], made)
