"""Requests of three protocols read as one list of texts; what the last one said already is not parsed again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_calls import ANTHROPIC, CHAT, PROTOCOLS, RESPONSES, SYSTEM, Talk, Use

from driftlang.exposure import requests
from driftlang.exposure.forms import ASSISTANT, CALL, TOOL, USER
from driftlang.exposure.requests import RequestReader

READ = Use("read", {"filePath": "/w/a.py"}, "1: # hello", "call_7")
TALK = Talk(("Do it.", READ, ("say", "Done."), "And that."))


def _pairs(body: bytes) -> list[tuple[str, str]]:
    asked = RequestReader().read(body)
    return [(one.kind, one.text) for one in asked.segments()]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol_is_read_as_the_same_conversation(protocol: str):
    expected = [
        ("system", SYSTEM),
        (USER, "Do it."),
        (CALL, "/w/a.py"),
        (TOOL, "1: # hello"),
        (ASSISTANT, "Done."),
        (USER, "And that."),
    ]
    assert [pair for pair in _pairs(TALK.body(protocol)) if pair != (ASSISTANT, "I think.")] == expected


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_tool_call_keeps_its_id(protocol: str):
    asked = RequestReader().read(TALK.body(protocol))
    assert [one.call for one in asked.segments() if one.kind == CALL] == ["call_7"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("tools", "expected"), [(("read",), True), ((), False), (("_noop",), False)])
def test_a_request_without_tools_is_none_of_the_agents_work(protocol: str, tools: tuple[str, ...], expected: bool):
    assert RequestReader().read(Talk(("Title?",), tools=tools).body(protocol)).offers_tools is expected


def test_a_system_prompt_beside_the_conversation_stands_first():
    body = {"model": "m", "input": [{"role": "user", "content": "Hi."}], "instructions": "Be kind."}
    assert _pairs(json.dumps(body).encode()) == [("system", "Be kind."), (USER, "Hi.")]


def test_an_input_that_is_one_text_is_the_users():
    assert _pairs(b'{"model": "m", "input": "Hi.", "tools": [{"name": "read"}]}') == [(USER, "Hi.")]


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[]", b"{", b'{"messages":[{"role":"user"', b'{"messages":[1,null]}', b'{"input":{}}', b"\xff"],
)
def test_what_is_no_request_shows_nothing(body: bytes):
    assert _pairs(body) == []


entries = st.lists(
    st.one_of(
        st.text(min_size=1, max_size=20),
        st.text(min_size=1, max_size=20).map(lambda text: ("say", text)),
        st.builds(Use, st.just("bash"), st.fixed_dictionaries({"command": st.text(max_size=9)}), st.text(max_size=20)),
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(st.tuples(entries, st.sampled_from(("S", "T")), st.sampled_from(PROTOCOLS)), max_size=6))
def test_what_was_read_before_changes_no_reading(talks: list[tuple[list[object], str, str]]):
    reader = RequestReader()
    for entries, system, protocol in talks:
        for end in range(1, len(entries) + 1):
            body = Talk(tuple(entries[:end]), system).body(protocol)
            assert reader.read(body) == RequestReader().read(body)


@pytest.mark.parametrize("indent", [None, 2])
def test_white_space_between_the_parts_does_not_matter(indent: int | None):
    body = json.dumps(json.loads(TALK.body(CHAT)), indent=indent).encode()
    assert RequestReader().read(body) == RequestReader().read(TALK.body(CHAT))


@pytest.mark.parametrize("protocol", [CHAT, RESPONSES, ANTHROPIC])
def test_of_a_history_that_goes_on_only_the_new_messages_are_parsed(protocol: str, monkeypatch: pytest.MonkeyPatch):
    parsed: list[object] = []
    original = requests._segments
    monkeypatch.setattr(requests, "_segments", lambda one: parsed.append(one) or original(one))
    reader = RequestReader()
    reader.read(Talk(tuple(f"Turn {number}." for number in range(50))).body(protocol))
    parsed.clear()
    asked = reader.read(Talk(tuple(f"Turn {number}." for number in range(51))).body(protocol))
    assert len(parsed) == 1
    assert asked.texts(USER)[-1] == "Turn 50."


def test_lone_surrogates_are_read():
    assert _pairs(b'{"messages":[{"role":"user","content":"a\\ud800b"}]}') == [(USER, "a\ud800b")]


@pytest.mark.parametrize("arguments", ["{", "[" * 5000, '{"a":' * 600 + "1" + "}" * 600, '"a"', "null"])
def test_what_a_model_gives_to_a_tool_never_hides_the_rest(arguments: str):
    call = {"id": "c", "function": {"name": "edit", "arguments": arguments}}
    messages = [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    assert (USER, "Hi.") in _pairs(json.dumps({"messages": messages}).encode())
