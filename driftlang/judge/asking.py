"""Asking: one vote of one judge, over the gateway.

In: a question, a juror, and for a simulated one the truth. Out: `Asked`: an answer that can be used or why there is
none, and the calls that it took.
Refuses to do: taking what is no answer for one. An answer that cannot be used is asked for once more, with the reason
but without the answer; then the vote is lost. A provider in trouble is asked again a few times; then `TroubleError`.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from hashlib import sha256
from types import TracebackType
from typing import Self

import httpx
from attrs import evolve, frozen

from driftlang.gateway.forms import Exchange, RouteLimits, Upstream
from driftlang.gateway.pace import told_by
from driftlang.gateway.route import Route
from driftlang.gateway.server import Gateway
from driftlang.judge.answer import Read, read_answer
from driftlang.judge.jury import Juror, temperature_of
from driftlang.judge.question import CLOSING_AGAIN, Question
from driftlang.judge.wire import NoAnswerError, answer_text, request_body, request_headers
from driftlang.run.services import Services
from driftlang.sim.judge import Truth, judge_law_of
from driftlang.sim.judge_server import SimulatedJudges

#: Seconds between the tries at a provider that is in trouble.
_PAUSES = (1.0, 4.0)
#: Statuses that no further try mends: no key, no right, no such model.
_HOPELESS = frozenset((401, 402, 403, 404))
#: Why nobody is asked about a step that cannot be shown whole.
TOO_LARGE = "the work is too large to be shown whole, and a part of it says nothing of the rest"
#: What a simulated judge speaks.
_SIMULATED_PROTOCOL = "chat"
_LIMITS = RouteLimits(turn_calls=2 * (1 + len(_PAUSES)), answer_bytes=2**20)
#: Seconds until an answer at most: the gateway itself bounds every wait of a call.
_LONGEST = _LIMITS.held_in_all + 2 * _LIMITS.silence_seconds
_HTTP_OK, _SERVER_TROUBLE = 200, 500


class TroubleError(Exception):
    """A vote could not be had: nothing is known of the step by it.

    Attributes:
        is_final: whether no other vote of the same judge can be had either.
        calls: what was tried.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.calls: tuple[Exchange, ...] = ()


@frozen
class Asked:
    """What became of a vote.

    Attributes:
        read: the answer; nothing where it could not be used.
        rejected: why it could not; empty where it could.
        calls: what it took.
        dollars: what those cost, exact; empty where that is not known of every one.
    """

    read: Read | None
    rejected: str
    calls: tuple[Exchange, ...]

    @property
    def dollars(self) -> str:
        """What the calls cost, exact; empty where that is not known of every one."""
        costs = [call.dollars for call in self.calls]
        return "" if None in costs else f"{sum(cost for cost in costs if cost is not None)}"


class Bench:
    """Where judges are asked, while its context is open.

    Args:
        services: providers, keys, prices and the money of the judging.
        pauses: seconds between the tries at a provider that is in trouble.
    """

    def __init__(self, services: Services, pauses: tuple[float, ...] = _PAUSES) -> None:
        self._services = services
        self._pauses = pauses
        self._calls: dict[str, list[Exchange]] = {}

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        self._gateway = await self._stack.enter_async_context(Gateway(self._record))
        self._simulated = await self._stack.enter_async_context(SimulatedJudges())
        self._client = await self._stack.enter_async_context(httpx.AsyncClient(timeout=_LONGEST, trust_env=False))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def body_of(self, juror: Juror, question: Question) -> bytes:
        """What is sent to ask `juror`."""
        name = juror.model.partition("/")[2]
        temperature = None if juror.is_simulated else temperature_of(juror)
        return request_body(self._protocol(juror), question, name, temperature=temperature)

    def digest_of(self, juror: Juror, question: Question, truth: Truth) -> str:
        """Sha256 of all that is sent to ask `juror`, and of the number of the vote.

        The key that is sent to a simulated judge stands for the step that it is asked about, so the step is in it.
        """
        whom = f"{juror.name}\n{self._protocol(juror)}\n{truth.vote}\n{truth.step if juror.is_simulated else ''}\n"
        return sha256(whom.encode() + self.body_of(juror, question)).hexdigest()

    async def ask(self, juror: Juror, question: Question, truth: Truth) -> Asked:
        """One vote; none on work that is not shown whole.

        Raises:
            TroubleError: it cannot be had.
        """
        if question.material.is_cut:
            return Asked(None, TOO_LARGE, ())
        name = f"{truth.step}/{truth.vote}/{juror.name}"
        calls = self._calls[name] = []
        with self._upstream(juror, truth) as upstream:
            route = self._gateway.open(trial=name, attempt=1, upstream=upstream, limits=_LIMITS)
            try:
                found = await self._read(route, juror, question)
                if isinstance(found, str):
                    again = evolve(question, closing=CLOSING_AGAIN.format(why=found))
                    found = await self._read(route, juror, again)
            except TroubleError as trouble:
                trouble.calls = tuple(calls)
                raise
            finally:
                route.close()
                del self._calls[name]
        read, rejected = (None, found) if isinstance(found, str) else (found, "")
        return Asked(read, rejected, tuple(calls))

    async def _read(self, route: Route, juror: Juror, question: Question) -> Read | str:
        """The answer to `question`, or why it cannot be used."""
        body = await self._answer(route, self.body_of(juror, question))
        try:
            return read_answer(answer_text(route.upstream.protocol, body), question)
        except NoAnswerError as why:
            return str(why)

    async def _answer(self, route: Route, body: bytes) -> bytes:
        """The provider's answer; one in trouble is asked again after each of the pauses."""
        headers = request_headers(route.upstream.protocol)
        pauses = iter(self._pauses)
        while True:
            answer = await self._client.post(route.base_url + route.protocol.endpoint, content=body, headers=headers)
            if answer.status_code == _HTTP_OK:
                return answer.content
            if route.exceeded:
                raise TroubleError(route.exceeded, is_final=True)
            pause = next(pauses, None) if answer.status_code >= _SERVER_TROUBLE else None
            if pause is None:
                reason = f"the provider answered {answer.status_code}: {told_by(answer.content)}"
                raise TroubleError(reason, is_final=answer.status_code in _HOPELESS)
            await asyncio.sleep(pause)

    def _protocol(self, juror: Juror) -> str:
        return _SIMULATED_PROTOCOL if juror.is_simulated else self._services.provider_of(juror.model)[1].protocol

    @contextmanager
    def _upstream(self, juror: Juror, truth: Truth) -> Iterator[Upstream]:
        if juror.is_simulated:
            law = judge_law_of(juror.model, juror.options)
            with self._simulated.open(juror.model, law, truth) as upstream:
                yield upstream
        else:
            yield self._services.upstream_of(juror.model)

    def _record(self, exchange: Exchange) -> None:
        if exchange.trial in self._calls:
            self._calls[exchange.trial].append(exchange)
