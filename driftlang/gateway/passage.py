"""One call on its way through the gateway, from the agent's request to the last byte of the answer.

In: a request, its route and an HTTP client. Out: the answer to the agent, and the call's record.
Refuses to do: ending an answer well that the provider did not, and trying again what failed (the agent does). Only
where the provider says "later", and the upstream has a pace, the call is held and made then.
"""

from contextlib import AsyncExitStack

import httpx
from aiohttp import web

from driftlang.gateway.headers import Header, for_agent, for_upstream, redacted
from driftlang.gateway.pace import Later, Pace, is_later, is_out_of_money, told_by, wait_for
from driftlang.gateway.protocols.forms import is_model_call, openai_error
from driftlang.gateway.request import addressed, most_output
from driftlang.gateway.route import Call, Route

#: Bytes of a request for a token of it, about.
_TOKEN_BYTES = 4
#: How much of an answer that says "later" is kept.
_LATER_BYTES = 64 * 2**10
#: What the agent is told when nothing is passed on any more, and the word for it.
_NO_MORE = ("no further call can be made", "limit_exceeded")


def nowhere() -> web.Response:
    """The answer to a request that no route is for."""
    return web.Response(status=404, body=openai_error("not found", "not_found"), content_type="application/json")


class _TooLargeError(Exception):
    """An answer passed its bound."""


class _RefusedError(Exception):
    """The gateway answers this call by itself: status, what it says, and a word for programs."""

    def __init__(self, status: int, message: str, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class Passage:
    """One call; `carry` it, then `close` it."""

    def __init__(self, route: Route, call: Call, request: web.BaseRequest, client: httpx.AsyncClient) -> None:
        self._route = route
        self._call = call
        self._request = request
        self._client = client
        self._is_recorded = False
        self._path = call.path.removeprefix("/v1")
        self._is_model_call = is_model_call(route.protocol, request.method, self._path)

    async def carry(self) -> web.StreamResponse:
        """Pass the request on and the answer back, or answer for a provider that does not."""
        try:
            await self._read_request()
            return await self._send()
        except _RefusedError as refused:
            return await self._refuse(refused.status, refused.message, refused.code)
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
        answer = self._route.protocol.read_answer(bytes(self._call.response), self._call.content_type)
        if not answer.is_ended:
            self._call.error = "the connection to the agent closed before the answer ended"

    def close(self) -> None:
        """Count and record the call, once."""
        if not self._is_recorded:
            self._is_recorded = True
            self._route.leave(self._call)

    async def _read_request(self) -> None:
        most = self._route.limits.request_bytes
        body = bytearray()
        try:
            async for piece in self._request.content.iter_any():
                body += piece
                if len(body) > most:
                    raise _RefusedError(400, self._exceed(f"a request of more than {most} bytes"), "limit_exceeded")
        finally:
            self._call.request = bytes(body)

    async def _send(self) -> web.StreamResponse:
        """Make the call, if it may be made."""
        upstream = self._route.upstream
        if reason := self._route.admit(self._call):
            raise _RefusedError(400, reason, "limit_exceeded")
        target = self._target()
        if not target or (upstream.model and not self._is_model_call):
            raise _RefusedError(404, "no such endpoint", "not_found")
        body = addressed(self._call.request, upstream.model, upstream.alias)
        if body is None:
            raise _RefusedError(404, "no such model", "model_not_found")
        if not self._is_model_call:
            return await self._forward(target, body)
        await self._reserve()
        if upstream.pace is None:
            return await self._forward(target, body)
        return await self._forward_in_time(target, body, upstream.pace)

    def _target(self) -> str:
        """The provider's address for this call; empty where the path would leave the provider's base."""
        path = self._call.path
        segments = path.partition("?")[0].lower().replace("%2e", ".").replace("%2f", "/").split("/")
        if not path.startswith("/v1/") or ".." in segments:
            return ""
        return self._route.upstream.base_url.rstrip("/") + self._path

    async def _reserve(self) -> None:
        """Have the ledger set aside what the call may cost at most, as if every byte were a token."""
        upstream = self._route.upstream
        if upstream.ledger is None or upstream.price is None or upstream.price.is_free:
            return
        most = upstream.price.most_dollars(len(self._call.request), most_output(self._call.request))
        with self._route.waiting(self._call):
            self._call.reservation = await upstream.ledger.admit(most)
        if not self._call.reservation:
            raise _RefusedError(400, self._exceed(upstream.ledger.exceeded), "budget_exceeded")

    async def _forward_in_time(self, target: str, body: bytes, pace: Pace) -> web.StreamResponse:
        """Make the call when the provider's pace allows it, and again as long as the provider says "later"."""
        while True:
            async with AsyncExitStack() as place:
                with self._route.waiting(self._call):
                    await place.enter_async_context(pace.admitted(len(body) // _TOKEN_BYTES))
                sent = await self._forward(target, body)
            if self._call.later is None:
                return sent
            self._hold(self._call.later, pace)

    def _hold(self, later: Later, pace: Pace) -> None:
        """Keep the provider's wait, for all trials; refuse when it is too long."""
        limits, said = self._route.limits, told_by(later.body.encode())
        self._call.delays = (*self._call.delays, later)
        self._call.later = None
        if later.seconds > limits.held_seconds:
            asked = f"the provider asks for a wait of {later.seconds:.0f} s, more than {limits.held_seconds:.0f} s"
            raise _RefusedError(400, self._exceed(f"{asked}: {said}"), "wait_too_long")
        if self._call.waited + later.seconds > limits.held_in_all:
            asked = f"the provider had a call wait for more than {limits.held_in_all:.0f} s in all"
            raise _RefusedError(400, self._exceed(f"{asked}: {said}"), "wait_too_long")
        pace.pause(later.seconds)

    async def _forward(self, target: str, body: bytes) -> web.StreamResponse:
        """Make the call once; where it is to be made again, `later` says so and nothing was sent to the agent."""
        limits, upstream = self._route.limits, self._route.upstream
        given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._request.raw_headers]
        self._call.request_headers = redacted(given, upstream.api_key)
        headers = for_upstream(given, upstream.api_key)
        async with self._client.stream(
            self._request.method,
            target,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content=body or None,
            timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds),
        ) as answer:
            came: list[Header] = answer.headers.multi_items()
            self._call.response_headers = redacted(came, upstream.api_key)
            sent = web.StreamResponse(status=answer.status_code, reason=answer.reason_phrase)
            for name, value in for_agent(came, limits.retry_after_seconds):
                sent.headers.add(name, value)
            self._call.content_type = answer.headers.get("content-type", "")
            if answer.is_error:
                return await self._pass_error(answer, sent)
            self._call.was_answered = self._is_model_call
            return await self._pass_answer(answer, sent)

    async def _pass_error(self, answer: httpx.Response, sent: web.StreamResponse) -> web.StreamResponse:
        """An error is sent in one piece, since a provider may quote the key in it."""
        async for piece in answer.aiter_bytes():
            self._keep(piece)
        key = self._route.upstream.api_key.encode()
        if key:
            self._call.response = self._call.response.replace(key, b"*" * len(key))
        if self._route.upstream.pace is not None and self._is_model_call:
            self._note_later(answer)
            if self._call.later is not None:
                return sent
        self._call.error = f"the provider answered {answer.status_code}"
        await self._prepare(sent)
        if await self._write(sent, bytes(self._call.response)):
            await self._finish(sent)
        return sent

    def _note_later(self, answer: httpx.Response) -> None:
        """See whether the provider wants the call later, or never again."""
        body, status = bytes(self._call.response), answer.status_code
        if status in {402, 429} and (status == 402 or is_out_of_money(body)):
            reason = f"the provider answered {status}: {told_by(body)}"
            raise _RefusedError(400, self._exceed(reason), "insufficient_quota")
        if is_later(status, answer.headers):
            seconds = wait_for(answer.headers, len(self._call.delays))
            self._call.later = Later(status, seconds, body[:_LATER_BYTES].decode("utf-8", "replace"))
            self._call.response.clear()

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
        # OpenCode tries again what speaks of rates and overload, be it a 400: a provider's words stay in the record.
        told = _NO_MORE if self._route.exceeded and status == 400 else (message, code)
        body = self._route.protocol.error_body(status, *told)
        self._call.status = status
        self._call.error = message
        self._call.content_type = "application/json"
        self._call.response = bytearray(body)
        self.close()
        return web.Response(status=status, body=body, content_type="application/json")

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
