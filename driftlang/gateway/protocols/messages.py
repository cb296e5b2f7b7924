"""Anthropic's Messages.

In: the body of an answer. Out: `Answer`.
Refuses to do: taking the protocol's `input_tokens` for the prompt. They leave out what was read from the cache and what
was written to it; here the prompt is all three.

Source: Anthropic API reference, "messages", "streaming messages" (counts of `message_delta` are cumulative), "errors".
"""

import json
from collections.abc import Mapping

from driftlang.gateway.usage import (
    Answer,
    Usage,
    is_event_stream,
    read_count,
    read_object,
    read_part,
    stream_data,
)

_FINISHES = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_MARKS = (b'"usage"', b'"stop_reason"', b"message_stop", b'"error"')


class Messages:
    """Messages."""

    endpoint = "/messages"

    def read_answer(self, body: bytes, content_type: str) -> Answer:
        """See `Protocol`."""
        if not is_event_stream(content_type):
            whole = read_object(body)
            finish = _finish(whole)
            return Answer(_usage(read_part(whole, "usage")), finish, is_ended=bool(finish))
        stated: dict[str, object] = {}
        finish, is_ended = "", False
        for data in stream_data(body):
            if not any(mark in data for mark in _MARKS):
                continue
            event = read_object(data)
            match event.get("type"):
                case "message_start":
                    stated |= read_part(read_part(event, "message"), "usage")
                case "message_delta":
                    # What it does not state anew, or states as null, holds as it was.
                    stated |= {name: value for name, value in read_part(event, "usage").items() if value is not None}
                    finish = _finish(read_part(event, "delta")) or finish
                case "message_stop":
                    is_ended = True
                case "error":
                    finish, is_ended = "failed", True
        return Answer(_usage(stated), finish, is_ended)

    def error_body(self, status: int, message: str, code: str) -> bytes:
        """See `Protocol`."""
        kind = _ERRORS.get(status, "api_error")
        return json.dumps({"type": "error", "error": {"type": kind, "message": message, "code": code}}).encode()


def _usage(stated: Mapping[str, object]) -> Usage:
    if not stated:
        return Usage()
    cached, written = read_count(stated, "cache_read_input_tokens"), read_count(stated, "cache_creation_input_tokens")
    completion = read_count(stated, "output_tokens")
    reasoning = read_count(read_part(stated, "output_tokens_details"), "thinking_tokens")
    return Usage(
        prompt_tokens=read_count(stated, "input_tokens") + cached + written,
        completion_tokens=completion,
        cached_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=min(reasoning, completion),
        is_stated=True,
    )


def _finish(document: Mapping[str, object]) -> str:
    if document.get("type") == "error":
        return "failed"
    reason = document.get("stop_reason")
    return _FINISHES.get(reason, "stop") if isinstance(reason, str) and reason else ""
