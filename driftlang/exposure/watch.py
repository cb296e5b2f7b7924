"""Watching a trial: what each step's calls showed, step by step.

In: the calls of each step, in their order, and what else is known of it. Out: `StepExposure` of each.
Refuses to do: looking at anything else. The same calls and facts give the same measures, while a trial runs and when
they are read from its journal.

A session was compacted where the first message below the system prompt is another than in the call before.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy

from attrs import define, field, frozen

from driftlang.cells.events import CHARACTERS_A_TOKEN
from driftlang.exposure.edits import first_edit
from driftlang.exposure.finding import Finder
from driftlang.exposure.forms import (
    LOST,
    NOWHERE,
    SURVIVED,
    SYSTEM,
    ContextSize,
    Demand,
    MessageExposure,
    SaidMessage,
    StepExposure,
    StepFacts,
)
from driftlang.exposure.integrity import History, check_integrity
from driftlang.exposure.requests import Asked, RequestReader, Segment
from driftlang.gateway.forms import Exchange

_OK = 200
#: The place whose text is put right in the history when the constraint is switched.
FIRST_TURN = "first_turn"


@frozen
class _Copy:
    """A text where it stands in a call: in which kind of message, and what stands behind it."""

    kind: str
    characters_back: int
    messages_back: int


#: The copies of each text that stands in a call, first to last.
_Standing = Mapping[str, Sequence[_Copy]]


@define
class _Session:
    """What is remembered of a session: what the user said in it, how it began, and what stood in its last call.

    `copies` is how often each text stood there when the step before ended.
    """

    said: tuple[str, ...] = ()
    first: tuple[Segment, ...] = ()
    stood: frozenset[str] = frozenset()
    copies: dict[str, int] = field(factory=dict)
    is_compacted: bool = False
    fates: dict[str, str] = field(factory=dict)


class ExposureWatch:
    """Watches one line of a trial; steps are to be given in their order."""

    def __init__(self) -> None:
        self._reader = RequestReader()
        self._finder = Finder()
        self._placed: tuple[SaidMessage, ...] = ()
        self._session_id = ""
        self._session = _Session()

    def fork(self) -> "ExposureWatch":
        """A watch of a branch that begins here; what the one sees from now on, the other does not."""
        other = ExposureWatch()
        other._placed = self._placed
        other._session = deepcopy(self._session)
        other._session_id = self._session_id
        return other

    def go_on_in(self, session: str) -> None:
        """The history goes on in a session with another id, as that of a branch does; any other begins without one."""
        self._session_id = session

    def step(self, exchanges: Iterable[Exchange], facts: StepFacts) -> StepExposure:
        """What the step's calls showed; calls that are none of it are left out."""
        if self._session_id and facts.session != self._session_id:
            self._session = _Session()
        self._session_id = facts.session
        if facts.demand.former:
            self._restate(facts.demand)
        self._placed += facts.placed
        pairs = [(one, self._reader.read(one.request)) for one in exchanges if _is_of(one, facts)]
        calls = [(one, asked) for one, asked in pairs if asked.offers_tools]
        asked = [one for _, one in calls]
        texts = tuple(dict.fromkeys(one.text for one in self._placed))
        standing = [self._look(one, texts) for one in asked]
        edit = first_edit(facts.messages, facts.changed, asked)
        history = History(self._session.said, self._session.is_compacted)
        exposure = StepExposure(
            tuple(self._expose(one, standing, edit, facts.position) for one in self._placed),
            check_integrity(asked, facts, history),
            _size(calls, edit),
        )
        self._session.said += facts.said
        if standing:
            self._session.copies = {text: len(copies) for text, copies in standing[-1].items()}
        self._finder.forget_all_but(segment.text for segment in (asked[-1].segments() if asked else ()))
        return exposure

    def _restate(self, demand: Demand) -> None:
        """Other instructions stand in the session's first turn now; that is no compaction."""
        if demand.place == FIRST_TURN:
            said = self._session.said
            self._session.said = tuple(text.replace(demand.former, demand.instructions) for text in said)
            self._session.first = ()

    def _look(self, asked: Asked, texts: Sequence[str]) -> _Standing:
        """Where the texts stand in a call; what it says of compaction is remembered."""
        found: dict[str, list[_Copy]] = {}
        characters = 0
        for messages, message in enumerate(reversed(asked.messages)):
            for segment in reversed(message):
                for text, extents in self._finder.find(texts, segment.text).items():
                    copies = found.setdefault(text, [])
                    for _, end in reversed(extents):
                        copies.append(_Copy(segment.kind, characters + len(segment.text) - end, messages))
                characters += len(segment.text)
        self._note(asked, frozenset(found))
        return {text: copies[::-1] for text, copies in found.items()}

    def _note(self, asked: Asked, stand: frozenset[str]) -> None:
        session = self._session
        below = (message for message in asked.messages if any(one.kind != SYSTEM for one in message))
        first = next(below, ())
        if session.first and first != session.first:
            session.is_compacted = True
            session.copies = {}
            session.fates |= {text: SURVIVED if text in stand else LOST for text in session.stood}
        session.first, session.stood = first, stand

    def _expose(self, said: SaidMessage, standing: Sequence[_Standing], edit: int, position: int) -> MessageExposure:
        # Words that a former step has said as well must have come once more.
        known = self._session.copies.get(said.text, 0) if said.position == position else 0
        before = standing[:edit] if edit else standing
        decisive = before[-1].get(said.text, ()) if before else ()
        stood = [one[said.text] for one in standing if said.text in one]
        back = decisive[-1].characters_back if decisive else NOWHERE
        return MessageExposure(
            position=said.position,
            number=said.number,
            message=said.message,
            is_read_before_edit=any(len(one.get(said.text, ())) > known for one in before),
            calls=len(stood),
            kinds=tuple(sorted({copy.kind for copies in stood for copy in copies})),
            copies=len(decisive),
            characters_back=back,
            tokens_back=back // CHARACTERS_A_TOKEN if decisive else NOWHERE,
            messages_back=decisive[-1].messages_back if decisive else NOWHERE,
            compaction=self._session.fates.get(said.text, "") if said.position < position else "",
        )


def _is_of(one: Exchange, facts: StepFacts) -> bool:
    """Whether a call is of the step's session and was answered well."""
    is_here = one.position == facts.position and one.session in {"", facts.session}
    return is_here and one.status == _OK and not one.error


def _size(calls: Sequence[tuple[Exchange, Asked]], edit: int) -> ContextSize:
    if not calls:
        return ContextSize()
    last, asked = calls[-1]
    return ContextSize(len(calls), edit, last.prompt_tokens, len(last.request), len(asked.messages))
