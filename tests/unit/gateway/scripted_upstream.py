"""A provider for tests of the gateway: an HTTP server that does what a test's handler says and keeps what it got."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from aiohttp import web
from attrs import define, field

from driftlang.gateway.forms import Exchange, RouteLimits, Upstream
from driftlang.gateway.route import Route
from driftlang.gateway.server import Gateway

KEY = "sk-the-real-key-0123456789"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@define
class World:
    """A gateway between a client (the agent) and a scripted provider."""

    route: Route
    agent: httpx.AsyncClient
    gateway: Gateway
    exchanges: list[Exchange]
    recorded: asyncio.Event
    requests: list[tuple[web.Request, bytes]] = field(factory=list)

    async def post(self, content: bytes = b"{}", **options) -> httpx.Response:
        """Ask for a completion, as the agent."""
        return await self.agent.post(f"{self.route.base_url}/chat/completions", content=content, **options)

    async def exchange(self, number: int = 1) -> Exchange:
        """The call recorded as the `number`-th; waits until it is."""
        async with asyncio.timeout(10):
            while len(self.exchanges) < number:
                await self.recorded.wait()
                self.recorded.clear()
        return self.exchanges[number - 1]


@asynccontextmanager
async def world(handler: Handler, limits: RouteLimits | None = None) -> AsyncIterator[World]:
    """Everything started on free ports, and stopped at the end."""
    exchanges: list[Exchange] = []
    recorded = asyncio.Event()
    requests: list[tuple[web.Request, bytes]] = []

    def record(exchange: Exchange) -> None:
        exchanges.append(exchange)
        recorded.set()

    async def keep(request: web.Request) -> web.StreamResponse:
        requests.append((request, await request.read()))
        return await handler(request)

    application = web.Application(client_max_size=2**30)
    application.router.add_route("*", "/{rest:.*}", keep)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    upstream = Upstream(f"http://127.0.0.1:{port}/api/v1", KEY)
    try:
        async with Gateway(record) as gateway, httpx.AsyncClient(trust_env=False, timeout=10) as agent:
            route = gateway.open(trial="t", attempt=2, upstream=upstream, limits=limits or RouteLimits())
            yield World(route, agent, gateway, exchanges, recorded, requests)
    finally:
        await runner.cleanup()


def answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    """A handler that gives one answer."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return handle


def stream(*pieces: bytes, ends_well: bool = True) -> Handler:
    """A handler that streams events, and then ends, or breaks the connection off."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        if not ends_well:
            request.transport.close()
        return response

    return handle
