"""The gateway: the one model endpoint that agents can see.

In: an agent's HTTP requests to a route's address. Out: the provider's answers, byte for byte and as they arrive;
an `Exchange` of every call to the `record` that the gateway was made with.
Refuses to do: changing what is said. It replaces keys, a model's alias, hop-by-hop headers and compression, bounds
waits and sizes, holds what the provider wants later, and answers by itself only where there is no answer to pass on.
"""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import httpx
from aiohttp import web

from driftlang.gateway.forms import Exchange, RouteLimits, Upstream
from driftlang.gateway.loopback import SHUTDOWN, LoopbackServer
from driftlang.gateway.passage import Passage, nowhere
from driftlang.gateway.route import Route

_USUAL_LIMITS = RouteLimits()
#: Providers stand behind a user's own proxy settings; what runs on this machine does not.
_DIRECT = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class Gateway(LoopbackServer):
    """Serves routes on a free port of 127.0.0.1, or each on a socket of its own, while its context is open.

    Args:
        record: called once for every call, in the event loop's thread, before the agent can see the answer's end.
            When it raises, the route passes nothing on any more (see `Route.exceeded`).
    """

    #: An agent that goes away must end its handler, or its call would go on and be paid for.
    cancels = True

    def __init__(self, record: Callable[[Exchange], None]) -> None:
        self._record = record
        self._routes: dict[str, Route] = {}

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{token}/{rest:.*}", self._serve)
        return application

    def _forget(self) -> None:
        self._routes.clear()

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=32),
            mounts=dict.fromkeys(_DIRECT),
        )
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, trouble, traceback)
        await self._client.aclose()

    def open(  # noqa: PLR0913 - all by name
        self,
        *,
        trial: str,
        attempt: int,
        upstream: Upstream,
        limits: RouteLimits = _USUAL_LIMITS,
        base_url: str = "",
        called: Callable[[], None] = lambda: None,
    ) -> Route:
        """A new route for one attempt at a trial, with an address of its own.

        With a `base_url` it has that one, and is to be `attended` there: it cannot be reached on this machine's
        loopback. `called` is called with each call that comes in.
        """
        token = secrets.token_hex(16)
        route = Route(
            base_url=base_url or f"{self.address}/{token}/v1",
            trial=trial,
            attempt=attempt,
            upstream=upstream,
            limits=limits,
            record=self._record,
            forget=lambda: self._close(token),
            called=called,
        )
        if not base_url:
            self._routes[token] = route
        return route

    @asynccontextmanager
    async def attended(self, route: Route, listener: socket.socket) -> AsyncIterator[None]:
        """Serve `route` alone to what comes to `listener`, until the context ends and closes it."""
        loop = asyncio.get_running_loop()

        async def serve(request: web.BaseRequest) -> web.StreamResponse:
            return await self._carry(route, request, request.rel_url.raw_path_qs)

        handler = web.Server(serve, access_log=None, handler_cancellation=True)
        try:
            server = await loop.create_server(handler, sock=listener)
        except BaseException:
            listener.close()
            raise
        try:
            yield
        finally:
            server.close()
            await handler.shutdown(SHUTDOWN)

    def _close(self, token: str) -> None:
        self._routes.pop(token, None)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        route = self._routes.get(request.match_info["token"])
        if route is None:
            return nowhere()
        path = request.rel_url.raw_path_qs.removeprefix(f"/{request.match_info['token']}")
        return await self._carry(route, request, path)

    async def _carry(self, route: Route, request: web.BaseRequest, path: str) -> web.StreamResponse:
        call = route.enter(request.headers.get("x-session-id", ""), path)
        passage = Passage(route, call, request, self._client)
        try:
            return await passage.carry()
        except asyncio.CancelledError:
            passage.note_agent_gone()
            raise
        finally:
            passage.close()
