"""Anthropic's Messages as Anthropic streams them."""

import json
from collections.abc import Iterator

from provider_model import Counts, Reply
from provider_servers import Asked, event, pieces


class MessagesWire:
    """Messages."""

    path = "/messages"
    writes_cache = True
    thinks = False

    def __init__(self, model: str) -> None:
        self.model = model

    def asked(self, body: dict[str, object]) -> Asked:
        """The last text of the user, and the results behind it."""
        assert isinstance(body["messages"], list)
        assert isinstance(body["tools"], list)
        text, results = "", 0
        for message in body["messages"]:
            if message["role"] != "user":
                continue
            for block in message["content"]:
                if block["type"] == "text":
                    text, results = block["text"], 0
                results += block["type"] == "tool_result"
        return Asked(text, results, [tool["name"] for tool in body["tools"]])

    def error(self, message: str, code: str) -> bytes:
        """An error as Anthropic writes it."""
        return json.dumps({"type": "error", "error": {"type": code, "message": message}}).encode()

    def events(self, reply: Reply, counts: Counts, number: int) -> Iterator[bytes]:
        """Every event of the reference; usage first at the start, then, cumulative, at the end."""
        for data in self._events(reply, counts, number):
            yield event(data, str(data["type"]))

    def _events(self, reply: Reply, counts: Counts, number: int) -> Iterator[dict[str, object]]:
        usage = {
            "input_tokens": counts.fresh,
            "cache_creation_input_tokens": counts.written,
            "cache_read_input_tokens": counts.cached,
            "cache_creation": {"ephemeral_5m_input_tokens": counts.written, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 1,
            "service_tier": "standard",
        }
        message = {"id": f"msg_{number}", "type": "message", "role": "assistant", "model": self.model, "content": []}
        yield {"type": "message_start", "message": {**message, "stop_reason": None, "usage": usage}}
        yield {"type": "ping"}
        blocks: list[tuple[dict[str, object], str, str]] = []
        if reply.text:
            blocks.append(({"type": "text", "text": ""}, "text_delta", reply.text))
        for call in reply.calls:
            block = {"type": "tool_use", "id": call.id, "name": call.tool, "input": {}}
            blocks.append((block, "input_json_delta", json.dumps(call.arguments)))
        for index, (block, kind, text) in enumerate(blocks):
            yield {"type": "content_block_start", "index": index, "content_block": block}
            name = "text" if kind == "text_delta" else "partial_json"
            for piece in pieces(text):
                yield {"type": "content_block_delta", "index": index, "delta": {"type": kind, name: piece}}
            yield {"type": "content_block_stop", "index": index}
        reason = "tool_use" if reply.calls else "end_turn"
        said = {"output_tokens": counts.said}
        yield {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": said}
        yield {"type": "message_stop"}
