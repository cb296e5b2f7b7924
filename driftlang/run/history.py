"""What stands in a session's history beside its turns: said, recalled, said otherwise, copied.

In: a conversation, whose open session is acted on. Out: a history that the next turn goes on from.
Refuses to do: calls of a model. Nothing here makes the agent answer.

Source: OpenCode 1.18.33. A message with `noReply` is kept as the user's and not answered; it reaches the provider as a
user message of its own. A server's histories are made of numbered events, which `/sync/replay` takes from outside: so
an assistant's messages can stand there that no model of this trial has said. A part of a message can be replaced.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.cells.events import PrefixTurn
from driftlang.run.server import AttemptError
from driftlang.run.turns import Conversation, role_of

#: How ids of messages are made: 48 bits of milliseconds since the epoch times 4096 plus a counter, then 14 letters.
_TICKS = 4096
_CLOCK_BITS = 48
#: Events that one call replays: a server takes some milliseconds for each.
_MOST_EVENTS = 200
_NO_TOKENS = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}


@frozen
class Speaker:
    """The model that a history's messages are of, by the ids that OpenCode has for it."""

    provider: str
    model: str


async def say(conversation: Conversation, text: str) -> None:
    """Have the user say `text`, without an answer.

    Raises:
        AttemptError: the server did not take it.
    """
    body = {"parts": [{"type": "text", "text": text}], "noReply": True}
    await conversation.call("POST", f"/session/{conversation.session}/message", body)


async def fork(conversation: Conversation) -> str:
    """The id of a new session with the whole history of the open one, which stays open.

    Raises:
        AttemptError: the server made none.
    """
    made = await conversation.call("POST", f"/session/{conversation.session}/fork", {})
    session = made.get("id") if isinstance(made, dict) else None
    if not isinstance(session, str):
        raise AttemptError("the server made no fork of the session")
    return session


async def restate(conversation: Conversation, former: str, text: str) -> bool:
    """Put `text` where the first user message that has `former` in it says it; whether there is one.

    Raises:
        AttemptError: the server did not take it.
    """
    for message in await conversation.history():
        parts = message.get("parts")
        for part in parts if role_of(message) == "user" and isinstance(parts, list) else ():
            if former and former in str(part.get("text", "")):
                path = f"/session/{conversation.session}/message/{part['messageID']}/part/{part['id']}"
                await conversation.call("PATCH", path, part | {"text": part["text"].replace(former, text)})
                return True
    return False


async def recall(conversation: Conversation, turns: Sequence[PrefixTurn], speaker: Speaker) -> None:
    """Have the open session, which is new, begin with `turns`.

    Raises:
        AttemptError: the server did not take them.
    """
    session = await conversation.call("GET", f"/session/{conversation.session}")
    time = session.get("time") if isinstance(session, dict) else None
    created = time.get("created") if isinstance(time, dict) else None
    if not isinstance(created, int):
        raise AttemptError("the server does not say when the session was made")
    known = await conversation.call("POST", "/sync/history", {})
    events = [event for event in known if isinstance(event, dict)] if isinstance(known, list) else []
    numbers = [event["seq"] for event in events if event.get("aggregate_id") == conversation.session]
    scribe = _Scribe(conversation, speaker, created, len(turns), max(numbers, default=-1) + 1)
    written = list(scribe.events(turns))
    for start in range(0, len(written), _MOST_EVENTS):
        body = {"directory": conversation.directory, "events": written[start : start + _MOST_EVENTS]}
        await conversation.call("POST", "/sync/replay", body)
    if len(await conversation.history()) != len(turns):
        raise AttemptError("the server did not take the conversation that stands before the first turn")


@frozen
class _Scribe:
    """Writes messages as the events that a server keeps them by; `first` is the number of the first event.

    Ids count up to the moment at which the session was made, so that all later messages come behind these.
    """

    conversation: Conversation
    speaker: Speaker
    created: int
    count: int
    first: int

    def events(self, turns: Sequence[PrefixTurn]) -> Iterator[Mapping[str, object]]:
        """Two events a turn: the message, and its text."""
        parent = self._id("msg", -1)  # of no message: an assistant may have begun
        for index, turn in enumerate(turns):
            message = self._id("msg", index)
            info = self._user(message) if turn.role == "user" else self._assistant(message, parent)
            parent = message if turn.role == "user" else parent
            yield self._event(2 * index, "message.updated.1", {"info": info})
            part = {**self._named(self._id("prt", index)), "messageID": message, "type": "text", "text": turn.text}
            yield self._event(2 * index + 1, "message.part.updated.1", {"part": part, "time": self.created})

    def _event(self, index: int, kind: str, data: Mapping[str, object]) -> Mapping[str, object]:
        session = self.conversation.session
        number = self.first + index
        return {
            "id": self._id("evt", number),
            "aggregateID": session,
            "seq": number,
            "type": kind,
            "data": {"sessionID": session, **data},
        }

    def _user(self, message: str) -> Mapping[str, object]:
        return {
            **self._named(message),
            "role": "user",
            "time": {"created": self.created},
            "agent": "build",
            "model": {"providerID": self.speaker.provider, "modelID": self.speaker.model},
        }

    def _assistant(self, message: str, parent: str) -> Mapping[str, object]:
        directory = self.conversation.directory
        return {
            **self._named(message),
            "role": "assistant",
            "time": {"created": self.created, "completed": self.created},
            "parentID": parent,
            "modelID": self.speaker.model,
            "providerID": self.speaker.provider,
            "mode": "build",
            "agent": "build",
            "path": {"cwd": directory, "root": directory},
            "cost": 0,
            "tokens": _NO_TOKENS,
            "finish": "stop",
        }

    def _named(self, id: str) -> Mapping[str, object]:
        return {"id": id, "sessionID": self.conversation.session}

    def _id(self, kind: str, index: int) -> str:
        ticks = (self.created * _TICKS - self.count + index) % 2**_CLOCK_BITS
        return f"{kind}_{ticks:012x}{'0' * 14}"
