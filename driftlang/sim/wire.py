"""Answers as the OpenAI chat-completions protocol writes them: one JSON object, or a stream of chunks.

In: an `Answer`, what it answers, and who gives it. Out: bytes.
Refuses to do: clocks and random ids. `created` is fixed and ids come from the run's seed, so that runs repeat exactly.

Source: OpenAI API reference, "chat completion object" and "chat completion chunk object". Tokens are counted as a
quarter of the bytes, rounded up.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

from driftlang.sim.chat import Answer, Call, ChatError
from driftlang.sim.playbook import Playbook

#: 2025-01-01T00:00:00Z.
CREATED = 1735689600
#: Characters of a reply, or of a call's arguments, in one chunk.
PIECE = 48
_BYTES_PER_TOKEN = 4


class Writer:
    """Writes one answer to a request of `request_bytes` bytes for `model`."""

    def __init__(self, answer: Answer, playbook: Playbook, model: str, request_bytes: int) -> None:
        self._answer = answer
        self._model = model
        self._id = sha256(f"{playbook.seed}/{playbook.model}/{answer.number}".encode()).hexdigest()[:24]
        said = len(answer.text.encode()) + sum(len(_arguments(call)) for call in answer.calls)
        prompt, completion = -(-request_bytes // _BYTES_PER_TOKEN), -(-said // _BYTES_PER_TOKEN)
        self._usage = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }

    def whole(self) -> bytes:
        """The answer as one object."""
        message: dict[str, object] = {"role": "assistant", "content": self._answer.text or None}
        if self._answer.calls:
            message["tool_calls"] = [
                {"id": self._call_id(index), "type": "function", "function": _function(call, _arguments(call))}
                for index, call in enumerate(self._answer.calls)
            ]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        return _json({**self._head("chat.completion"), "choices": [choice], "usage": self._usage})

    def events(self, *, with_usage: bool) -> Iterator[bytes]:
        """The answer as the events of a stream, one by one."""
        yield self._chunk({"role": "assistant", "content": ""})
        for piece in _pieces(self._answer.text):
            yield self._chunk({"content": piece})
        for index, call in enumerate(self._answer.calls):
            begun = {"index": index, "id": self._call_id(index), "type": "function", "function": _function(call, "")}
            yield self._chunk({"tool_calls": [begun]})
            for piece in _pieces(_arguments(call)):
                yield self._chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield self._chunk({}, self._finish)
        if with_usage:
            yield _event(_json({**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage}))
        yield _event(b"[DONE]")

    @property
    def _finish(self) -> str:
        return "tool_calls" if self._answer.calls else "stop"

    def _call_id(self, index: int) -> str:
        return f"call_{self._id}{index}"

    def _head(self, kind: str) -> dict[str, object]:
        return {"id": f"chatcmpl-{self._id}", "object": kind, "created": CREATED, "model": self._model}

    def _chunk(self, delta: dict[str, object], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(_json({**self._head("chat.completion.chunk"), "choices": [choice]}))


def error_body(error: ChatError) -> bytes:
    """An error as the protocol writes it."""
    kind = "invalid_request_error"
    return _json({"error": {"message": error.message, "type": kind, "param": None, "code": error.code}})


def models_body(models: list[str]) -> bytes:
    """The answer to `GET /v1/models`."""
    data = [{"id": name, "object": "model", "created": CREATED, "owned_by": "local"} for name in models]
    return _json({"object": "list", "data": data})


def _function(call: Call, arguments: str) -> dict[str, str]:
    return {"name": call.tool, "arguments": arguments}


def _arguments(call: Call) -> str:
    return json.dumps(call.arguments)


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"
