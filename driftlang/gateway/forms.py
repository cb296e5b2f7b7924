"""What the gateway keeps.

In: nothing; this module defines. Out: `Exchange`, one request of the agent and its answer.
"""

from attrs import frozen


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
        status: HTTP status sent to the agent.
        started: seconds since the epoch, UTC.
        seconds: until the last byte was sent.
        prompt_tokens, completion_tokens: as the provider's usage says; 0 without one.
        error: why the answer did not end well; empty otherwise.
    """

    trial: str
    attempt: int
    position: int
    sequence: int
    session: str
    path: str
    request: bytes
    response: bytes
    status: int
    started: float
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    error: str
