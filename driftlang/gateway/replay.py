"""A recorded trial in place of a provider: a real HTTP server on loopback that says again what was said.

In: the model calls of finished trials, each trial's under a key of its own; requests that carry a key. Out: the
recorded answers, byte for byte, with their status; an answer that was cut is cut again.
Refuses to do: answering a request that is another than was recorded. The agent is answered 400 from then on, which it
does not try again, with the number of the call and the first difference.
"""

import secrets
from collections.abc import Sequence

from aiohttp import web

from driftlang.gateway.forms import Exchange, Upstream
from driftlang.gateway.loopback import LoopbackServer
from driftlang.gateway.prices import FREE
from driftlang.gateway.sameness import Normalizer, first_difference

_MOST_BYTES = 256 * 2**20
_KEY_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
_STREAM_MARKS = (b"data:", b"event:", b":", b"id:", b"retry:")


class Recording:
    """The calls of one trial as they are played again; in each session in their order."""

    def __init__(self, calls: Sequence[Exchange]) -> None:
        self._waiting: dict[str, list[Exchange]] = {}
        for call in calls:
            self._waiting.setdefault(call.session, []).append(call)
        self._recorded, self._now = Normalizer(), Normalizer()
        self._forms: dict[int, str] = {}
        self._count = len(calls)
        self._played = 0
        self.deviation = ""
        self.protocol = next((call.protocol for call in calls if call.protocol), "chat")

    @property
    def left(self) -> str:
        """What of the recording was not played; empty when all was."""
        if self._played == self._count:
            return ""
        return f"the replay ended after {self._played} of {self._count} recorded model calls"

    def play(self, path: str, body: bytes) -> Exchange | None:
        """The recorded call that this request makes again; nothing when there is none, and `deviation` says why."""
        if self.deviation:
            return None
        heads = [calls[0] for calls in self._waiting.values() if calls]
        asked = self._now.normal_form(body)
        for head in heads:
            if head.path == path and self._form(head) == asked:
                self._waiting[head.session].pop(0)
                self._played += 1
                return head
        self.deviation = self._describe(heads, path, asked)
        return None

    def _form(self, head: Exchange) -> str:
        if head.sequence not in self._forms:
            self._forms[head.sequence] = self._recorded.normal_form(head.request)
        return self._forms[head.sequence]

    def _describe(self, heads: Sequence[Exchange], path: str, asked: str) -> str:
        number = f"the replay deviates at model call {self._played + 1}"
        if not heads:
            return f"{number}: only {self._count} were recorded"
        expected = min(heads, key=lambda head: head.sequence)
        if expected.path != path:
            return f"{number}: recorded `{expected.path}`, now `{path}`"
        return f"{number}: {first_difference(self._form(expected), asked)}"


class ReplayProvider(LoopbackServer):
    """Plays recordings on a free port of 127.0.0.1 while its context is open."""

    def __init__(self) -> None:
        self._recordings: dict[str, Recording] = {}

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_route("*", "/{rest:.*}", self._answer)
        return application

    def _forget(self) -> None:
        self._recordings.clear()

    def open(self, recording: Recording) -> Upstream:
        """Play `recording` to requests under a new key."""
        key = f"sk-{secrets.token_hex(24)}"
        self._recordings[key] = recording
        # What it cost was paid when it was recorded.
        return Upstream(f"{self.address}/v1", key, protocol=recording.protocol, price=FREE)

    def close(self, upstream: Upstream) -> None:
        """Forget the recording that `upstream` was opened for."""
        self._recordings.pop(upstream.api_key, None)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        carried = (request.headers.get(name, "").removeprefix("Bearer ") for name in _KEY_HEADERS)
        recording = next((self._recordings[key] for key in carried if key in self._recordings), None)
        if recording is None:
            return _refusal(401, "no recording has this key", "invalid_api_key")
        call = recording.play(request.rel_url.raw_path_qs, await request.read())
        if call is None:
            return _refusal(400, recording.deviation, "replay_deviates")
        return await _say(request, call)


def _refusal(status: int, message: str, code: str) -> web.Response:
    """An error in a form that clients of all three protocols read."""
    error = {"type": code, "code": code, "param": None, "message": message}
    return web.json_response({"type": "error", "error": error}, status=status)


async def _say(request: web.Request, call: Exchange) -> web.StreamResponse:
    """The recorded answer, as far as it came."""
    if not call.status:
        return _cut(request, web.Response())
    body = bytes(call.response)
    kind = "text/event-stream" if body.lstrip().startswith(_STREAM_MARKS) else "application/json"
    answer = web.StreamResponse(status=call.status, headers={"Content-Type": kind})
    await answer.prepare(request)
    await answer.write(body)
    if call.error and call.status == web.HTTPOk.status_code:
        return _cut(request, answer)
    await answer.write_eof()
    return answer


def _cut(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Break the connection off: the recorded answer had no end."""
    if request.transport is not None:
        request.transport.close()
    return answer
