"""What the gateway is told and what it keeps.

In: nothing; this module defines. Out: `Upstream` and `RouteLimits` (what a route is opened with), `TurnUsage`
(what a turn has cost so far) and `Exchange`, one request of the agent and its answer.
"""

from decimal import Decimal

from attrs import field, frozen

from driftlang.gateway.ledger import Ledger
from driftlang.gateway.pace import Later, Pace
from driftlang.gateway.prices import Price


@frozen
class Upstream:
    """A provider's endpoint.

    Attributes:
        base_url: what the paths of an agent's requests are put behind, such as `https://api.example.com/v1`.
        api_key: the provider's key; never shown to the agent, never recorded. Empty for a server that wants none.
        protocol: what is spoken there; see `protocols.PROTOCOLS`.
        model: the only model that may be asked, by the provider's name for it; empty for any. With it, nothing but
            model calls is passed on: what an agent's shell asks for besides would be paid for.
        alias: what the agent calls that model, where that differs; the gateway puts `model` in its place.
        price: of its tokens; nothing where it is not known.
        pace: what holds calls back, and tries them again when the provider says "later"; nothing to pass such
            answers on.
        ledger: the run's money; nothing to spend without counting.
    """

    base_url: str
    api_key: str = field(repr=False)
    protocol: str = "chat"
    model: str = ""
    alias: str = ""
    price: Price | None = None
    pace: Pace | None = field(default=None, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)


@frozen
class RouteLimits:
    """Bounds of one route.

    Attributes:
        turn_calls: model calls that a turn may make. OpenCode asks again at once, without bound, after an answer
            that ended without a finish reason, so something must stop it.
        endless_answers: such answers in a row that a turn may have.
        request_bytes, answer_bytes: size of one body, decompressed.
        retry_after_seconds: the longest wait that a provider's `retry-after` may impose on the agent.
        held_seconds: the longest single wait that the gateway holds a call for, where it does.
        held_in_all: how long it may hold one call in all.
        connect_seconds: how long the provider may take to accept a connection.
        silence_seconds: how long it may take to send the next byte.
    """

    turn_calls: int = 100
    request_bytes: int = 64 * 2**20
    answer_bytes: int = 64 * 2**20
    retry_after_seconds: float = 30.0
    connect_seconds: float = 10.0
    silence_seconds: float = 300.0
    endless_answers: int = 5
    held_seconds: float = 300.0
    held_in_all: float = 1800.0


@frozen
class TurnUsage:
    """What the turn under way has asked of the provider: calls passed on to it, and tokens as it counted them.

    Attributes:
        dollars: what they cost; nothing when that is not known of every call.
        waited: seconds that the gateway held the turn's calls back.
    """

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    dollars: Decimal | None = None
    waited: float = 0.0


@frozen
class Exchange:
    """One model call, as it went over the wire.

    Attributes:
        trial: id of the trial.
        attempt: which attempt at the trial, from 1.
        position: the step under way, from 1; 0 outside any.
        sequence: number of the call within the attempt, from 1.
        session: the agent's session id, from its `x-session-id` header; empty without one.
        path: the endpoint asked for, such as `/v1/chat/completions`.
        request, response: bodies, byte for byte; an answer that was cut is kept as far as it came.
        status: HTTP status sent to the agent; 0 when it went away before there was one.
        started: seconds since the epoch, UTC.
        seconds: until the last byte was sent.
        prompt_tokens, completion_tokens: as the provider's usage says; 0 without one. See `usage.Usage` for these
            and the following.
        error: why the answer did not end well; empty otherwise.
        dollars: what the call cost; nothing when that is not known.
        waited: of the seconds, those that the gateway held the call back.
        protocol: what was spoken; see `protocols.PROTOCOLS`.
        finish: why the answer ended; see `usage.Answer`.
        request_headers, response_headers: as they came, without what is secret.
        delays: the provider's answers that said "later", before the one that is kept whole.
    """

    trial: str
    attempt: int
    position: int
    sequence: int
    session: str
    path: str
    status: int
    started: float
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    error: str
    request: bytes = b""
    response: bytes = b""
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    dollars: Decimal | None = None
    waited: float = 0.0
    protocol: str = ""
    finish: str = ""
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()
    delays: tuple[Later, ...] = ()
