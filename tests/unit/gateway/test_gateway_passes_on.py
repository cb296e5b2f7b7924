"""The gateway changes nothing of what agent and provider say to each other, and keeps all of it."""

import asyncio
import gzip
import json

import httpx
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_upstream import KEY, World, answer, stream, world

from driftlang.gateway.headers import for_upstream

USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":70,"completion_tokens":5,"total_tokens":75}}\n\n'
DONE = b"data: [DONE]\n\n"


def test_bodies_pass_byte_for_byte_in_both_directions_and_are_recorded_so():
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=st.binary(min_size=1, max_size=5000), said=st.lists(st.binary(min_size=1, max_size=2000), max_size=5))
    def check(asked: bytes, said: list[bytes]) -> None:
        async def go() -> None:
            async with world(stream(*said)) as here:
                response = await here.post(asked)
                whole = b"".join(said)
                exchange = await here.exchange()
                assert (here.requests[0][1], response.content) == (asked, whole)
                assert (exchange.request, exchange.response, exchange.error) == (asked, whole, "")

        asyncio.run(go())

    check()


def test_an_answer_reaches_the_agent_while_the_provider_is_still_speaking():
    async def go() -> None:
        may_end = asyncio.Event()

        async def handle(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"first")
            await may_end.wait()
            await response.write(b"second")
            return response

        async with world(handle) as here:
            url = f"{here.route.base_url}/chat/completions"
            async with asyncio.timeout(10), here.agent.stream("POST", url, content=b"{}") as response:
                pieces = response.aiter_raw()
                assert await anext(pieces) == b"first"
                may_end.set()
                assert await anext(pieces) == b"second"

    asyncio.run(go())


def test_status_headers_path_and_query_are_those_of_the_two_ends():
    async def go() -> None:
        async with world(answer(b"{}", 418, {"X-Request-Id": "r1"})) as here:
            response = await here.agent.get(f"{here.route.base_url}/models/a%20b?x=1", headers={"X-Own": "o"})
            sent, _ = here.requests[0]
            assert (response.status_code, response.headers["x-request-id"]) == (418, "r1")
            assert (sent.method, sent.raw_path, sent.headers["X-Own"]) == ("GET", "/api/v1/models/a%20b?x=1", "o")
            assert (await here.exchange()).path == "/v1/models/a%20b?x=1"

    asyncio.run(go())


def test_usage_of_a_stream_is_counted_for_the_turn_and_recorded():
    async def go() -> None:
        async with world(stream(b'data: {"usage":null}\n\n', USAGE[:30], USAGE[30:], DONE)) as here:
            here.route.begin(3)
            await here.post(headers={"x-session-id": "ses_1"})
            await here.post()
            usage = here.route.turn_usage()
            here.route.end()
            await here.post()
            assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (2, 140, 10)
            assert here.route.turn_usage() == usage
            kept = [(e.position, e.sequence, e.session, e.prompt_tokens, e.attempt) for e in here.exchanges]
            assert kept == [(3, 1, "ses_1", 70, 2), (3, 2, "", 70, 2), (0, 3, "", 70, 2)]

    asyncio.run(go())


def test_usage_of_a_whole_answer_is_recorded():
    body = json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}).encode()

    async def go() -> None:
        async with world(answer(body, headers={"Content-Type": "application/json"})) as here:
            await here.post()
            exchange = await here.exchange()
            assert (exchange.prompt_tokens, exchange.completion_tokens) == (7, 2)

    asyncio.run(go())


def test_a_provider_that_compresses_although_not_asked_to_is_recorded_in_clear():
    async def go() -> None:
        handler = answer(gzip.compress(b'{"clear":1}'), headers={"Content-Encoding": "gzip"})
        async with world(handler) as here:
            response = await here.post()
            assert here.requests[0][0].headers["Accept-Encoding"] == "identity"
            assert (response.content, (await here.exchange()).response) == (b'{"clear":1}',) * 2

    asyncio.run(go())


@pytest.mark.parametrize(
    ("header", "given", "expected"),
    [
        ("authorization", "Bearer dummy", f"Bearer {KEY}"),
        ("x-api-key", "dummy", KEY),
        ("api-key", "dummy", KEY),
    ],
)
def test_the_key_takes_the_place_of_the_agents_own(header: str, given: str, expected: str):
    async def go() -> None:
        async with world(answer(b"{}")) as here:
            await here.post(headers={header: given})
            assert here.requests[0][0].headers.getall(header) == [expected]

    asyncio.run(go())


def test_a_provider_without_a_key_is_sent_none_whatever_the_agent_puts_there():
    sent = for_upstream([("Authorization", "Bearer agent"), ("x-api-key", "agent"), ("X-Trace", "1")], "")
    assert sent == [("X-Trace", "1"), ("Accept-Encoding", "identity")]


def test_the_key_is_in_no_record_even_when_the_provider_quotes_it():
    async def go() -> None:
        async with world(answer(b"wrong key " + KEY.encode(), 401)) as here:
            response = await here.post(headers={"authorization": "Bearer dummy"})
            assert (response.status_code, response.content) == (401, b"wrong key " + b"*" * len(KEY))
            assert KEY not in repr(await here.exchange()) + repr(here.route.upstream) + str(vars(here.route))

    asyncio.run(go())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"retry-after": "7"}, "7"),
        ({"retry-after": "3600"}, "30"),
        ({"retry-after": "Fri, 31 Dec 2999 23:59:59 GMT"}, "30"),
        ({"retry-after": "soon"}, "30"),
        ({"retry-after-ms": "1500"}, "1500"),
        ({"retry-after-ms": "3600000"}, "30000"),
    ],
)
def test_a_wait_that_the_provider_asks_for_is_bounded(given: dict[str, str], expected: str):
    async def go() -> None:
        async with world(answer(b"{}", 429, given)) as here:
            response = await here.post()
            assert (response.status_code, response.headers[next(iter(given))]) == (429, expected)

    asyncio.run(go())


def test_the_address_of_a_route_tells_nothing_and_another_one_leads_nowhere():
    async def go() -> None:
        async with world(answer(b"{}")) as here:
            token = httpx.URL(here.route.base_url).path.split("/")[1]
            other = here.route.base_url.replace(token, "0" * 32)
            assert (len(token), set(token) <= set("0123456789abcdef")) == (32, True)
            assert (await here.agent.post(f"{other}/chat/completions")).status_code == 404
            here.route.close()
            assert (await here.post()).status_code == 404
            assert here.requests == []

    asyncio.run(go())


def test_a_path_cannot_leave_the_providers_base():
    async def go(here_path: str) -> int:
        async with world(answer(b"{}")) as here:
            host = here.route.base_url.removeprefix("http://").partition("/")
            status = await _raw_status(host[0], f"/{host[2]}{here_path}")
            assert here.requests == []
            return status

    assert [asyncio.run(go(path)) for path in ("/%2e%2e/admin", "/..%2Fadmin")] == [404, 404]


async def _raw_status(address: str, target: str) -> int:
    """The status for a target that an HTTP client would tidy up."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await writer.wait_closed()
    return int(status.split()[1])


def test_each_route_has_its_own_counts_and_trial():
    async def go() -> None:
        async with world(answer(b"{}")) as here:
            second = here.gateway.open(trial="u", attempt=1, upstream=here.route.upstream)
            second.begin(1)
            here.route.begin(1)
            await here.post()
            await World(second, here.agent, here.gateway, [], here.recorded).post()
            await World(second, here.agent, here.gateway, [], here.recorded).post()
            assert [e.trial for e in here.exchanges] == ["t", "u", "u"]
            assert (here.route.turn_usage().calls, second.turn_usage().calls) == (1, 2)

    asyncio.run(go())
