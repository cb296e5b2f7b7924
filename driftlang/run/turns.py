"""Turns: one user message at a time, sent to the agent and waited for.

In: a `Server`, the directory that the agent works in, and texts. Out: a `TurnEnd` for each: the turn's messages as
OpenCode gives them, and how it ended.
Refuses to do: judging what was done, and waiting without end. A turn that did not end by itself has an `error`.

A turn has ended when its session is `idle` after it was `busy`; how is told by the last assistant message, not by
events, since OpenCode reports errors that it recovers from as well.
"""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType

import httpx
from attrs import frozen

from driftlang.run.deadlines import within
from driftlang.run.server import AttemptError, Server, describe

_Json = Mapping[str, object]
#: How a turn ends that the agent ended itself.
_WELL = ("stop", "length", "content-filter")
#: Messages that are asked for at first, the last ones of a session, and how many times as many after that.
_ASKED_MESSAGES, _MORE = 8, 4


@frozen
class TurnLimits:
    """Bounds of a turn.

    Attributes:
        retries: how often OpenCode may ask the provider again after a failed call.
        retry_wait: the longest single wait before that, in seconds; OpenCode itself sets no bound to it.
        abort: how long an aborted turn may take to become idle, in seconds.
    """

    retries: int = 5
    retry_wait: float = 60.0
    abort: float = 10.0


@frozen
class TurnEnd:
    """A turn as it went.

    Attributes:
        started: seconds since the epoch, UTC.
        seconds: from the prompt to idle.
        messages: JSON list of the turn's messages, the user's first; as many as could be had.
        finish: finish reason of the last assistant message; empty without one.
        error: why the turn did not end by itself; empty when it did.
    """

    started: float
    seconds: float
    messages: bytes
    finish: str
    error: str


class _Watch:
    """What the events said about one session since the last prompt."""

    def __init__(self, limits: TurnLimits) -> None:
        self.limits = limits
        self.was_busy = False
        self.told = ""
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(self, kind: str, properties: _Json) -> None:
        if kind == "session.error":
            self.told = _error_text(properties.get("error"))
        status = properties.get("status")
        if kind != "session.status" or not isinstance(status, dict):
            return
        match status.get("type"):
            case "busy":
                self.was_busy = True
            case "idle" if self.was_busy:
                self.finish("")
            case "retry":
                self.was_busy = True
                self._bound(status)

    def _bound(self, status: _Json) -> None:
        attempt, following = status.get("attempt"), status.get("next")
        why = " ".join(str(status.get("message", "")).split())[:200]
        if isinstance(attempt, int) and attempt > self.limits.retries:
            self.finish(f"the provider failed {attempt} times: {why}")
        elif isinstance(following, int | float) and following / 1000 - time.time() > self.limits.retry_wait:
            self.finish(f"the provider asks for a wait of more than {self.limits.retry_wait:.0f} s: {why}")

    def finish(self, error: str) -> None:
        if not self.end.done():
            self.end.set_result(error)


class Conversation:
    """The agent's sessions in one directory, one open at a time; made by `converse`.

    Attributes:
        directory: where the agent works, as its server sees it.
        scratch: its folders for temporary files, as this machine reaches them.
    """

    def __init__(
        self, server: Server, directory: str, limits: TurnLimits, waited: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._waited = waited
        self.directory = directory
        self.scratch = server.scratch
        self._server = server
        self._limits = limits
        self._session = ""
        self._watch = _Watch(limits)
        self._is_busy = False

    @property
    def _in_directory(self) -> dict[str, str]:
        return {"directory": self.directory}

    @property
    def session(self) -> str:
        """The id of the session that is open."""
        return self._session

    def enter(self, session: str) -> None:
        """Go on with another session, which is there already; no turn must be under way."""
        self._session = session

    async def open_session(self) -> str:
        """Begin a new session; its id. The title is given, or OpenCode would ask the model for one.

        Raises:
            AttemptError: the server does not make one.
        """
        made = await self.call("POST", "/session", {"title": "work"})
        session = made.get("id") if isinstance(made, dict) else None
        if not isinstance(session, str):
            raise AttemptError("the server made no session")
        self._session = session
        return session

    async def prompt(self, text: str, *, system: str, seconds: float) -> TurnEnd:
        """Send `text` as the user's next message and wait, at most `seconds`, until the agent is done with it.

        `system` is put behind the system prompt of this turn; empty adds nothing.
        """
        body: dict[str, object] = {"parts": [{"type": "text", "text": text}]}
        if system:
            body["system"] = system
        return await self._take_turn(f"/session/{self._session}/prompt_async", body, seconds)

    async def compact(self, provider: str, model: str, *, seconds: float) -> TurnEnd:
        """Have the session compacted by its model, and wait, at most `seconds`, until that is done."""
        body = {"providerID": provider, "modelID": model}
        return await self._take_turn(f"/session/{self._session}/summarize", body, seconds)

    async def _take_turn(self, path: str, body: _Json, seconds: float) -> TurnEnd:
        self._watch = _Watch(self._limits)
        started, begun = time.time(), time.monotonic()
        self._is_busy = True
        error = await self._until_idle(path, body, seconds)
        self._is_busy = False
        took = time.monotonic() - begun
        messages = await self._messages()
        last = _last_assistant(messages)
        return TurnEnd(
            started=started,
            seconds=took,
            messages=json.dumps(messages).encode(),
            finish=str(last.get("finish", "")),
            error=error or self._judge(last, messages),
        )

    async def _until_idle(self, path: str, body: _Json, seconds: float) -> str:
        """Send the prompt and wait; why the turn did not end by itself, or empty."""
        watch = self._watch
        # A prompt is answered at once, a compaction when it is done: events may tell of trouble before.
        asked = asyncio.ensure_future(self.call("POST", path, body, math.inf))
        try:
            async with within(seconds, self._waited):
                await asyncio.wait((asked, watch.end), return_when=asyncio.FIRST_COMPLETED)
                if asked.done():
                    asked.result()
                # Also where the answer has come: what is still told of this turn must not be taken for the next one's.
                error = await self._server.unless_ended(asyncio.shield(watch.end))
                if not error:
                    await asked
        except TimeoutError:
            error = f"the turn did not end within {seconds:.0f} s" + (f"; {watch.told}" if watch.told else "")
        except AttemptError as trouble:
            return trouble.reason
        finally:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
        if error:
            await self.abort()
        return error

    async def abort(self) -> None:
        """End the turn under way, if any, and with it the commands that it runs."""
        if not self._is_busy:
            return
        with suppress(AttemptError, TimeoutError):
            async with asyncio.timeout(self._limits.abort):
                await self.call("POST", f"/session/{self._session}/abort", {})
                while self._session in await self._statuses():  # noqa: ASYNC110 - another process's state
                    await asyncio.sleep(0.05)

    async def _statuses(self) -> _Json:
        found = await self.call("GET", "/session/status")
        return found if isinstance(found, dict) else {}

    async def history(self, last: int = 0) -> list[Mapping[str, object]]:
        """All messages of the open session, or the `last` ones, oldest first.

        Raises:
            AttemptError: the server cannot be asked.
        """
        limit = {"limit": str(last)} if last else {}
        found = await self.call("GET", f"/session/{self._session}/message", query=limit)
        return [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []

    async def _messages(self) -> list[_Json]:
        """The messages of the last turn; none when the server cannot be asked any more.

        A history grows with the session, and with it what reading all of it takes.
        """
        asked = _ASKED_MESSAGES
        while True:
            try:
                messages = await self.history(asked)
            except AttemptError:
                return []
            users = [index for index, message in enumerate(messages) if role_of(message) == "user"]
            if users:
                return messages[users[-1] :]
            if len(messages) < asked:
                return []
            asked *= _MORE

    def _judge(self, last: _Json, messages: list[_Json]) -> str:
        if not last:
            return self._watch.told or "the agent gave no answer"
        if last.get("error"):
            return _error_text(last["error"])
        finish = last.get("finish")
        if finish not in _WELL:
            how = f"with finish `{finish}`" if finish else "in the middle of an answer"
            return f"the turn ended {how}" + (f"; {self._watch.told}" if self._watch.told else "")
        # A provider in trouble ends its answers well and empty; a model that does nothing says at least so.
        return "" if any(map(_says_or_does, messages)) else "the model's answer was empty"

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        seconds: float | None = None,
        query: Mapping[str, str] = MappingProxyType({}),
    ) -> object:
        """The JSON that the server answers, within `seconds` where they are given.

        `math.inf` is for callers that have a bound of their own.

        Raises:
            AttemptError: it does not answer, or not well.
        """
        timeout = (
            httpx.USE_CLIENT_DEFAULT if seconds is None else httpx.Timeout(seconds if math.isfinite(seconds) else None)
        )
        asked = self._server.client.request(
            method, path, params={**self._in_directory, **query}, json=body, timeout=timeout
        )
        try:
            answer = await self._server.unless_ended(asked)
        except httpx.HTTPError as trouble:
            reason = await self._server.why_ended() or f"{method} {_general(path)}: {describe(trouble)}"
            raise AttemptError(reason) from trouble
        if answer.status_code >= 300:
            raise AttemptError(f"{method} {_general(path)}: status {answer.status_code} {answer.text[:200]}")
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise AttemptError(f"{method} {_general(path)}: no JSON but {answer.text[:200]}") from None

    async def listen(self, ready: asyncio.Future[None]) -> None:
        """Hear the server's events until it ends; `ready` is done with the first."""
        try:
            request = self._server.client.stream("GET", "/event", params=self._in_directory, timeout=None)
            async with request as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data:"):
                        self._hear(json.loads(line[5:]))
                        if not ready.done():
                            ready.set_result(None)
            trouble = "the server ended its events"
        except (httpx.HTTPError, ValueError) as broken:
            trouble = f"the server's events broke off: {describe(broken)}"
        trouble = await self._server.why_ended() or trouble
        self._watch.finish(trouble)
        if not ready.done():
            ready.set_exception(AttemptError(trouble))

    def _hear(self, event: object) -> None:
        properties = event.get("properties") if isinstance(event, dict) else None
        if not isinstance(event, dict) or not isinstance(properties, dict):
            return
        if properties.get("sessionID") == self._session:
            self._watch.hear(str(event.get("type")), properties)


@asynccontextmanager
async def converse(
    server: Server, directory: str, limits: TurnLimits, waited: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[Conversation]:
    """A conversation whose events are heard as long as the context lasts.

    `waited` tells the seconds so far in which the provider had the agent wait: they are no part of a turn's time.

    Raises:
        AttemptError: the server sends no events.
    """
    conversation = Conversation(server, directory, limits, waited)
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    listener = asyncio.create_task(conversation.listen(ready))
    try:
        await server.unless_ended(ready)
        yield conversation
    finally:
        await conversation.abort()
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


def role_of(message: Mapping[str, object]) -> object:
    """Who a message of a history is from: `user` or `assistant`."""
    info = message.get("info")
    return info.get("role") if isinstance(info, dict) else None


def _last_assistant(messages: list[_Json]) -> _Json:
    """Info of the last assistant message, or nothing."""
    spoken = [message["info"] for message in messages if role_of(message) == "assistant"]
    return spoken[-1] if spoken and isinstance(spoken[-1], dict) else {}


def _says_or_does(message: _Json) -> bool:
    """Whether an assistant's message has a text or a call of a tool in it."""
    parts = message.get("parts")
    if role_of(message) != "assistant" or not isinstance(parts, list):
        return False
    return any(
        part.get("type") == "tool" or (part.get("type") == "text" and str(part.get("text", "")).strip())
        for part in parts
        if isinstance(part, dict)
    )


def _error_text(error: object) -> str:
    """One line about an error as OpenCode tells it."""
    if not isinstance(error, dict):
        return "the agent reported an error"
    data = error.get("data")
    message = data.get("message") if isinstance(data, dict) else None
    return " ".join(f"{error.get('name', 'error')}: {message or 'no message'}".split())[:400]


def _general(path: str) -> str:
    """A path of the server without ids, for messages."""
    return "/".join("ID" if part.startswith("ses_") else part for part in path.split("/"))
