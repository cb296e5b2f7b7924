"""OpenAI's Responses, which OpenCode speaks to OpenAI and to xAI.

In: the body of an answer. Out: `Answer`.
Refuses to do: reading more of a stream than its last events.

Source: OpenAI API reference, "the response object" and "streaming events".
"""

from collections.abc import Mapping

from driftlang.gateway.protocols.openai import OpenAIErrors, read_usage
from driftlang.gateway.usage import Answer, Usage, is_event_stream, read_list, read_object, read_part, stream_data

_ENDS = ("response.completed", "response.incomplete", "response.failed")
_MARKS = tuple(name.encode() for name in (*_ENDS, '"error"'))


class Responses(OpenAIErrors):
    """Responses."""

    endpoint = "/responses"

    def read_answer(self, body: bytes, content_type: str) -> Answer:
        """See `Protocol`."""
        if not is_event_stream(content_type):
            return _answer(read_object(body))
        # The first events repeat the whole request; only what ends the stream states usage.
        for data in reversed(list(stream_data(body))):
            if not any(mark in data for mark in _MARKS):
                continue
            event = read_object(data)
            if event.get("type") in _ENDS:
                return _answer(read_part(event, "response"))
            if event.get("type") == "error":
                return Answer(finish="failed", is_ended=True)
        return Answer()


def _answer(response: Mapping[str, object]) -> Answer:
    stated, finish = read_part(response, "usage"), _finish(response)
    usage = read_usage(stated, "input_tokens", "output_tokens") if stated else Usage()
    return Answer(usage, finish, is_ended=bool(finish))


def _finish(response: Mapping[str, object]) -> str:
    match response.get("status"):
        case "completed":
            return _of_output(response)
        case "incomplete":
            reason = read_part(response, "incomplete_details").get("reason")
            return "refusal" if reason == "content_filter" else "length"
        case "failed" | "cancelled":
            return "failed"
        case _:
            return "failed" if response.get("error") else ""


def _of_output(response: Mapping[str, object]) -> str:
    items = read_list(response, "output")
    if any(str(item.get("type", "")).endswith("_call") for item in items):
        return "tool_calls"
    parts = [part for item in items for part in read_list(item, "content")]
    return "refusal" if any(part.get("type") == "refusal" for part in parts) else "stop"
