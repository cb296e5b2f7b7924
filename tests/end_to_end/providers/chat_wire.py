"""Chat completions as OpenRouter and local servers stream them."""

import json
from collections.abc import Iterator

from provider_model import Counts, Reply
from provider_servers import Asked, event, pieces


class ChatWire:
    """Chat completions; with `states_cost` as OpenRouter does, with comments between events as well."""

    path = "/chat/completions"
    writes_cache = False
    thinks = True

    def __init__(self, model: str, *, states_cost: bool = False) -> None:
        self.model = model
        self._states_cost = states_cost

    def asked(self, body: dict[str, object]) -> Asked:
        """The last message of the user, and the results behind it."""
        assert isinstance(body["messages"], list)
        assert isinstance(body["tools"], list)
        text, results = "", 0
        for message in body["messages"]:
            if message["role"] == "user":
                content = message["content"]
                text, results = content if isinstance(content, str) else content[0]["text"], 0
            results += message["role"] == "tool"
        return Asked(text, results, [tool["function"]["name"] for tool in body["tools"]])

    def error(self, message: str, code: str) -> bytes:
        """An error as OpenAI writes it."""
        return json.dumps({"error": {"message": message, "type": "x", "param": None, "code": code}}).encode()

    def events(self, reply: Reply, counts: Counts, number: int) -> Iterator[bytes]:
        """Deltas, the reason of the end, usage, the end."""
        head = {"id": f"gen-{number}", "object": "chat.completion.chunk", "created": 1, "model": self.model}

        def chunk(delta: dict[str, object], finish: str | None = None) -> bytes:
            return event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        yield b": PROCESSING\n\n"
        yield chunk({"role": "assistant", "content": ""})
        for piece in pieces(reply.thought):
            yield chunk({"reasoning" if self._states_cost else "reasoning_content": piece})
        for piece in pieces(reply.text):
            yield chunk({"content": piece})
        for index, call in enumerate(reply.calls):
            begun = {"index": index, "id": call.id, "type": "function"}
            yield chunk({"tool_calls": [{**begun, "function": {"name": call.tool, "arguments": ""}}]})
            for piece in pieces(json.dumps(call.arguments)):
                yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield chunk({}, "tool_calls" if reply.calls else "stop")
        yield event({**head, "choices": [], "usage": self._usage(counts)})
        yield b"data: [DONE]\n\n"

    def _usage(self, counts: Counts) -> dict[str, object]:
        prompt, completion = counts.fresh + counts.cached, counts.said + counts.thought
        usage: dict[str, object] = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": counts.cached},
            "completion_tokens_details": {"reasoning_tokens": counts.thought},
        }
        if self._states_cost:
            usage["cost"] = counts.said / 1_000_000
        return usage
