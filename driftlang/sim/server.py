"""The simulated provider: a real HTTP server on loopback that speaks the OpenAI chat-completions protocol.

In: playbooks, each under a key of its own; requests to `/v1/chat/completions` and `/v1/models` that carry a key.
Out: what `respond` answers, streamed or whole; errors in the protocol's form.
Refuses to do: keeping anything of a request. A playbook is found by the key that a request carries, as an account is.
"""

import asyncio
import secrets
from types import TracebackType
from typing import Self

from aiohttp import web
from attrs import frozen

from driftlang.gateway.forms import Upstream
from driftlang.sim.chat import ChatError, ChatRequest, parse_request
from driftlang.sim.playbook import Playbook
from driftlang.sim.respond import respond
from driftlang.sim.wire import Writer, error_body, models_body

_MOST_BYTES = 64 * 2**20


@frozen
class _Account:
    playbook: Playbook
    model: str


class SimulatedProvider:
    """Serves playbooks on a free port of 127.0.0.1 while its context is open.

    Args:
        answers_after: seconds that it takes over an answer, as a model does.
    """

    def __init__(self, *, answers_after: float = 0.0) -> None:
        self._accounts: dict[str, _Account] = {}
        self._answers_after = answers_after

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_post("/v1/chat/completions", self._complete)
        application.router.add_get("/v1/models", self._list_models)
        application.router.add_route("*", "/{rest:.*}", self._nowhere)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._accounts.clear()
        await self._runner.cleanup()

    def open(self, playbook: Playbook, *, model: str = "") -> Upstream:
        """Serve `playbook` under a new key to requests that name `model`, by default `NAME` of its `sim/NAME`."""
        key = f"sk-{secrets.token_hex(24)}"
        self._accounts[key] = _Account(playbook, model or playbook.model.removeprefix("sim/"))
        host, port = self._runner.addresses[0][:2]
        return Upstream(base_url=f"http://{host}:{port}/v1", api_key=key)

    def close(self, upstream: Upstream) -> None:
        """Forget the playbook that `upstream` was opened for: its key is unknown from now on."""
        self._accounts.pop(upstream.api_key, None)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        try:
            account = self._account(request)
            body = await self._body(request)
            asked = parse_request(body)
            _check_model(asked, account.model)
            answer = respond(asked, account.playbook)
            await asyncio.sleep(self._answers_after)
        except ChatError as error:
            return _error(error)
        writer = Writer(answer, account.playbook, account.model, len(body))
        if not asked.is_stream:
            return web.Response(body=writer.whole(), content_type="application/json")
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        )
        await stream.prepare(request)
        for event in writer.events(with_usage=asked.includes_usage):
            await stream.write(event)
        await stream.write_eof()
        return stream

    async def _list_models(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
        except ChatError as error:
            return _error(error)
        return web.Response(body=models_body([account.model]), content_type="application/json")

    async def _nowhere(self, request: web.Request) -> web.Response:
        return _error(ChatError(404, "unknown_url", f"unknown request: {request.method} {request.path}"))

    async def _body(self, request: web.Request) -> bytes:
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise ChatError(413, "request_too_large", f"more than {_MOST_BYTES} bytes") from None

    def _account(self, request: web.Request) -> _Account:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise ChatError(401, "invalid_api_key", "no API key was given")
        if key not in self._accounts:
            raise ChatError(401, "invalid_api_key", "the API key is not valid")
        return self._accounts[key]


def _check_model(asked: ChatRequest, model: str) -> None:
    if asked.model != model:
        raise ChatError(404, "model_not_found", f"the model `{asked.model}` does not exist")


def _error(error: ChatError) -> web.Response:
    return web.Response(status=error.status, body=error_body(error), content_type="application/json")
