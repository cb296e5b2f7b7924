"""What OpenAI's two protocols have in common: how they state usage, and how they write an error.

In: the `usage` of an answer. Out: `Usage`.
Refuses to do: telling one provider from another. Where they differ, the numbers themselves tell.

Sources: OpenAI API reference, "chat completion object" and "the response object"; OpenRouter, "usage accounting"
(`cost`, `cache_write_tokens`); xAI, "cost tracking" (`cost_in_usd_ticks`, 10^10 to a dollar).
"""

from collections.abc import Mapping
from decimal import Decimal

from driftlang.gateway.protocols.forms import openai_error
from driftlang.gateway.usage import (
    Usage,
    read_count,
    read_dollars,
    read_part,
    with_cache_included,
    with_reasoning_included,
)

_TICK = Decimal(1).scaleb(-10)


class OpenAIErrors:
    """A protocol whose errors are OpenAI's."""

    def error_body(self, status: int, message: str, code: str) -> bytes:  # noqa: ARG002 - another protocol's needs it
        """See `Protocol`."""
        return openai_error(message, code)


def read_usage(stated: Mapping[str, object], prompt_name: str, completion_name: str) -> Usage:
    """The usage that is stated, whose counts of prompt and completion have these names."""
    prompt_parts = read_part(stated, f"{prompt_name}_details")
    reasoning = read_count(read_part(stated, f"{completion_name}_details"), "reasoning_tokens")
    prompt = read_count(stated, prompt_name)
    cached = read_count(prompt_parts, "cached_tokens") or read_count(stated, "prompt_cache_hit_tokens")
    total = read_count(stated, "total_tokens")
    completion = with_reasoning_included(read_count(stated, completion_name), reasoning, prompt, total)
    cost = read_dollars(stated, "cost")
    return Usage(
        prompt_tokens=with_cache_included(prompt, cached),
        completion_tokens=completion,
        cached_tokens=cached,
        cache_write_tokens=min(read_count(prompt_parts, "cache_write_tokens"), max(prompt - cached, 0)),
        reasoning_tokens=reasoning,
        stated_dollars=cost if cost is not None else read_dollars(stated, "cost_in_usd_ticks", _TICK),
        is_stated=True,
    )
