"""What the gateway is told and what it keeps.

In: nothing; this module defines. Out: `Upstream` and `RouteLimits` (what a route is opened with), `TurnUsage`
(what a turn has cost so far) and `Exchange`, one request of the agent and its answer.
"""

from attrs import field, frozen


@frozen
class Upstream:
    """A provider's endpoint.

    Attributes:
        base_url: what the paths of an agent's requests are put behind, such as `https://api.example.com/v1`.
        api_key: the provider's key; never shown to the agent, never recorded.
    """

    base_url: str
    api_key: str = field(repr=False)


@frozen
class RouteLimits:
    """Bounds of one route.

    Attributes:
        turn_calls: model calls that a turn may make. OpenCode asks again at once, without bound, after an answer
            that ended without a finish reason, so something must stop it.
        request_bytes, answer_bytes: size of one body, decompressed.
        retry_after_seconds: the longest wait that a provider's `retry-after` may impose on the agent.
        connect_seconds: how long the provider may take to accept a connection.
        silence_seconds: how long it may take to send the next byte.
    """

    turn_calls: int = 100
    request_bytes: int = 64 * 2**20
    answer_bytes: int = 64 * 2**20
    retry_after_seconds: float = 30.0
    connect_seconds: float = 10.0
    silence_seconds: float = 300.0


@frozen
class TurnUsage:
    """What the turn under way has asked of the provider: calls passed on to it, and tokens as it counted them."""

    calls: int
    prompt_tokens: int
    completion_tokens: int


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
        prompt_tokens, completion_tokens: as the provider's usage says; 0 without one.
        error: why the answer did not end well; empty otherwise.
        branch: the arm of the branch that the step is of; empty on the trial's own line.
        purpose: `compact` or `probe` where it is a call of what happens before the turn; empty in the turn itself.
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
    branch: str = ""
    purpose: str = ""
