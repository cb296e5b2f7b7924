"""A route that is served on a socket of its own, and there alone."""

import asyncio
import socket

import httpx
from scripted_upstream import answer, world

URL = "http://127.0.0.1:{port}/v1"


def _listener() -> tuple[socket.socket, str]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    return listener, URL.format(port=listener.getsockname()[1])


def test_a_call_to_the_socket_is_passed_on_and_recorded():
    async def call() -> tuple[bytes, str, str]:
        async with world(answer(b'{"ok":true}')) as here:
            listener, url = _listener()
            route = here.gateway.open(trial="own", attempt=1, upstream=here.route.upstream, base_url=url)
            async with here.gateway.attended(route, listener):
                given = await here.agent.post(f"{url}/chat/completions", content=b"{}")
            kept = await here.exchange()
            return given.content, kept.trial, kept.path

    assert asyncio.run(call()) == (b'{"ok":true}', "own", "/v1/chat/completions")


def test_such_a_route_is_reached_nowhere_else_and_reaches_no_other():
    async def statuses() -> list[int]:
        async with world(answer(b"{}")) as here:
            listener, url = _listener()
            route = here.gateway.open(trial="own", attempt=1, upstream=here.route.upstream, base_url=url)
            shared = here.route.base_url.rpartition("/")[0]
            async with here.gateway.attended(route, listener):
                origin = url.removesuffix("/v1")
                token = shared.rpartition("/")[2]
                asked = [f"{origin}/{token}/v1/models", f"{shared.rpartition('/')[0]}/v1/models"]
                return [(await here.agent.get(one)).status_code for one in asked]

    assert asyncio.run(statuses()) == [404, 404]


def test_after_the_context_nobody_listens():
    async def ask() -> None:
        async with world(answer(b"{}")) as here:
            listener, url = _listener()
            route = here.gateway.open(trial="own", attempt=1, upstream=here.route.upstream, base_url=url)
            async with here.gateway.attended(route, listener):
                pass
            await here.agent.get(f"{url}/models")

    try:
        asyncio.run(ask())
    except httpx.ConnectError:
        return
    raise AssertionError("somebody answered")
