"""Questions as the three protocols ask them, and the text of their answers.

In: a question, a model's name, the name of a protocol. Out: the body of a request; the answer's text out of a response.
Refuses to do: reading anything but where the protocol puts an answer. A refusal, an answer that was cut, or one that
stands elsewhere is none, and why is said.

An answer's form is asked for as each protocol allows: `response_format` with a JSON schema (chat completions),
`text.format` (responses), and a tool that must be called (messages, which has no such format for all models).

Sources: OpenAI API reference, "create chat completion" (`response_format`) and "create a model response"
(`text.format`); Anthropic API reference, "messages" (`tools`, `tool_choice`).
"""

import json
from collections.abc import Callable, Mapping

from attrs import frozen

from driftlang.gateway.protocols import PROTOCOLS
from driftlang.gateway.usage import read_list, read_object, read_part
from driftlang.judge.answer import answer_schema
from driftlang.judge.question import Question

#: Tokens that an answer may have, those that are thought and not said included.
MOST_TOKENS = 8_000
#: Name of the answer's form.
_NAME = "verdict"
_DESCRIPTION = "Give the verdict on the step."
#: Version of the protocol that messages are sent in.
_ANTHROPIC_VERSION = "2023-06-01"


class NoAnswerError(Exception):
    """A response without an answer; its text says why."""


@frozen
class Wire:
    """How one protocol asks and answers."""

    body: Callable[[Question, str], dict[str, object]]
    text: Callable[[Mapping[str, object]], str]


def request_body(protocol: str, question: Question, model: str, *, temperature: float | None) -> bytes:
    """The body of the request that asks `model`; equal questions have equal bodies."""
    body = _WIRES[protocol].body(question, model)
    if temperature is not None:
        body["temperature"] = temperature
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def request_headers(protocol: str) -> dict[str, str]:
    """Headers of the request; the gateway puts the provider's key in."""
    given = {"content-type": "application/json"}
    if protocol == "messages":
        return given | {"x-api-key": "none", "anthropic-version": _ANTHROPIC_VERSION}
    return given | {"authorization": "Bearer none"}


def answer_text(protocol: str, body: bytes) -> str:
    """The text of an answer.

    Raises:
        NoAnswerError: there is none.
    """
    finish = PROTOCOLS[protocol].read_answer(body, "application/json").finish
    if finish == "refusal":
        raise NoAnswerError("the model refused")
    if finish == "length":
        raise NoAnswerError("the answer was cut at its longest")
    if finish == "failed":
        raise NoAnswerError("the model failed")
    text = _WIRES[protocol].text(read_object(body))
    if not text.strip():
        raise NoAnswerError("there is no answer where the protocol puts it")
    return text


def _chat(question: Question, model: str) -> dict[str, object]:
    form = {"name": _NAME, "strict": True, "schema": answer_schema(question)}
    return {
        "model": model,
        "messages": _conversation(question),
        "response_format": {"type": "json_schema", "json_schema": form},
        "max_tokens": MOST_TOKENS,
    }


def _conversation(question: Question) -> list[dict[str, str]]:
    """System and user; not every server of responses knows `instructions` beside `input`."""
    return [{"role": "system", "content": question.instructions}, {"role": "user", "content": question.message}]


def _chat_text(document: Mapping[str, object]) -> str:
    choices = read_list(document, "choices")
    content = read_part(choices[0], "message").get("content") if len(choices) == 1 else None
    return content if isinstance(content, str) else ""


def _responses(question: Question, model: str) -> dict[str, object]:
    return {
        "model": model,
        "input": _conversation(question),
        "text": {
            "format": {"type": "json_schema", "name": _NAME, "strict": True, "schema": answer_schema(question)},
        },
        "max_output_tokens": MOST_TOKENS,
        "store": False,
    }


def _responses_text(document: Mapping[str, object]) -> str:
    said = [item for item in read_list(document, "output") if item.get("type") == "message"]
    parts = [part for item in said for part in read_list(item, "content") if part.get("type") == "output_text"]
    return "".join(str(part.get("text", "")) for part in parts)


def _messages(question: Question, model: str) -> dict[str, object]:
    return {
        "model": model,
        "max_tokens": MOST_TOKENS,
        "system": question.instructions,
        "messages": [{"role": "user", "content": question.message}],
        "tools": [{"name": _NAME, "description": _DESCRIPTION, "input_schema": answer_schema(question)}],
        "tool_choice": {"type": "tool", "name": _NAME},
    }


def _messages_text(document: Mapping[str, object]) -> str:
    calls = [part for part in read_list(document, "content") if part.get("type") == "tool_use"]
    if len(calls) != 1 or calls[0].get("name") != _NAME:
        return ""
    return json.dumps(calls[0].get("input"), ensure_ascii=False, default=float)


_WIRES: Mapping[str, Wire] = {
    "chat": Wire(_chat, _chat_text),
    "responses": Wire(_responses, _responses_text),
    "messages": Wire(_messages, _messages_text),
}
