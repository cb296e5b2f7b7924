"""A turn's messages, put together from the events that told of them.

In: the events of one session from a prompt on. Out: the messages as the server lists them when it is asked; or nothing.
Refuses to do: saying more than the events do. A turn that did not go straight to its end (a retry, an error, a message
taken back), or of which something was never told to be complete, has to be asked for.

Asking costs more than it seems: a server is busy for some ten milliseconds when it has just become idle.

Source: OpenCode 1.18.33. Messages and their parts are told whole each time that something in them has changed, and are
listed by their ids, which grow.
"""

from collections.abc import Mapping

from driftlang.gateway.usage import read_list, read_part

_Json = Mapping[str, object]
#: What is told of a turn in which messages, parts or whole answers may have been dropped.
_CROOKED = frozenset(("message.removed", "message.part.removed", "session.error", "session.compacted"))
_ENDED_TOOLS = ("completed", "error")


class HeardMessages:
    """What was told since a prompt."""

    def __init__(self) -> None:
        self._infos: dict[str, _Json] = {}
        self._parts: dict[str, dict[str, _Json]] = {}
        self._is_straight = True

    def hear(self, kind: str, properties: _Json) -> None:
        """An event of the session has come."""
        if kind == "message.updated":
            info = read_part(properties, "info")
            self._infos[str(info.get("id"))] = info
        elif kind == "message.part.updated":
            part = read_part(properties, "part")
            self._parts.setdefault(str(part.get("messageID")), {})[str(part.get("id"))] = part
        elif kind in _CROOKED or read_part(properties, "status").get("type") == "retry":
            self._is_straight = False

    def messages(self) -> list[_Json]:
        """The last user message and the answers to it; empty where not all of them is known."""
        question = max((name for name, info in self._infos.items() if info.get("role") == "user"), default="")
        names = sorted(name for name in self._infos | self._parts if name >= question)
        told = [
            {
                "info": self._infos.get(name, {}),
                "parts": [part for _, part in sorted(self._parts.get(name, {}).items())],
            }
            for name in names
        ]
        is_whole = self._is_straight and question and all(_is_whole(one, question) for one in told)
        return list[_Json](told) if is_whole and _goes_on_no_more(told[-1]) else []


def _is_whole(message: _Json, question: str) -> bool:
    """Whether nothing can be to come of a message of the turn that `question` began."""
    info, parts = read_part(message, "info"), read_list(message, "parts")
    if not parts or not all(map(_has_ended, parts)):
        return False
    if info.get("role") == "user":
        return True
    has_ended = "completed" in read_part(info, "time") and bool(info.get("finish"))
    return has_ended and not info.get("error") and info.get("parentID") == question


def _goes_on_no_more(last: _Json) -> bool:
    """Whether a message is an answer behind which there is none."""
    info = read_part(last, "info")
    return info.get("role") == "assistant" and info.get("finish") != "tool-calls"


def _has_ended(part: _Json) -> bool:
    if part.get("type") == "tool":
        return read_part(part, "state").get("status") in _ENDED_TOOLS
    time = read_part(part, "time")
    return not time or "end" in time
