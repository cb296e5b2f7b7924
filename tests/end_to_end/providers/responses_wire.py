"""OpenAI's Responses as OpenAI and xAI stream them."""

import json
from collections.abc import Iterator
from itertools import count

from provider_model import Counts, Reply, ToolCall
from provider_servers import Asked, event, pieces

Event = tuple[str, dict[str, object]]


class ResponsesWire:
    """Responses; with `tick_price` (ticks for a token of fresh, cached and said) the cost is stated, as xAI does."""

    path = "/responses"
    writes_cache = False
    thinks = True

    def __init__(self, model: str, tick_price: tuple[int, int, int] | None = None) -> None:
        self.model = model
        self._tick_price = tick_price

    def asked(self, body: dict[str, object]) -> Asked:
        """The last message of the user, and the results behind it."""
        assert isinstance(body["input"], list)
        assert isinstance(body["tools"], list)
        text, results = "", 0
        for item in body["input"]:
            if item.get("role") == "user":
                text, results = "".join(part["text"] for part in item["content"]), 0
            results += item.get("type") == "function_call_output"
        return Asked(text, results, [tool["name"] for tool in body["tools"]])

    def error(self, message: str, code: str) -> bytes:
        """An error as OpenAI writes it."""
        return json.dumps({"error": {"message": message, "type": "x", "param": None, "code": code}}).encode()

    def events(self, reply: Reply, counts: Counts, number: int) -> Iterator[bytes]:
        """Every event of the reference, numbered."""
        sequence = count()
        for name, data in self._events(reply, counts, number):
            yield event({"type": name, "sequence_number": next(sequence), **data}, name)

    def _events(self, reply: Reply, counts: Counts, number: int) -> Iterator[Event]:
        begun = self._response(number, "in_progress", [], None)
        yield "response.created", {"response": begun}
        yield "response.in_progress", {"response": begun}
        output: list[dict[str, object]] = []
        if reply.thought:
            yield from _thought(reply.thought, number, output)
        if reply.text:
            yield from _message(reply.text, number, output)
        for call in reply.calls:
            yield from _call(call, output)
        yield "response.completed", {"response": self._response(number, "completed", output, self._usage(counts))}

    def _usage(self, counts: Counts) -> dict[str, object]:
        prompt, completion = counts.fresh + counts.cached, counts.said + counts.thought
        usage: dict[str, object] = {
            "input_tokens": prompt,
            "input_tokens_details": {"cached_tokens": counts.cached},
            "output_tokens": completion,
            "output_tokens_details": {"reasoning_tokens": counts.thought},
            "total_tokens": prompt + completion,
        }
        if self._tick_price is not None:
            usage["num_sources_used"] = 0
            usage["cost_in_usd_ticks"] = self.ticks_of(counts)
        return usage

    def ticks_of(self, counts: Counts) -> int:
        """What a call costs, in ticks of a ten-thousand-millionth of a dollar."""
        assert self._tick_price is not None
        fresh, cached, said = self._tick_price
        return counts.fresh * fresh + counts.cached * cached + (counts.said + counts.thought) * said

    def _response(self, number: int, status: str, output: object, usage: object) -> dict[str, object]:
        return {
            "id": f"resp_{number}",
            "object": "response",
            "created_at": 1_735_689_600,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "model": self.model,
            "output": output,
            "parallel_tool_calls": True,
            "store": False,
            "usage": usage,
        }


def _thought(text: str, number: int, output: list[dict[str, object]]) -> Iterator[Event]:
    where = {"item_id": f"rs_{number}", "output_index": len(output), "summary_index": 0}
    item: dict[str, object] = {"id": f"rs_{number}", "type": "reasoning", "status": "in_progress", "summary": []}
    yield "response.output_item.added", {"output_index": len(output), "item": item}
    yield "response.reasoning_summary_part.added", {**where, "part": {"type": "summary_text", "text": ""}}
    for piece in pieces(text):
        yield "response.reasoning_summary_text.delta", {**where, "delta": piece}
    yield "response.reasoning_summary_text.done", {**where, "text": text}
    yield "response.reasoning_summary_part.done", {**where, "part": {"type": "summary_text", "text": text}}
    done = {
        **item,
        "status": "completed",
        "encrypted_content": "e",
        "summary": [{"type": "summary_text", "text": text}],
    }
    yield "response.output_item.done", {"output_index": len(output), "item": done}
    output.append(done)


def _message(text: str, number: int, output: list[dict[str, object]]) -> Iterator[Event]:
    where = {"item_id": f"msg_{number}", "output_index": len(output), "content_index": 0}
    item: dict[str, object] = {"id": f"msg_{number}", "type": "message", "role": "assistant", "content": []}
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    yield "response.output_item.added", {"output_index": len(output), "item": {**item, "status": "in_progress"}}
    yield "response.content_part.added", {**where, "part": {**part, "text": ""}}
    for piece in pieces(text):
        yield "response.output_text.delta", {**where, "delta": piece, "logprobs": []}
    yield "response.output_text.done", {**where, "text": text, "logprobs": []}
    yield "response.content_part.done", {**where, "part": part}
    done = {**item, "status": "completed", "content": [part]}
    yield "response.output_item.done", {"output_index": len(output), "item": done}
    output.append(done)


def _call(call: ToolCall, output: list[dict[str, object]]) -> Iterator[Event]:
    arguments = json.dumps(call.arguments)
    where = {"item_id": f"fc_{call.id}", "output_index": len(output)}
    item: dict[str, object] = {"id": f"fc_{call.id}", "type": "function_call", "call_id": call.id, "name": call.tool}
    begun = {**item, "arguments": "", "status": "in_progress"}
    yield "response.output_item.added", {"output_index": len(output), "item": begun}
    for piece in pieces(arguments):
        yield "response.function_call_arguments.delta", {**where, "delta": piece}
    yield "response.function_call_arguments.done", {**where, "name": call.tool, "arguments": arguments}
    done = {**item, "arguments": arguments, "status": "completed"}
    yield "response.output_item.done", {"output_index": len(output), "item": done}
    output.append(done)
