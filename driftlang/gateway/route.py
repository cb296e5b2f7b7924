"""A route: the one endpoint that one attempt at a trial can see, its limits, its counts and its record.

In: calls as they begin and end, told by `server.py`; steps as they begin and end, told by the runner.
Out: an `Exchange` for every call; `exceeded`, the reason why nothing more is passed on.
Refuses to do: speaking HTTP.
"""

import time
from collections.abc import Callable

from driftlang.gateway.forms import Exchange, RouteLimits, TurnUsage, Upstream
from driftlang.gateway.usage import read_usage


class Turn:
    """The counts of one turn; a call that ends late still counts for the turn that it began in."""

    def __init__(self, position: int, branch: str = "", purpose: str = "") -> None:
        self.position = position
        self.branch = branch
        self.purpose = purpose
        self.calls = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0


class Call:
    """One call under way: what came in and what went out so far."""

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
    ) -> None:
        self.base_url = base_url
        self.upstream = upstream
        self.limits = limits
        self.exceeded = ""
        self._trial = trial
        self._attempt = attempt
        self._record = record
        self._forget = forget
        self._sequence = 0
        self._turn = Turn(0)
        self._shown = self._turn

    def begin(self, position: int, branch: str = "", purpose: str = "") -> None:
        """Say that step `position` (from 1) is under way: its counts start at zero. See `Exchange` for the others."""
        self._turn = self._shown = Turn(position, branch, purpose)

    def end(self) -> None:
        """Say that no step is under way; the counts of the step that ended stay to be read until the next begins."""
        self._turn = Turn(0)

    def turn_usage(self) -> TurnUsage:
        """The counts of the step under way, or of the last one that was."""
        turn = self._shown
        return TurnUsage(turn.calls, turn.prompt_tokens, turn.completion_tokens)

    def close(self) -> None:
        """Forget the route: its address is unknown from now on. Calls under way end as they would."""
        self._forget()

    def enter(self, session: str, path: str) -> Call:
        """A call has come in (for `server.py`)."""
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
        usage = read_usage(response, call.content_type)
        call.turn.prompt_tokens += usage.prompt_tokens
        call.turn.completion_tokens += usage.completion_tokens
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
        )
        try:
            self._record(exchange)
        except Exception as trouble:  # noqa: BLE001 - whatever keeps the record from being kept, the trial must end
            self.exceeded = self.exceeded or f"a model call could not be recorded: {trouble}"
