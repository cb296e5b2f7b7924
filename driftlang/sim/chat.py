"""A request of the OpenAI chat-completions protocol, as the simulated agent reads it, and its answer.

In: the JSON of a request. Out: `ChatRequest`, with its messages grouped into turns; `Answer` is what is said to it.
Refuses to do: guessing; a request that is not of the protocol raises `ChatError`, the error that the client gets.
"""

import json
from collections.abc import Mapping

from attrs import field, frozen


class ChatError(Exception):
    """A request that gets an error for an answer: HTTP status, and code and message as the protocol names them."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@frozen
class Call:
    """A call of a tool: its name and arguments."""

    tool: str
    arguments: Mapping[str, object]


@frozen
class Message:
    """One message. `calls` are an assistant's, with their ids; `answers` is the call id of a tool's result."""

    role: str
    text: str
    calls: tuple[tuple[str, Call], ...] = ()
    answers: str = ""


@frozen
class Done:
    """A call that was made, its result, and `end`: how many messages of the request there are up to the result."""

    call: Call
    result: str
    end: int


@frozen
class SeenTurn:
    """A user's message and what was done about it so far; `end` counts the messages up to the user's own."""

    text: str
    end: int
    done: tuple[Done, ...]


@frozen
class ChatRequest:
    """What a request says, as far as a simulated agent cares.

    Attributes:
        tools: names of the tools offered.
        is_stream, includes_usage: whether the answer is to be streamed, and to say its usage then.
    """

    model: str
    messages: tuple[Message, ...]
    tools: frozenset[str] = frozenset()
    is_stream: bool = False
    includes_usage: bool = False

    @property
    def turns(self) -> tuple[SeenTurn, ...]:
        """The turns of the history, oldest first; the last is under way."""
        starts = [index for index, message in enumerate(self.messages) if message.role == "user"]
        ends = [*starts[1:], len(self.messages)]
        return tuple(
            SeenTurn(self.messages[start].text, start + 1, self._done(start, end))
            for start, end in zip(starts, ends, strict=True)
        )

    def _done(self, start: int, end: int) -> tuple[Done, ...]:
        made: dict[str, Call] = {}
        done: list[Done] = []
        for index in range(start, end):
            message = self.messages[index]
            made.update(message.calls)
            if message.role == "tool" and message.answers in made:
                done.append(Done(made.pop(message.answers), message.text, index + 1))
        return tuple(done)


@frozen
class Answer:
    """What the model says: `text`, or one call of a tool. `number` tells the answers of one trial apart."""

    number: str
    text: str = ""
    calls: tuple[Call, ...] = field(factory=tuple)


def parse_request(body: bytes) -> ChatRequest:
    """The request in `body`.

    Raises:
        ChatError: it is no JSON object, or lacks `model` or `messages`.
    """
    try:
        document = json.loads(body)
    except ValueError:
        raise _bad("the body is not valid JSON") from None
    if not isinstance(document, dict):
        raise _bad("the body is not a JSON object")
    model, messages = document.get("model"), document.get("messages")
    if not isinstance(model, str):
        raise _bad("`model` must be a text")
    if not isinstance(messages, list) or not messages:
        raise _bad("`messages` must be a list that is not empty")
    options = document.get("stream_options")
    return ChatRequest(
        model=model,
        messages=tuple(_message(message) for message in messages),
        tools=frozenset(_tool_names(document.get("tools"))),
        is_stream=document.get("stream") is True,
        includes_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def _bad(message: str) -> ChatError:
    return ChatError(400, "invalid_request_error", message)


def _message(document: object) -> Message:
    if not isinstance(document, dict) or not isinstance(document.get("role"), str):
        raise _bad("each of `messages` must be an object with a `role`")
    calls = document.get("tool_calls") or ()
    return Message(
        role=document["role"],
        text=_text(document.get("content")),
        calls=tuple(_call(call) for call in calls if isinstance(call, dict)),
        answers=str(document.get("tool_call_id", "")),
    )


def _text(content: object) -> str:
    """Content is a text, or a list of parts of which the texts count."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, dict) and "text" in part)
    return ""


def _call(document: Mapping[str, object]) -> tuple[str, Call]:
    function = document.get("function")
    if not isinstance(function, dict):
        raise _bad("each of `tool_calls` must have a `function`")
    try:
        arguments = json.loads(str(function.get("arguments") or "{}"))
    except ValueError:
        arguments = {}
    if not isinstance(arguments, dict):
        arguments = {}
    return str(document.get("id", "")), Call(str(function.get("name", "")), arguments)


def _tool_names(tools: object) -> list[str]:
    functions = [tool.get("function") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return [str(function.get("name", "")) for function in functions if isinstance(function, dict)]
