"""Simulated judges behind a real HTTP server on loopback that speaks the OpenAI chat-completions protocol.

In: laws and truths, each under a key of its own; requests to `/v1/chat/completions` that carry a key.
Out: what `judge` answers, whole; errors in the protocol's form.
Refuses to do: streaming, which no judge is asked for, and keeping anything of a request.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import TracebackType
from typing import Self

from aiohttp import web
from attrs import frozen

from driftlang.gateway.forms import Upstream
from driftlang.gateway.prices import FREE
from driftlang.sim.chat import ChatError, parse_request
from driftlang.sim.judge import JudgeLaw, Truth, judge
from driftlang.sim.wire import CREATED, error_body

_MOST_BYTES = 8 * 2**20
_BYTES_PER_TOKEN = 4


@frozen
class _Account:
    model: str
    law: JudgeLaw
    truth: Truth


class SimulatedJudges:
    """Serves judges on a free port of 127.0.0.1 while its context is open."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._accounts.clear()
        await self._runner.cleanup()

    @contextmanager
    def open(self, model: str, law: JudgeLaw, truth: Truth) -> Iterator[Upstream]:
        """Where a judge can be asked who knows `truth`, as long as the context lasts; `model` is its `sim/NAME`."""
        key = f"sk-{secrets.token_hex(24)}"
        name = model.removeprefix("sim/")
        self._accounts[key] = _Account(name, law, truth)
        host, port = self._runner.addresses[0][:2]
        try:
            yield Upstream(base_url=f"http://{host}:{port}/v1", api_key=key, model=name, price=FREE)
        finally:
            self._accounts.pop(key)

    async def _complete(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
            body = await request.read()
            _check_model(body, account.model)
        except ChatError as error:
            return web.Response(status=error.status, body=error_body(error), content_type="application/json")
        answer = _completion(account.model, body, judge(body, account.law, account.truth))
        return web.Response(body=answer, content_type="application/json")

    def _account(self, request: web.Request) -> _Account:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if key not in self._accounts:
            raise ChatError(401, "invalid_api_key", "the API key is not valid")
        return self._accounts[key]


def _check_model(body: bytes, model: str) -> None:
    asked = parse_request(body).model
    if asked != model:
        raise ChatError(404, "model_not_found", f"the model `{asked}` does not exist")


def _completion(model: str, request: bytes, said: str) -> bytes:
    prompt, completion = -(-len(request) // _BYTES_PER_TOKEN), -(-len(said.encode()) // _BYTES_PER_TOKEN)
    message = {"role": "assistant", "content": said}
    document = {
        "id": f"chatcmpl-{sha256(request).hexdigest()[:24]}",
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
