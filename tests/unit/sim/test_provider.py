"""The simulated provider speaks the OpenAI chat-completions protocol over real HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from simulated_world import DIRECTORY, STEPS, TOOLS, playbook

from driftlang.gateway.forms import Upstream
from driftlang.sim.server import SimulatedProvider

PATH = f"{DIRECTORY}/billing/{STEPS[0]}.py"
STUB_READ = f"<path>{PATH}</path>\n<content>\n1: def connect():\n2:     raise NotImplementedError\n\n(End of file\n"


def _body(*further: dict[str, object], **options: object) -> dict[str, object]:
    played = playbook("sim/keeper")
    messages = [
        {"role": "system", "content": f"<env>\n  Working directory: {DIRECTORY}\n</env>"},
        {"role": "user", "content": [{"type": "text", "text": played.turns[0].text}]},
        *further,
    ]
    tools = [{"type": "function", "function": {"name": name}} for name in TOOLS]
    return {"model": "keeper", "messages": messages, "tools": tools, **options}


def _with(check: Callable[[httpx.AsyncClient, SimulatedProvider, Upstream], Awaitable[None]]) -> None:
    """Run `check` with a client that carries the key of a keeper's playbook."""

    async def go() -> None:
        async with SimulatedProvider() as provider:
            upstream = provider.open(playbook("sim/keeper"))
            headers = {"Authorization": f"Bearer {upstream.api_key}"}
            base = f"{upstream.base_url}/"
            async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=10) as client:
                await check(client, provider, upstream)

    asyncio.run(go())


def _events(stream: str) -> list[str]:
    """A small reader of its own: every event is one `data:` line and an empty line."""
    assert stream.endswith("\n\n")
    events = stream[:-2].split("\n\n")
    assert all(event.startswith("data: ") and "\n" not in event for event in events)
    return [event.removeprefix("data: ") for event in events]


def _gather(chunks: list[dict[str, object]]) -> tuple[str, dict[str, str], list[str]]:
    """The text, the call and the finish reasons that a stream's chunks make."""
    text, call, finishes = "", {"id": "", "name": "", "arguments": ""}, []
    for chunk in chunks:
        for choice in chunk["choices"]:
            delta = choice["delta"]
            text += delta.get("content") or ""
            for piece in delta.get("tool_calls", ()):
                assert piece["index"] == 0
                call["id"] += piece.get("id", "")
                call["name"] += piece["function"].get("name", "")
                call["arguments"] += piece["function"]["arguments"]
            finishes += [choice["finish_reason"]] if choice["finish_reason"] else []
    return text, call, finishes


def test_a_call_is_streamed_in_pieces_with_role_finish_reason_usage_and_end():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        body = _body(stream=True, stream_options={"include_usage": True})
        response = await client.post("chat/completions", json=body)
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        *events, end = _events(response.text)
        chunks = [json.loads(event) for event in events]
        text, call, finishes = _gather(chunks)
        assert (text, call["name"], json.loads(call["arguments"])) == ("", "read", {"filePath": PATH})
        assert (finishes, end) == (["tool_calls"], "[DONE]")
        assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
        assert {(chunk["object"], chunk["model"]) for chunk in chunks} == {("chat.completion.chunk", "keeper")}
        assert len({chunk["id"] for chunk in chunks}) == 1
        assert chunks[-1]["choices"] == []
        usage = chunks[-1]["usage"]
        assert usage["prompt_tokens"] == -(-len(response.request.content) // 4)
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]

    _with(check)


def test_arguments_are_split_over_several_chunks():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        read = {"id": "c1", "function": {"name": "read", "arguments": json.dumps({"filePath": PATH})}}
        history = (
            {"role": "assistant", "content": None, "tool_calls": [read]},
            {"role": "tool", "tool_call_id": "c1", "content": STUB_READ},
        )
        response = await client.post("chat/completions", json=_body(*history, stream=True))
        chunks = [json.loads(event) for event in _events(response.text)[:-1]]
        pieces = [choice["delta"]["tool_calls"] for chunk in chunks for choice in chunk["choices"]
                  if "tool_calls" in choice["delta"]]  # fmt: skip
        _, call, _ = _gather(chunks)
        assert len(pieces) > 2
        assert json.loads(call["arguments"])["newString"] == '    return "qa-7731"'
        assert not any("usage" in chunk for chunk in chunks)

    _with(check)


def test_a_whole_answer_says_the_same_as_a_stream():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        whole = (await client.post("chat/completions", json=_body())).json()
        stream = (await client.post("chat/completions", json=_body(stream=True))).text
        _, call, finishes = _gather([json.loads(event) for event in _events(stream)[:-1]])
        (choice,) = whole["choices"]
        (made,) = choice["message"]["tool_calls"]
        assert (made["id"], made["function"]) == (call["id"], {"name": "read", "arguments": call["arguments"]})
        assert (whole["object"], [choice["finish_reason"]]) == ("chat.completion", finishes)
        assert whole["usage"]["total_tokens"] > whole["usage"]["completion_tokens"] > 0

    _with(check)


def test_equal_requests_get_the_same_bytes():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        answers = [(await client.post("chat/completions", json=_body(stream=True))).content for _ in range(3)]
        assert answers == answers[:1] * 3

    _with(check)


def test_the_model_is_listed():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        listed = (await client.get("models")).json()
        assert (listed["object"], [model["id"] for model in listed["data"]]) == ("list", ["keeper"])

    _with(check)


def test_a_playbook_can_be_served_under_another_models_name():
    async def check(client: httpx.AsyncClient, provider: SimulatedProvider, _: Upstream) -> None:
        key = provider.open(playbook("sim/keeper"), model="subject").api_key
        headers = {"Authorization": f"Bearer {key}"}
        body = {**_body(), "model": "subject"}
        assert (await client.post("chat/completions", json=body, headers=headers)).status_code == 200

    _with(check)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "invalid_request_error"),
        (b"\xff", 400, "invalid_request_error"),
        (b"[]", 400, "invalid_request_error"),
        (b'{"messages":[{"role":"user"}]}', 400, "invalid_request_error"),
        (b'{"model":"keeper","messages":[]}', 400, "invalid_request_error"),
        (b'{"model":"keeper","messages":["hello"]}', 400, "invalid_request_error"),
        (b'{"model":"gpt","messages":[{"role":"user","content":"hello"}]}', 404, "model_not_found"),
    ],
)
def test_bad_requests_get_errors_in_the_protocols_form(content: bytes, status: int, code: str):
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        response = await client.post("chat/completions", content=content)
        error = response.json()["error"]
        assert (response.status_code, error["code"], sorted(error)) == (
            status,
            code,
            ["code", "message", "param", "type"],
        )

    _with(check)


@pytest.mark.parametrize("headers", [{"Authorization": ""}, {"Authorization": "Bearer sk-other"}])
def test_a_missing_or_unknown_key_is_401(headers: dict[str, str]):
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        responses = [
            await client.post("chat/completions", json=_body(), headers=headers),
            await client.get("models", headers=headers),
        ]
        assert [(r.status_code, r.json()["error"]["code"]) for r in responses] == [(401, "invalid_api_key")] * 2

    _with(check)


def test_a_closed_playbooks_key_is_unknown():
    async def check(client: httpx.AsyncClient, provider: SimulatedProvider, upstream: Upstream) -> None:
        provider.close(upstream)
        assert (await client.post("chat/completions", json=_body())).status_code == 401

    _with(check)


def test_another_address_is_404():
    async def check(client: httpx.AsyncClient, *_: object) -> None:
        response = await client.post("embeddings", json={})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_url")

    _with(check)
