"""What a step's model calls showed the model: its messages, its constraint, the size of it all.

In: nothing; this module defines. Out: `StepExposure`, which a step's record keeps, and `StepFacts`, what it is measured
from beside the calls themselves.

A call counts when it offers tools and was answered well: titles and summaries offer none, and a call that failed is
made again. The first edit of a step is the first call whose answer changed files; see `edits.py`. What stood in the
requests up to that one, the model had read when it made the edit.
"""

from collections.abc import Mapping

from attrs import field, frozen

#: In which kind of message a text stands: the last two are the model's own words, and what it gave to a tool.
SYSTEM, USER, TOOL, ASSISTANT, CALL = "system", "user turn", "tool result", "answer", "tool call"
#: What compaction did to a text that stood in the context before it.
SURVIVED, LOST = "survived", "lost"
#: A distance to a text that does not stand there.
NOWHERE = -1


@frozen
class MessageExposure:
    """One message that was said before this step or before a former one, as this step's calls showed it.

    Attributes:
        position: the step that it was said before, from 1.
        number: which of that step's injections it is, from 0.
        message: where it comes from, as in `cells.forms.Injection`.
        is_read_before_edit: whether it stood in a call before the step's first edit, or in any where there was none.
            One that a former step has said in equal words counts in its own step only when it came once more; in all
            else such messages cannot be told apart.
        calls: in how many of the step's calls it stood.
        kinds: the kinds of messages that it stood in, sorted.
        copies: how often it stood in the call that made the first edit, or in the last one where there was none.
        characters_back: from the end of the last copy there to the end of the conversation; `NOWHERE` without one.
        tokens_back: the same at `CHARACTERS_A_TOKEN`.
        messages_back: how many messages stood behind it.
        compaction: `survived` or `lost` where it stood in the context before that was compacted; else empty. What is
            lost may be read again.
    """

    position: int
    number: int
    message: str
    is_read_before_edit: bool
    calls: int
    kinds: tuple[str, ...]
    copies: int
    characters_back: int
    tokens_back: int
    messages_back: int
    compaction: str = ""


@frozen
class Integrity:
    """Whether the constraint, and what the user said, reached the model as planned; never a score.

    Attributes:
        calls: how many calls were looked at.
        violations: what was otherwise, each in a lower-case sentence with the calls that it was seen in.
        elsewhere: how often the constraint stood in one call beside its place at most: an agent may read the file.
    """

    calls: int = 0
    violations: tuple[str, ...] = ()
    elsewhere: int = 0


@frozen
class ContextSize:
    """How much the model had before it.

    Attributes:
        calls: calls of the step that count.
        first_edit: which of them made the first edit, from 1; 0 where there was none.
        prompt_tokens: of the last call, by the provider's usage; 0 without one.
        request_bytes: of the last call.
        messages: of the last call, the system message among them.
    """

    calls: int = 0
    first_edit: int = 0
    prompt_tokens: int = 0
    request_bytes: int = 0
    messages: int = 0


@frozen
class StepExposure:
    """All that is measured of a step."""

    messages: tuple[MessageExposure, ...] = ()
    integrity: Integrity = field(factory=Integrity)
    context: ContextSize = field(factory=ContextSize)


@frozen
class SaidMessage:
    """A message that was placed: see `MessageExposure`, and its text as plain sentences."""

    position: int
    number: int
    message: str
    text: str


@frozen
class Demand:
    """The constraint in force, and where it is to stand: see `cells.forms.Cell`; both texts are empty without one.

    Attributes:
        former: the instructions that these have taken the place of before this very step; empty without a switch.
    """

    place: str
    constraint: str
    instructions: str
    former: str = ""


@frozen
class StepFacts:
    """What is known of a step beside its calls.

    Attributes:
        position: the step, from 1.
        session: the agent's session.
        said: what the user said, in order; the last is the turn itself.
        placed: the messages that were placed before it.
        messages: JSON list of the turn's messages, as the agent's server gives them.
        changed: paths of files that the turn changed, and whether each stood there before.
        agents_file: sha256 of the repository's agents file before the turn and behind it; empty where it was not there.
    """

    position: int
    session: str
    said: tuple[str, ...]
    placed: tuple[SaidMessage, ...]
    demand: Demand
    messages: bytes = b""
    changed: Mapping[str, bool] = field(factory=dict)
    agents_file: tuple[str, str] = ("", "")
