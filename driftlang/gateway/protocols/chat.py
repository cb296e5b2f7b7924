"""OpenAI's chat completions, which xAI, OpenRouter and most local servers speak as well.

In: the body of an answer. Out: `Answer`.
Refuses to do: telling one provider from another. Where they differ, the numbers themselves tell.

Sources: OpenAI API reference, "chat completion object" and "chat completion chunk object"; OpenRouter, "usage
accounting" (`cost`, `cache_write_tokens`); xAI, "cost tracking" (`cost_in_usd_ticks`, 10^10 to a dollar).
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from driftlang.gateway.protocols.forms import openai_error
from driftlang.gateway.usage import (
    Answer,
    Usage,
    is_event_stream,
    read_count,
    read_dollars,
    read_list,
    read_object,
    read_part,
    stream_data,
    with_cache_included,
    with_reasoning_included,
)

TICK = Decimal(1).scaleb(-10)
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


class Chat:
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

    def error_body(self, status: int, message: str, code: str) -> bytes:  # noqa: ARG002 - another protocol's needs it
        """See `Protocol`."""
        return openai_error(message, code)


def _usage(document: Mapping[str, object], otherwise: Usage) -> Usage:
    stated = read_part(document, "usage")
    if not stated:
        return otherwise
    prompt_parts = read_part(stated, "prompt_tokens_details")
    reasoning = read_count(read_part(stated, "completion_tokens_details"), "reasoning_tokens")
    prompt = read_count(stated, "prompt_tokens")
    cached = read_count(prompt_parts, "cached_tokens") or read_count(stated, "prompt_cache_hit_tokens")
    total = read_count(stated, "total_tokens")
    completion = with_reasoning_included(read_count(stated, "completion_tokens"), reasoning, prompt, total)
    cost = read_dollars(stated, "cost")
    return Usage(
        prompt_tokens=with_cache_included(prompt, cached),
        completion_tokens=completion,
        cached_tokens=cached,
        cache_write_tokens=min(read_count(prompt_parts, "cache_write_tokens"), max(prompt - cached, 0)),
        reasoning_tokens=reasoning,
        stated_dollars=cost if cost is not None else read_dollars(stated, "cost_in_usd_ticks", TICK),
        is_stated=True,
    )


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
