"""One call on its way through the gateway, from the agent's request to the last byte of the answer.

In: a request, its route and an HTTP client. Out: the answer to the agent, and the call's record.
Refuses to do: trying again (the agent does), and ending an answer well that the provider did not.
"""

import httpx
from aiohttp import web

from driftlang.gateway.headers import for_agent, for_upstream
from driftlang.gateway.route import Call, Route
from driftlang.gateway.usage import is_stream_complete


def refusal(status: int, message: str, code: str) -> web.Response:
    """An answer of the gateway's own, as OpenAI's protocol writes errors."""
    error = {"message": message, "type": code, "param": None, "code": code}
    return web.json_response({"error": error}, status=status)


class _TooLargeError(Exception):
    """A body passed its bound."""


class Passage:
    """One call; `carry` it, then `close` it."""

    def __init__(self, route: Route, call: Call, request: web.BaseRequest, client: httpx.AsyncClient) -> None:
        self._route = route
        self._call = call
        self._request = request
        self._client = client
        self._is_recorded = False

    async def carry(self) -> web.StreamResponse:
        """Pass the request on and the answer back, or answer for a provider that does not."""
        limits = self._route.limits
        try:
            await self._read_request()
        except _TooLargeError:
            self._exceed(f"a request of more than {limits.request_bytes} bytes")
        if reason := self._route.admit(self._call):
            return await self._refuse(400, reason, "limit_exceeded")
        target = self._target()
        if not target:
            return await self._refuse(404, "no such endpoint", "not_found")
        try:
            return await self._forward(target)
        except _TooLargeError:
            return await self._refuse(400, self._exceed_answer(), "limit_exceeded")
        except httpx.TimeoutException as trouble:
            message = f"the provider did not answer in time ({type(trouble).__name__})"
            return await self._refuse(504, message, "timeout")
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            message = f"the provider is out of reach ({type(trouble).__name__})"
            return await self._refuse(502, message, "unreachable")

    def note_agent_gone(self) -> None:
        """The connection to the agent is closed; nothing is amiss when the answer was all there."""
        if not is_stream_complete(bytes(self._call.response)):
            self._call.error = "the connection to the agent closed before the answer ended"

    def close(self) -> None:
        """Count and record the call, once."""
        if not self._is_recorded:
            self._is_recorded = True
            self._route.leave(self._call)

    async def _read_request(self) -> None:
        body = bytearray()
        try:
            async for piece in self._request.content.iter_any():
                body += piece
                if len(body) > self._route.limits.request_bytes:
                    raise _TooLargeError
        finally:
            self._call.request = bytes(body)

    def _target(self) -> str:
        """The provider's address for this call; empty where the path would leave the provider's base."""
        path = self._call.path
        segments = path.partition("?")[0].lower().replace("%2e", ".").replace("%2f", "/").split("/")
        if not path.startswith("/v1/") or ".." in segments:
            return ""
        return self._route.upstream.base_url.rstrip("/") + path.removeprefix("/v1")

    async def _forward(self, target: str) -> web.StreamResponse:
        limits = self._route.limits
        given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._request.raw_headers]
        headers = for_upstream(given, self._route.upstream.api_key)
        async with self._client.stream(
            self._request.method,
            target,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content=self._call.request or None,
            timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds),
        ) as answer:
            sent = web.StreamResponse(status=answer.status_code, reason=answer.reason_phrase)
            for name, value in for_agent(answer.headers.multi_items(), limits.retry_after_seconds):
                sent.headers.add(name, value)
            self._call.content_type = answer.headers.get("content-type", "")
            if answer.is_error:
                return await self._pass_error(answer, sent)
            return await self._pass_answer(answer, sent)

    async def _pass_error(self, answer: httpx.Response, sent: web.StreamResponse) -> web.StreamResponse:
        """An error is sent in one piece, since a provider may quote the key in it."""
        async for piece in answer.aiter_bytes():
            self._keep(piece)
        key = self._route.upstream.api_key.encode()
        if key:
            self._call.response = self._call.response.replace(key, b"*" * len(key))
        self._call.error = f"the provider answered {answer.status_code}"
        await self._prepare(sent)
        if await self._write(sent, bytes(self._call.response)):
            await self._finish(sent)
        return sent

    async def _pass_answer(self, answer: httpx.Response, sent: web.StreamResponse) -> web.StreamResponse:
        await self._prepare(sent)
        try:
            async for piece in answer.aiter_bytes():
                self._keep(piece)
                if not await self._write(sent, piece):
                    return sent
        except _TooLargeError:
            return self._cut(sent, self._exceed_answer())
        except httpx.TimeoutException:
            silence = self._route.limits.silence_seconds
            return self._cut(sent, f"the provider fell silent for {silence:g} s amid its answer")
        except httpx.HTTPError as trouble:
            return self._cut(sent, f"the provider broke off amid its answer ({type(trouble).__name__})")
        await self._finish(sent)
        return sent

    async def _refuse(self, status: int, message: str, code: str) -> web.StreamResponse:
        sent = refusal(status, message, code)
        self._call.status = status
        self._call.error = message
        self._call.content_type = "application/json"
        self._call.response = bytearray(sent.body if isinstance(sent.body, bytes) else b"")
        self.close()
        return sent

    def _exceed(self, reason: str) -> str:
        self._route.exceeded = self._route.exceeded or reason
        return self._route.exceeded

    def _exceed_answer(self) -> str:
        return self._exceed(f"an answer of more than {self._route.limits.answer_bytes} bytes")

    def _keep(self, piece: bytes) -> None:
        self._call.response += piece
        if len(self._call.response) > self._route.limits.answer_bytes:
            raise _TooLargeError

    async def _prepare(self, sent: web.StreamResponse) -> None:
        self._call.status = sent.status
        await sent.prepare(self._request)

    async def _write(self, sent: web.StreamResponse, piece: bytes) -> bool:
        """Send a piece; false when the agent is no longer there."""
        if not piece:
            return True
        try:
            await sent.write(piece)
        except ConnectionError:
            self.note_agent_gone()
            return False
        return True

    async def _finish(self, sent: web.StreamResponse) -> None:
        # Recorded before the answer's end is sent, so that an agent that has its answer has been counted.
        self.close()
        try:
            await sent.write_eof()
        except ConnectionError:
            return

    def _cut(self, sent: web.StreamResponse, reason: str) -> web.StreamResponse:
        """Break the agent's connection off: a clean end would say that the model had nothing more to say."""
        self._call.error = reason
        self.close()
        if self._request.transport is not None:
            self._request.transport.close()
        return sent
