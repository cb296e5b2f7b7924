"""Requests to models, as the texts that a model reads, in their order.

In: bodies of requests of one trial, in their order; of OpenAI's chat completions and Responses and of Anthropic's
Messages alike. Out: an `Asked` for each.
Refuses to do: reading again what the request before said already. An agent sends its whole history with every call, so
consecutive requests share most of their bytes: messages within the shared part are kept, the others are parsed.

Sources: OpenAI API reference, "Create chat completion" and "Create a model response"; Anthropic API reference,
"Messages". Blocks of kinds that these do not name count with their texts.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from driftlang.exposure.forms import ASSISTANT, CALL, SYSTEM, TOOL, USER
from driftlang.gateway.beginnings import shared_beginning

_KINDS = {"system": SYSTEM, "developer": SYSTEM, "user": USER, "tool": TOOL, "function": TOOL, "assistant": ASSISTANT}
#: Where the conversation stands in a body, and where a system prompt may stand beside it.
_CONVERSATIONS = ("messages", "input")
_SYSTEM_KEYS = ("system", "instructions")
#: A tool that agents offer where a proxy wants one, and that does nothing.
_NO_TOOL = "_noop"
#: Keys of a block that hold what is read.
_TEXT_KEYS = ("text", "thinking", "refusal")
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

_Json = Mapping[str, object]


@frozen
class Segment:
    """A text of a message; `call` is the id of the tool's call that it is given to, for `CALL`."""

    kind: str
    text: str
    call: str = ""


@frozen
class Asked:
    """A request as the model reads it.

    Attributes:
        messages: the texts of each message, the system prompt first.
        offers_tools: whether it is a call of the agent's own work.
    """

    messages: tuple[tuple[Segment, ...], ...] = ()
    offers_tools: bool = False

    def segments(self) -> Iterator[Segment]:
        """All texts in their order."""
        for message in self.messages:
            yield from message

    def texts(self, kind: str) -> list[str]:
        """The texts of one kind."""
        return [one.text for one in self.segments() if one.kind == kind]


@frozen
class _Scanned:
    """A body with where its parts end, so that the next one can be compared with it."""

    text: str
    start: int = 0
    messages: tuple[tuple[Segment, ...], ...] = ()
    ends: tuple[int, ...] = ()
    rest: int = 0
    head: _Json = field(factory=dict)
    tail: _Json = field(factory=dict)


class RequestReader:
    """Reads the requests of one trial; the last one is remembered."""

    def __init__(self) -> None:
        self._last = _Scanned("")

    def read(self, body: bytes) -> Asked:
        """The request in `body`; one that is no request of these protocols has no messages."""
        try:
            scanned = _scan(body.decode("utf-8", "surrogateescape"), self._last)
        except (ValueError, IndexError, RecursionError):
            return Asked()
        self._last = scanned
        others = {**scanned.head, **scanned.tail}
        above = [tuple(_texts(SYSTEM, others[key])) for key in _SYSTEM_KEYS if key in others]
        return Asked((*filter(None, above), *scanned.messages), _offers_tools(others.get("tools")))


# ---- the body ----


def _scan(text: str, last: _Scanned) -> _Scanned:
    """The body's parts; those that `last` begins with as well are taken from it."""
    shared = shared_beginning(text, last.text)
    if last.start and last.start <= shared:
        kept = sum(1 for end in last.ends if end <= shared)
        messages, ends = list(last.messages[:kept]), list(last.ends[:kept])
        start, head = last.start, last.head
    else:
        start, head = _scan_head(text)
        messages, ends = [], []
    rest = _scan_list(text, start, messages, ends) if start else len(text)
    is_known = start and text[rest:] == last.text[last.rest :]
    tail = last.tail if is_known else dict(_pairs(text, rest)) if start else {}
    return _Scanned(text, start, tuple(messages), tuple(ends), rest, head, tail)


def _scan_head(text: str) -> tuple[int, _Json]:
    """Where the conversation's list begins (behind its bracket; 0 without one), and what stands above it."""
    head: dict[str, object] = {}
    at = _behind(text, 0, "{")
    while text[at] == '"':
        key, at = _DECODER.raw_decode(text, at)
        at = _behind(text, at, ":")
        if key in _CONVERSATIONS and text[at] == "[":
            return at + 1, head
        head[key], at = _DECODER.raw_decode(text, at)
        at = _next(text, at)
    if isinstance(head.get("input"), str):
        head["system"] = [head.get("system", ""), {"role": "user", "content": head["input"]}]
    return 0, head


def _scan_list(text: str, start: int, messages: list[tuple[Segment, ...]], ends: list[int]) -> int:
    """Parse the messages that are not known yet; where the list ends, behind its bracket."""
    at = _next(text, ends[-1] if ends else start)
    while text[at] != "]":
        document, at = _DECODER.raw_decode(text, at)
        messages.append(tuple(_segments(document)))
        ends.append(at)
        at = _next(text, at)
    return at + 1


def _pairs(text: str, start: int) -> Iterator[tuple[str, object]]:
    """Keys and values from behind a value to the end of the object."""
    at = _next(text, start)
    while text[at] == '"':
        key, at = _DECODER.raw_decode(text, at)
        value, at = _DECODER.raw_decode(text, _behind(text, at, ":"))
        yield key, value
        at = _next(text, at)


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _behind(text: str, at: int, mark: str) -> int:
    """Behind a mark and the white space around it."""
    at = _space(text, at)
    if text[at] != mark:
        raise ValueError(mark)
    return _space(text, at + 1)


def _next(text: str, at: int) -> int:
    """Behind the comma that may stand there."""
    at = _space(text, at)
    return _space(text, at + 1) if text[at] == "," else at


# ---- its messages ----


def _offers_tools(tools: object) -> bool:
    offered = tools if isinstance(tools, list) else []
    return any(_name(tool) != _NO_TOOL for tool in offered)


def _name(tool: object) -> object:
    """A tool's name: of itself, or of the function that it is."""
    if not isinstance(tool, dict):
        return ""
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else tool.get("name")


def _segments(document: object) -> Iterator[Segment]:
    """The texts of one element of a conversation."""
    if not isinstance(document, dict):
        return
    kind = str(document.get("type", ""))
    if "role" not in document and kind.endswith("_output"):
        yield from _texts(TOOL, document.get("output"))
    elif "role" not in document and kind.endswith("_call"):
        given = document.get("arguments", document.get("input", document.get("action")))
        yield Segment(CALL, _given(given), str(document.get("call_id", "")))
    elif "role" not in document:
        yield from _texts(ASSISTANT, document.get("summary"))
    else:
        role = _KINDS.get(str(document["role"]), ASSISTANT)
        yield from _texts(role, document.get("reasoning_content"))
        yield from _texts(role, document.get("content"))
        calls = document.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                yield Segment(CALL, _given(function.get("arguments")), str(call.get("id", "")))


def _texts(kind: str, content: object) -> Iterator[Segment]:
    """The texts of a content: one text, or blocks."""
    if isinstance(content, str):
        if content:
            yield Segment(kind, content)
        return
    for block in content if isinstance(content, list) else ():
        yield from _block(kind, block)


def _block(kind: str, block: object) -> Iterator[Segment]:
    if not isinstance(block, dict):
        yield from _texts(kind, block)
    elif "role" in block:
        yield from _segments(block)
    elif block.get("type") == "tool_result":
        yield from _texts(TOOL, block.get("content"))
    elif block.get("type") == "tool_use":
        yield Segment(CALL, _given(block.get("input")), str(block.get("id", "")))
    else:
        for key in _TEXT_KEYS:
            yield from _texts(kind, block.get(key))


def _given(arguments: object) -> str:
    """What a tool was given, as text: its values, a line each; what cannot be read stands as it is."""
    try:
        return "\n".join(_values(json.loads(arguments) if isinstance(arguments, str) else arguments))
    except (ValueError, RecursionError):  # a model may write anything, as deep as it likes
        return str(arguments) if isinstance(arguments, str) else ""


def _values(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        return [text for one in value.values() for text in _values(one)]
    if isinstance(value, list):
        return [text for one in value for text in _values(one)]
    return ()
