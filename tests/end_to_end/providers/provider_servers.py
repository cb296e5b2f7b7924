"""Providers for tests: servers that speak a protocol as its reference says, and remember what they stated.

In: requests with the right key. Out: streamed answers; `stated`, the counts of every call as the server meant them;
`requests`, as they came.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web
from attrs import define, field, frozen
from provider_model import Counts, Reply, counts_of, reply_to


@frozen
class Asked:
    """What a server understands of a request."""

    text: str
    results: int
    tools: list[str]


class Wire(Protocol):
    """How one protocol is spoken."""

    path: str
    model: str
    writes_cache: bool
    thinks: bool

    def asked(self, body: dict[str, object]) -> Asked:
        """What the request wants."""

    def events(self, reply: Reply, counts: Counts, number: int) -> Iterator[bytes]:
        """The stream of the answer."""

    def error(self, message: str, code: str) -> bytes:
        """An error as the protocol writes it."""


@define
class ProviderServer:
    """One provider; started by `serving`."""

    wire: Wire
    key: str
    base_url: str = ""
    stated: list[Counts] = field(factory=list)
    requests: list[tuple[dict[str, str], dict[str, object]]] = field(factory=list)
    refusals: list[web.Response] = field(factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a model call, in pieces that part words and letters."""
        body = json.loads(await request.read())
        given = request.headers.get("x-api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != self.key:
            return self._error(401, "invalid key", "invalid_api_key")
        if body["model"] != self.wire.model:
            return self._error(404, f"no model {body['model']}", "model_not_found")
        if self.refusals:
            return self.refusals.pop(0)
        self.requests.append((dict(request.headers), body))
        number = len(self.requests)
        asked = self.wire.asked(body)
        reply = reply_to(asked.text, asked.results, asked.tools, number)
        counts = counts_of(number, writes_cache=self.wire.writes_cache, thinks=self.wire.thinks)
        self.stated.append(counts)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await stream.prepare(request)
        whole = b"".join(self.wire.events(reply, counts, number))
        for start in range(0, len(whole), 997):
            await stream.write(whole[start : start + 997])
        await stream.write_eof()
        return stream

    def _error(self, status: int, message: str, code: str) -> web.Response:
        return web.Response(status=status, body=self.wire.error(message, code), content_type="application/json")


@asynccontextmanager
async def serving(wire: Wire, key: str) -> AsyncIterator[ProviderServer]:
    """The provider on a free port of loopback as long as the context lasts."""
    server = ProviderServer(wire, key)
    application = web.Application(client_max_size=2**26)
    application.router.add_post(f"/v1{wire.path}", server.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


def event(data: dict[str, object], name: str = "") -> bytes:
    """One server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def pieces(text: str, size: int = 7) -> Iterator[str]:
    """A text in small pieces."""
    return (text[start : start + size] for start in range(0, len(text), size))
