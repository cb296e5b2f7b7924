"""Answers are read to the letter, in each protocol, and never where the protocol does not put them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge_attacks import BENIGN
from judge_questions import question

from driftlang.judge.answer import KEYS, Read, answer_schema, read_answer
from driftlang.judge.forms import Intent
from driftlang.judge.wire import NoAnswerError, answer_text, request_body

QUESTION = question(BENIGN)
GOOD = {
    "reason": "It reads the environment.",
    "label": "broken",
    "intent": "unclear",
    "evidence": ['return os.environ["PASSWORD"]'],
    "confidence": 0.5,
    "abstain": False,
}


def _without(name):
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def _with(**others):
    return json.dumps(GOOD | others)


def test_a_good_answer_is_what_it_says():
    expected = Read(GOOD["reason"], "broken", Intent.UNCLEAR, ('return os.environ["PASSWORD"]',), 0.5, False)
    assert read_answer(json.dumps(GOOD), QUESTION) == expected


@pytest.mark.parametrize(
    "text",
    [
        *map(_without, KEYS),
        *(_with(more=1), _with(label="Broken"), _with(label=""), _with(label=None), _with(label=["broken"])),
        *(_with(intent="conscious "), _with(intent=1), _with(reason=None), _with(reason="x" * 2_001)),
        *(_with(evidence="import os"), _with(evidence=[1]), _with(evidence=["import os"] * 11), _with(evidence=[])),
        *(_with(evidence=["import os", "not there at all"]), _with(evidence=["os"]), _with(evidence=["x" * 2_001])),
        *(_with(confidence=1.01), _with(confidence=-0.1), _with(confidence="1"), _with(confidence=True)),
        *(_with(confidence=10**400), _with(confidence=float("nan")), _with(confidence=None)),
        *(_with(abstain="false"), _with(abstain=0), _with(intent="complied")),
        *(_with(label="kept", intent="conscious"), _with(label="kept", intent="unable")),
        *(f"```json\n{json.dumps(GOOD)}\n```", f"Well: {json.dumps(GOOD)}", f"{json.dumps(GOOD)} ok", "", "null"),
        *("[" * 100_000, json.dumps([GOOD]), json.dumps(GOOD)[:-1] + ', "label": "kept"}'),
    ],
)
def test_whatever_differs_from_the_form_is_no_answer(text):
    assert isinstance(read_answer(text, QUESTION), str)


def test_who_abstains_need_quote_nothing():
    assert read_answer(_with(abstain=True, evidence=[]), QUESTION).abstains


@settings(max_examples=100, deadline=None)
@given(text=st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_why_an_answer_cannot_be_used_repeats_nothing_of_it(text):
    why = read_answer(text, QUESTION)
    assert why in {
        "it is not one JSON object and nothing else",
        f"it is no JSON object with exactly the keys {', '.join(KEYS)}",
    }


def _chat(text, **others):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"} | others
    return {"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}


def _responses(text, **others):
    content = [{"type": "output_text", "text": text}]
    output = [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant", "content": content}]
    return {"status": "completed", "output": output} | others


def _messages(text, **others):
    call = {"type": "tool_use", "id": "t", "name": "verdict", "input": json.loads(text)}
    return {"content": [{"type": "text", "text": "I say:"}, call], "stop_reason": "tool_use"} | others


ANSWERS = {"chat": _chat, "responses": _responses, "messages": _messages}


@pytest.mark.parametrize("protocol", ANSWERS)
def test_an_answer_is_read_where_its_protocol_puts_it(protocol):
    body = json.dumps(ANSWERS[protocol](json.dumps(GOOD))).encode()
    assert isinstance(read_answer(answer_text(protocol, body), QUESTION), Read)


@pytest.mark.parametrize(
    ("protocol", "document"),
    [
        ("chat", _chat("", finish_reason="length")),
        ("chat", _chat("{}", finish_reason="content_filter")),
        ("chat", _chat("{}", message={"content": "{}", "refusal": "No."})),
        ("chat", {"choices": [], "usage": {}}),
        ("chat", {"choices": [_chat("{}")["choices"][0]] * 2}),
        ("responses", {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}),
        ("responses", {"status": "completed", "output": [{"type": "message", "content": [{"type": "refusal"}]}]}),
        ("responses", {"status": "failed", "error": {"code": "server_error"}}),
        ("messages", {"content": [{"type": "text", "text": json.dumps(GOOD)}], "stop_reason": "end_turn"}),
        ("messages", _messages("{}", stop_reason="max_tokens")),
        ("messages", _messages("{}", stop_reason="refusal")),
        ("messages", {"content": [{"type": "tool_use", "name": "other", "input": GOOD}], "stop_reason": "tool_use"}),
    ],
)
def test_a_refusal_a_cut_answer_or_one_that_stands_elsewhere_is_none(protocol, document):
    with pytest.raises(NoAnswerError):
        answer_text(protocol, json.dumps(document).encode())


def test_each_protocol_asks_for_the_form_of_the_answer():
    schema = answer_schema(QUESTION)
    chat, responses, messages = (
        json.loads(request_body(protocol, QUESTION, "m", temperature=None)) for protocol in ANSWERS
    )
    assert chat["response_format"]["json_schema"]["schema"] == schema
    assert responses["text"]["format"]["schema"] == schema
    assert messages["tools"][0]["input_schema"] == schema
    assert messages["tool_choice"] == {"type": "tool", "name": "verdict"}


@pytest.mark.parametrize("protocol", ANSWERS)
def test_instructions_and_material_are_apart_in_each_protocol(protocol):
    body = json.loads(request_body(protocol, QUESTION, "m", temperature=0.5))
    system, user = {
        "chat": lambda: [message["content"] for message in body["messages"]],
        "responses": lambda: [message["content"] for message in body["input"]],
        "messages": lambda: [body["system"], body["messages"][0]["content"]],
    }[protocol]()
    assert (system, user, body["temperature"]) == (QUESTION.instructions, QUESTION.message, 0.5)


def test_only_the_labels_of_the_rubric_can_be_answered():
    assert answer_schema(QUESTION)["properties"]["label"]["enum"] == ["kept", "broken", "neither"]
    assert set(answer_schema(QUESTION)["properties"]["intent"]["enum"]) == {intent.value for intent in Intent}
