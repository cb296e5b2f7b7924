"""When a turn has ended, as the server's events tell it."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

from driftlang.run.turns import Conversation, TurnLimits, _error_text, _Watch

LIMITS = TurnLimits(retries=2, retry_wait=60.0)
BUSY, IDLE = {"status": {"type": "busy"}}, {"status": {"type": "idle"}}


def _hear(*events: tuple[str, dict[str, object]]) -> tuple[bool, str]:
    """Whether the turn has ended after these events, and with which error."""

    async def listen() -> tuple[bool, str]:
        watch = _Watch(LIMITS)
        for kind, properties in events:
            watch.hear(kind, properties)
        return watch.end.done(), watch.end.result() if watch.end.done() else ""

    return asyncio.run(listen())


def _retry(attempt: int, wait: float = 2.0) -> tuple[str, dict[str, object]]:
    following = (time.time() + wait) * 1000
    status = {"type": "retry", "attempt": attempt, "message": "Rate limited", "next": following}
    return "session.status", {"status": status}


def test_idle_after_busy_is_the_end():
    assert _hear(("session.status", BUSY), ("session.status", IDLE)) == (True, "")


def test_idle_of_the_turn_before_is_not_the_end_of_this_one():
    assert _hear(("session.status", IDLE), ("session.idle", {})) == (False, "")


def test_an_error_event_alone_is_not_the_end_since_opencode_recovers_from_some():
    error = {"error": {"name": "ContextOverflowError", "data": {"message": "too long"}}}
    assert _hear(("session.status", BUSY), ("session.error", error)) == (False, "")


def test_retries_are_bounded():
    assert _hear(_retry(1), _retry(2)) == (False, "")
    assert _hear(_retry(1), _retry(2), _retry(3)) == (True, "the provider failed 3 times: Rate limited")


def test_a_wait_that_the_provider_asks_for_is_bounded():
    assert _hear(_retry(1, wait=3600)) == (
        True,
        "the provider asks for a wait of more than 60 s: Rate limited",
    )


def test_events_of_an_unknown_form_change_nothing():
    odd: list[tuple[str, dict[str, object]]] = [
        ("session.status", {}),
        ("session.status", {"status": 3}),
        ("new.kind", BUSY),
    ]
    assert _hear(*odd) == (False, "")


def test_an_error_is_told_in_one_line():
    error = {"name": "APIError", "data": {"message": "no route\nto host", "statusCode": 500}}
    assert _error_text(error) == "APIError: no route to host"
    assert _error_text("odd") == "the agent reported an error"


def _turn(*parts: dict[str, object]) -> str:
    """How a turn is judged whose only answer has these parts."""

    async def judge() -> str:
        server: Any = SimpleNamespace(scratch=())  # no server is asked
        conversation = Conversation(server, "/", LIMITS)
        info = {"role": "assistant", "finish": "stop"}
        return conversation._judge(info, [{"info": {"role": "user"}, "parts": []}, {"info": info, "parts": [*parts]}])

    return asyncio.run(judge())


def test_an_answer_without_text_and_calls_is_no_turn():
    assert _turn({"type": "step-start"}, {"type": "text", "text": " \n"}) == "the model's answer was empty"


def test_a_turn_of_calls_alone_is_one():
    assert _turn({"type": "tool", "tool": "edit"}) == ""


def test_a_reason_is_one_line():
    status = {"type": "retry", "attempt": 3, "message": "no JSON:\n{", "next": 0}
    assert _hear(("session.status", {"status": status})) == (True, "the provider failed 3 times: no JSON: {")
