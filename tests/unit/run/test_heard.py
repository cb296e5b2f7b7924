"""Messages put together from events: all of a turn, or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from driftlang.run.heard import HeardMessages

Event = tuple[str, Mapping[str, Any]]


def _message(name: str, role: str, **others: object) -> Event:
    return ("message.updated", {"sessionID": "ses_1", "info": {"id": name, "role": role, **others}})


def _part(message: str, name: str, kind: str, **others: object) -> Event:
    return ("message.part.updated", {"part": {"id": name, "messageID": message, "type": kind, **others}})


QUESTION = [_message("msg_1", "user"), _part("msg_1", "prt_1", "text", text="Do it.")]
CALL = [
    _message("msg_2", "assistant", parentID="msg_1", time={"created": 1}),
    _part("msg_2", "prt_3", "tool", state={"status": "completed", "output": "done"}),
    _part("msg_2", "prt_2", "step-start"),
    _message("msg_2", "assistant", parentID="msg_1", time={"created": 1, "completed": 2}, finish="tool-calls"),
]
ANSWER = [
    _message("msg_3", "assistant", parentID="msg_1", time={"created": 3, "completed": 4}, finish="stop"),
    _part("msg_3", "prt_4", "text", text="Do", time={"start": 3}),
    _part("msg_3", "prt_4", "text", text="Done.", time={"start": 3, "end": 4}),
]
STRAIGHT = [*QUESTION, *CALL, *ANSWER]


def _heard(events: Iterable[Event]) -> list[tuple[object, list[object]]]:
    heard = HeardMessages()
    for kind, properties in events:
        heard.hear(kind, properties)
    return [(one["info"]["id"], [part["id"] for part in one["parts"]]) for one in heard.messages()]  # type: ignore[index, attr-defined]  # of a server


def test_messages_stand_in_the_order_of_their_ids_as_they_were_told_last():
    assert _heard(STRAIGHT) == [("msg_1", ["prt_1"]), ("msg_2", ["prt_2", "prt_3"]), ("msg_3", ["prt_4"])]


def test_what_is_still_told_of_the_turn_before_is_left_out():
    late = _message("msg_0", "assistant", parentID="msg_00", time={}, finish="")
    assert [name for name, _ in _heard([late, *STRAIGHT])] == ["msg_1", "msg_2", "msg_3"]


def test_a_message_that_the_user_said_before_the_question_is_no_part_of_the_turn():
    said = [_message("msg_0", "user"), _part("msg_0", "prt_0", "text", text="By the way.")]
    assert [name for name, _ in _heard([*said, *STRAIGHT])] == ["msg_1", "msg_2", "msg_3"]


@pytest.mark.parametrize(
    "event",
    [
        ("message.part.removed", {"partID": "prt_4"}),
        ("message.removed", {"messageID": "msg_3"}),
        ("session.error", {"error": {"name": "APIError"}}),
        ("session.compacted", {}),
        ("session.status", {"status": {"type": "retry", "attempt": 1}}),
    ],
    ids=lambda event: event[0],
)
def test_nothing_is_said_of_a_turn_that_did_not_go_straight(event: Event):
    assert _heard([*QUESTION, event, *CALL, *ANSWER]) == []


@pytest.mark.parametrize(
    "missing",
    [QUESTION, QUESTION[1:], CALL[3:], ANSWER[:1], ANSWER[1:], ANSWER[2:], ANSWER, [*CALL, *ANSWER], STRAIGHT],
    ids=(
        *("question", "its text", "end of a message", "answer but for its text", "text of the answer"),
        *("end of that text", "answer", "all answers", "everything"),
    ),
)
def test_nothing_is_said_where_not_all_was_told(missing: list[Event]):
    assert _heard([event for event in STRAIGHT if event not in missing]) == []


def test_nothing_is_said_where_a_tool_is_still_at_work():
    running = _part("msg_2", "prt_3", "tool", state={"status": "running"})
    assert _heard([*STRAIGHT, running]) == []


def test_nothing_is_said_of_an_answer_that_ended_in_an_error():
    failed = _message("msg_3", "assistant", parentID="msg_1", time={"completed": 4}, finish="stop", error={"name": "A"})
    assert _heard([*STRAIGHT, failed]) == []


def test_nothing_is_said_of_an_answer_to_another_question():
    other = _message("msg_3", "assistant", parentID="msg_0", time={"completed": 4}, finish="stop")
    assert _heard([*STRAIGHT, other]) == []
