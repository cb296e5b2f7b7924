"""A route: the one endpoint that one attempt at a trial can see, its limits, its counts and its record.

In: calls as they begin and end, told by `server.py`; steps as they begin and end, told by the runner.
Out: an `Exchange` for every call; `exceeded`, the reason why nothing more is passed on.
Refuses to do: speaking HTTP.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from driftlang.gateway.forms import Exchange, RouteLimits, TurnUsage, Upstream
from driftlang.gateway.headers import Header
from driftlang.gateway.pace import Later
from driftlang.gateway.protocols import PROTOCOLS
from driftlang.gateway.usage import Answer, Usage


class Turn:
    """The counts of one turn; a call that ends late still counts for the turn that it began in."""

    def __init__(self, position: int, waited: float, branch: str = "", purpose: str = "") -> None:
        self.position = position
        self.branch = branch
        self.purpose = purpose
        self.calls = 0
        self.endless = 0
        self.usage = Usage()
        self.dollars: Decimal | None = Decimal(0)
        self.waited_before = waited

    def add(self, usage: Usage, dollars: Decimal | None) -> None:
        """Count a call that has ended."""
        had = self.usage
        self.usage = Usage(
            had.prompt_tokens + usage.prompt_tokens,
            had.completion_tokens + usage.completion_tokens,
            had.cached_tokens + usage.cached_tokens,
            had.cache_write_tokens + usage.cache_write_tokens,
            had.reasoning_tokens + usage.reasoning_tokens,
        )
        self.dollars = None if self.dollars is None or dollars is None else self.dollars + dollars


class Call:
    """One call under way: what came in and what went out so far.

    Attributes:
        reservation: its name in the ledger; empty without one, or when it is settled.
        later: the provider's wish to have the call made again; nothing once it is kept.
        was_answered: whether the provider began an answer that it will charge for.
    """

    def __init__(self, turn: Turn, sequence: int, session: str, path: str) -> None:
        self.turn = turn
        self.sequence = sequence
        self.session = session
        self.path = path
        self.request = b""
        self.response = bytearray()
        self.status = 0
        self.content_type = ""
        self.error = ""
        self.waited = 0.0
        self.request_headers: tuple[Header, ...] = ()
        self.response_headers: tuple[Header, ...] = ()
        self.delays: tuple[Later, ...] = ()
        self.later: Later | None = None
        self.reservation = ""
        self.was_answered = False
        self.started = time.time()
        self._begun = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._begun


class Route:
    """What an agent is given in place of the provider; made by `Gateway.open`.

    Attributes:
        base_url: what the agent is configured with; its path cannot be guessed and tells nothing.
        exceeded: why the route passes nothing on any more; empty while it does. The agent is answered 400 from
            then on, which it does not try again, and the runner should end the attempt.
    """

    def __init__(  # noqa: PLR0913 - all by name, from the one place that makes routes
        self,
        *,
        base_url: str,
        trial: str,
        attempt: int,
        upstream: Upstream,
        limits: RouteLimits,
        record: Callable[[Exchange], None],
        forget: Callable[[], None],
        called: Callable[[], None] = lambda: None,
    ) -> None:
        self.base_url = base_url
        self.upstream = upstream
        self.limits = limits
        self.protocol = PROTOCOLS[upstream.protocol]
        self.exceeded = ""
        self._trial = trial
        self._attempt = attempt
        self._record = record
        self._forget = forget
        self._called = called
        self._sequence = 0
        self._waiting = 0
        self._waiting_since = 0.0
        self._waited = 0.0
        self._turn = Turn(0, 0.0)
        self._shown = self._turn

    def begin(self, position: int, branch: str = "", purpose: str = "") -> None:
        """Say that step `position` (from 1) is under way: its counts start at zero. See `Exchange` for the others."""
        self._turn = self._shown = Turn(position, self.waited, branch, purpose)

    def end(self) -> None:
        """Say that no step is under way; the counts of the step that ended stay to be read until the next begins."""
        self._turn = Turn(0, self.waited)

    def turn_usage(self) -> TurnUsage:
        """The counts of the step under way, or of the last one that was."""
        turn, usage = self._shown, self._shown.usage
        ended = self.waited if self._turn is turn else self._turn.waited_before
        return TurnUsage(
            turn.calls,
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.cached_tokens,
            usage.cache_write_tokens,
            usage.reasoning_tokens,
            turn.dollars,
            ended - turn.waited_before,
        )

    @property
    def waited(self) -> float:
        """Seconds in which a call of this route was held back, up to now; no time of the agent's."""
        return self._waited + (time.monotonic() - self._waiting_since if self._waiting else 0.0)

    def refuse_turn(self) -> str:
        """Why no turn should begin: the budget of the run has no room for one; else empty."""
        ledger = self.upstream.ledger
        return self.exceeded or (ledger.refuse_turn() if ledger is not None else "")

    @contextmanager
    def waiting(self, call: Call) -> Iterator[None]:
        """Count the time within as waited (for `passage.py`)."""
        if not self._waiting:
            self._waiting_since = time.monotonic()
        self._waiting += 1
        begun = time.monotonic()
        try:
            yield
        finally:
            call.waited += time.monotonic() - begun
            self._waiting -= 1
            if not self._waiting:
                self._waited += time.monotonic() - self._waiting_since

    def close(self) -> None:
        """Forget the route: its address is unknown from now on. Calls under way end as they would."""
        self._forget()

    def enter(self, session: str, path: str) -> Call:
        """A call has come in (for `server.py`)."""
        self._called()
        self._sequence += 1
        return Call(self._turn, self._sequence, session, path)

    def admit(self, call: Call) -> str:
        """Why `call` must not be passed on, or empty: then it counts (for `server.py`)."""
        most = self.limits.turn_calls
        if not self.exceeded and call.turn.calls >= most:
            self.exceeded = f"more than {most} model calls in one turn"
        if not self.exceeded:
            call.turn.calls += 1
        return self.exceeded

    def leave(self, call: Call) -> None:
        """A call has ended, well or not: count its tokens and record it (for `server.py`)."""
        response = bytes(call.response)
        answer = self.protocol.read_answer(response, call.content_type)
        dollars = self._settle(call, answer)
        call.turn.add(answer.usage, dollars)
        self._note_end(call, answer)
        usage = answer.usage
        exchange = Exchange(
            trial=self._trial,
            attempt=self._attempt,
            position=call.turn.position,
            sequence=call.sequence,
            session=call.session,
            path=call.path,
            request=call.request,
            response=response,
            status=call.status,
            started=call.started,
            seconds=call.seconds,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            error=call.error,
            branch=call.turn.branch,
            purpose=call.turn.purpose,
            cached_tokens=usage.cached_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            reasoning_tokens=usage.reasoning_tokens,
            dollars=dollars,
            waited=call.waited,
            protocol=self.upstream.protocol,
            finish=answer.finish,
            request_headers=call.request_headers,
            response_headers=call.response_headers,
            delays=call.delays,
        )
        try:
            self._record(exchange)
        except Exception as trouble:  # noqa: BLE001 - whatever keeps the record from being kept, the trial must end
            self.exceeded = self.exceeded or f"a model call could not be recorded: {trouble}"

    def _settle(self, call: Call, answer: Answer) -> Decimal | None:
        """Tell the ledger what the call has cost; that, or nothing where it is not known."""
        price, usage = self.upstream.price, answer.usage
        dollars: Decimal | None
        if not call.was_answered:
            dollars = Decimal(0)
        elif usage.stated_dollars is not None:
            dollars = usage.stated_dollars
        elif price is not None and (price.is_free or (usage.is_stated and answer.is_ended)):
            dollars = price.dollars_of(usage)
        else:
            dollars = None  # a provider charges for what it said before the answer was cut, but did not say how much
        if call.reservation and self.upstream.ledger is not None:
            self.upstream.ledger.settle(call.reservation, dollars)
            call.reservation = ""
        return dollars

    def _note_end(self, call: Call, answer: Answer) -> None:
        """Stop a turn whose answers never say why they ended, since the agent asks again at once, without bound."""
        if not call.was_answered or call.error:
            return
        call.turn.endless = 0 if answer.finish else call.turn.endless + 1
        if call.turn.endless >= self.limits.endless_answers:
            reason = f"{call.turn.endless} answers in a row ended without a finish reason"
            self.exceeded = self.exceeded or reason
