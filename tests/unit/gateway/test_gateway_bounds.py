"""What the gateway does when a call goes wrong, goes on for ever, or grows too large."""

import asyncio
import socket

import httpx
import pytest
from aiohttp import web
from attrs import evolve
from scripted_upstream import answer, stream, world

from driftlang.gateway.forms import RouteLimits, Upstream

DONE = b"data: [DONE]\n\n"


def _error_of(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an error; fails when it is not of the protocol's form."""
    error = response.json()["error"]
    assert sorted(error) == ["code", "message", "param", "type"]
    return response.status_code, error["code"]


def test_calls_beyond_the_turns_limit_are_answered_400_and_the_route_is_marked():
    async def go() -> None:
        async with world(stream(DONE), RouteLimits(turn_calls=2)) as here:
            here.route.begin(1)
            statuses = [(await here.post()).status_code for _ in range(2)]
            marked_early = here.route.exceeded
            refused = _error_of(await here.post())
            assert (statuses, marked_early, refused) == ([200, 200], "", (400, "limit_exceeded"))
            assert here.route.exceeded == "more than 2 model calls in one turn"
            assert (len(here.requests), here.route.turn_usage().calls) == (2, 2)
            assert [exchange.status for exchange in here.exchanges] == [200, 200, 400]

    asyncio.run(go())


def test_the_count_of_calls_begins_anew_with_each_turn():
    async def go() -> None:
        async with world(stream(DONE), RouteLimits(turn_calls=1)) as here:
            statuses = []
            for position in (1, 2, 3):
                here.route.begin(position)
                statuses.append((await here.post()).status_code)
            assert (statuses, here.route.exceeded) == ([200, 200, 200], "")

    asyncio.run(go())


def test_a_request_over_its_bound_never_reaches_the_provider():
    async def go() -> None:
        async with world(stream(DONE), RouteLimits(request_bytes=1000)) as here:
            refused = _error_of(await here.post(b"x" * 200_000))
            later = _error_of(await here.post(b"{}"))
            assert (refused, later) == ((400, "limit_exceeded"),) * 2
            assert here.requests == []
            assert here.route.exceeded == "a request of more than 1000 bytes"

    asyncio.run(go())


def test_a_stream_over_its_bound_is_broken_off_and_the_route_is_marked():
    async def go() -> None:
        async with world(stream(b"x" * 600, b"y" * 600), RouteLimits(answer_bytes=1000)) as here:
            with pytest.raises(httpx.RemoteProtocolError):
                await here.post()
            assert (await here.exchange()).error == here.route.exceeded == "an answer of more than 1000 bytes"

    asyncio.run(go())


def test_a_provider_that_breaks_off_is_recorded_as_far_as_it_came_and_broken_off_for_the_agent():
    """A clean end would make the agent ask again at once and without bound."""

    async def go() -> None:
        async with world(stream(b"data: half", ends_well=False)) as here:
            with pytest.raises(httpx.RemoteProtocolError):
                await here.post()
            exchange = await here.exchange()
            assert (exchange.status, exchange.response) == (200, b"data: half")
            assert exchange.error == "the provider broke off amid its answer (RemoteProtocolError)"

    asyncio.run(go())


def test_an_agent_that_goes_away_is_recorded_and_ends_the_providers_call():
    async def go() -> None:
        cancelled = asyncio.Event()

        async def handle(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"begun")
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()
            return response

        async with world(handle) as here:
            url = f"{here.route.base_url}/chat/completions"
            async with here.agent.stream("POST", url, content=b"{}") as response:
                await anext(response.aiter_raw())
            exchange = await here.exchange()
            await asyncio.wait_for(cancelled.wait(), 10)
            assert (exchange.response, exchange.status) == (b"begun", 200)
            assert exchange.error == "the connection to the agent closed before the answer ended"

    asyncio.run(go())


def test_an_agent_that_leaves_after_the_last_event_has_had_its_answer():
    async def go() -> None:
        async def handle(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            await response.write(b"data: {}\n\n" + DONE)
            await asyncio.Event().wait()
            return response

        async with world(handle) as here:
            url = f"{here.route.base_url}/chat/completions"
            async with here.agent.stream("POST", url, content=b"{}") as response:
                await anext(response.aiter_raw())
            assert (await here.exchange()).error == ""

    asyncio.run(go())


def test_a_provider_that_cannot_be_reached_is_a_502():
    async def go() -> None:
        async with world(answer(b"{}")) as here:
            with socket.socket() as taken:
                # Bound and not listening: connections are refused, and nothing else can take the port.
                taken.bind(("127.0.0.1", 0))
                nowhere = Upstream(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "k")
                route = here.gateway.open(trial="t", attempt=1, upstream=nowhere)
                refused = _error_of(await here.agent.post(f"{route.base_url}/chat/completions", content=b"{}"))
            exchange = await here.exchange()
            assert (refused, exchange.status) == ((502, "unreachable"), 502)
            assert exchange.error == "the provider is out of reach (ConnectError)"

    asyncio.run(go())


def test_a_provider_that_says_nothing_is_a_504_and_one_that_falls_silent_is_broken_off():
    async def never(_: web.Request) -> web.StreamResponse:
        return await asyncio.Event().wait()

    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        return await asyncio.Event().wait()

    async def go() -> None:
        limits = RouteLimits(silence_seconds=0.05)
        async with world(never, limits) as here:
            assert _error_of(await here.post()) == (504, "timeout")
            assert (await here.exchange()).error == "the provider did not answer in time (ReadTimeout)"
        async with world(half, limits) as here:
            with pytest.raises(httpx.RemoteProtocolError):
                await here.post()
            assert (await here.exchange()).error == "the provider fell silent for 0.05 s amid its answer"

    asyncio.run(go())


def test_a_record_that_cannot_be_kept_stops_the_route():
    async def go() -> None:
        async with world(stream(DONE)) as here:

            def fail(_: object) -> None:
                raise OSError(28, "No space left on device")

            here.route._record = fail
            first = (await here.post()).status_code
            second = _error_of(await here.post())
            assert (first, second) == (200, (400, "limit_exceeded"))
            assert here.route.exceeded == "a model call could not be recorded: [Errno 28] No space left on device"

    asyncio.run(go())


def test_the_providers_own_errors_pass_unchanged():
    body = b'{"error":{"message":"slow down","type":"rate","param":null,"code":"rate_limit"}}'

    async def go() -> None:
        async with world(answer(body, 429)) as here:
            response = await here.post()
            exchange = await here.exchange()
            assert (response.status_code, response.content) == (429, body)
            assert evolve(exchange, started=0.0, seconds=0.0).error == "the provider answered 429"

    asyncio.run(go())


def test_closing_the_gateway_records_what_is_still_under_way():
    async def go() -> None:
        arrived = asyncio.Event()

        async def never(_: web.Request) -> web.StreamResponse:
            arrived.set()
            return await asyncio.Event().wait()

        async with world(never) as here:
            call = asyncio.create_task(here.post())
            await asyncio.wait_for(arrived.wait(), 10)
            await here.gateway.__aexit__(None, None, None)
            with pytest.raises(httpx.RemoteProtocolError):
                await call
            assert [exchange.status for exchange in here.exchanges] == [0]

    asyncio.run(go())
