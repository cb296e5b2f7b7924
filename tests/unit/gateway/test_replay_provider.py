"""A recording is played byte for byte, in its order, to the same requests alone."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from driftlang.gateway.forms import Exchange
from driftlang.gateway.replay import Recording, ReplayProvider

STREAM = b'data: {"choices":[]}\n\ndata: [DONE]\n\n'


def _call(sequence: int, request: bytes, response: bytes = STREAM, **changed: object) -> Exchange:
    usual: dict[str, object] = {
        "trial": "t1",
        "attempt": 1,
        "position": 1,
        "sequence": sequence,
        "session": "ses_1",
        "path": "/v1/chat/completions",
        "status": 200,
        "started": 0.0,
        "seconds": 0.1,
        "prompt_tokens": 1,
        "completion_tokens": 1,
        "error": "",
        "request": request,
        "response": response,
    }
    return Exchange(**{**usual, **changed})  # type: ignore[arg-type] - as named above


def _played(recording: Recording, ask: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    """Run `ask` with a client of a provider that plays the recording."""

    async def play() -> None:
        async with ReplayProvider() as provider:
            upstream = provider.open(recording)
            headers = {"Authorization": f"Bearer {upstream.api_key}"}
            async with httpx.AsyncClient(base_url=upstream.base_url, headers=headers, timeout=20) as client:
                await ask(client)

    asyncio.run(play())


def test_answers_come_in_their_order_with_status_kind_and_bytes():
    calls = (_call(1, b"one"), _call(2, b"two", b'{"error":{}}', status=429, error="429"), _call(3, b"two"))
    recording = Recording(calls)

    async def ask(client: httpx.AsyncClient) -> None:
        for call, kind in zip(calls, ("text/event-stream", "application/json", "text/event-stream"), strict=True):
            answer = await client.post("/chat/completions", content=call.request)
            assert (answer.status_code, answer.content) == (call.status, call.response)
            assert answer.headers["content-type"] == kind

    _played(recording, ask)
    assert (recording.left, recording.deviation) == ("", "")


def test_another_request_is_refused_and_everything_behind_it():
    recording = Recording((_call(1, b"one"), _call(2, b"two")))

    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.post("/chat/completions", content=b"one")).status_code == 200
        for body in (b"three", b"two"):
            answer = await client.post("/chat/completions", content=body)
            assert answer.status_code == 400
            assert answer.json()["error"]["message"] == recording.deviation

    _played(recording, ask)
    assert recording.deviation == "the replay deviates at model call 2: recorded `two`, now `three`"
    assert recording.left == "the replay ended after 1 of 2 recorded model calls"


def test_another_endpoint_is_another_request():
    recording = Recording((_call(1, b"one"),))

    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.post("/responses", content=b"one")).status_code == 400

    _played(recording, ask)
    assert recording.deviation.endswith("recorded `/v1/chat/completions`, now `/v1/responses`")


def test_one_call_more_than_was_recorded_is_refused():
    recording = Recording((_call(1, b"one"),))

    async def ask(client: httpx.AsyncClient) -> None:
        await client.post("/chat/completions", content=b"one")
        assert (await client.post("/chat/completions", content=b"one")).status_code == 400

    _played(recording, ask)
    assert recording.deviation == "the replay deviates at model call 2: only 1 were recorded"


@pytest.mark.parametrize(
    "call",
    [_call(1, b"one", STREAM[:12], error="the provider broke off"), _call(1, b"one", b"", status=0, error="gone")],
)
def test_an_answer_that_was_cut_is_cut_again(call: Exchange):
    async def ask(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/chat/completions", content=b"one")

    _played(Recording((call,)), ask)


def test_sessions_that_went_on_side_by_side_may_come_in_another_order():
    recording = Recording((_call(1, b"a1"), _call(2, b"b1", session="ses_2"), _call(3, b"a2")))
    assert [recording.play("/v1/chat/completions", body) is not None for body in (b"b1", b"a1", b"a2")] == [True] * 3
    assert recording.left == ""


def test_a_key_of_no_recording_is_refused():
    async def ask(client: httpx.AsyncClient) -> None:
        answer = await client.post("/chat/completions", headers={"Authorization": "Bearer sk-other"})
        assert answer.status_code == 401

    _played(Recording(()), ask)
