"""OpenAI's chat completions, which xAI, OpenRouter and most local servers speak as well.

In: the body of an answer. Out: `Answer`.
Refuses to do: reading every chunk of a stream. Most say nothing of usage, and nothing of an end.

Source: OpenAI API reference, "chat completion object" and "chat completion chunk object".
"""

import re
from collections.abc import Iterable, Mapping

from driftlang.gateway.protocols.openai import OpenAIErrors, read_usage
from driftlang.gateway.usage import Answer, Usage, is_event_stream, read_list, read_object, read_part, stream_data

#: What makes a chunk worth reading; most have these as null.
_TELLS = re.compile(rb'"(?:usage|finish_reason|refusal|error)"\s*:\s*["{]')
_FINISHES = {
    "stop": "stop",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "length": "length",
    "content_filter": "refusal",
    "error": "failed",
}


class Chat(OpenAIErrors):
    """Chat completions."""

    endpoint = "/chat/completions"

    def read_answer(self, body: bytes, content_type: str) -> Answer:
        """See `Protocol`. Of several usages, the last one holds."""
        if not is_event_stream(content_type):
            whole = read_object(body)
            return Answer(_usage(whole, Usage()), _finish((whole,)), is_ended=bool(whole))
        usage, finish, refusal, is_ended = Usage(), "", "", False
        for data in stream_data(body):
            if data.strip() == b"[DONE]":
                is_ended = True
            elif _TELLS.search(data):
                chunk = read_object(data)
                usage = _usage(chunk, usage)
                refusal = refusal or ("refusal" if _refuses(chunk) else "")
                finish = _finish((chunk,)) or finish
        return Answer(usage, refusal if refusal and finish == "stop" else finish, is_ended)


def _usage(document: Mapping[str, object], otherwise: Usage) -> Usage:
    stated = read_part(document, "usage")
    return read_usage(stated, "prompt_tokens", "completion_tokens") if stated else otherwise


def _finish(documents: Iterable[Mapping[str, object]]) -> str:
    for document in documents:
        if document.get("error"):
            return "failed"
        for choice in read_list(document, "choices"):
            reason = choice.get("finish_reason")
            if isinstance(reason, str) and reason:
                stopped = _FINISHES.get(reason, "stop")
                return "refusal" if stopped == "stop" and read_part(choice, "message").get("refusal") else stopped
    return ""


def _refuses(chunk: Mapping[str, object]) -> bool:
    return any(read_part(choice, "delta").get("refusal") for choice in read_list(chunk, "choices"))
