"""What each protocol's answers say: usage in one meaning, how they ended, and nothing that is no number of tokens."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.gateway.protocols import PROTOCOLS
from driftlang.gateway.usage import Answer, Usage

STREAM, WHOLE = "text/event-stream; charset=utf-8", "application/json"


def _read(protocol: str, *events: object, content_type: str = STREAM) -> Answer:
    body = b"".join(
        b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n" for event in events
    )
    return PROTOCOLS[protocol].read_answer(body, content_type)


def _whole(protocol: str, document: object) -> Answer:
    return PROTOCOLS[protocol].read_answer(json.dumps(document).encode(), WHOLE)


def _chunk(delta: dict[str, object], finish: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": None}


OPENAI_USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 300,
    "total_tokens": 1300,
    "prompt_tokens_details": {"cached_tokens": 600},
    "completion_tokens_details": {"reasoning_tokens": 200},
}
RESPONSES_USAGE = {
    "input_tokens": 1000,
    "input_tokens_details": {"cached_tokens": 600},
    "output_tokens": 300,
    "output_tokens_details": {"reasoning_tokens": 200},
    "total_tokens": 1300,
}
SAME = Usage(1000, 300, 600, 0, 200, None, is_stated=True)


def test_of_chat_a_stream_states_usage_in_its_last_chunk_and_its_reason_before():
    read = _read(
        "chat", _chunk({"content": "a"}), _chunk({}, "stop"), {"choices": [], "usage": OPENAI_USAGE}, b"[DONE]"
    )
    assert read == Answer(SAME, "stop", is_ended=True)


def test_of_chat_a_whole_answer_states_the_same():
    document = {"choices": [{"message": {"content": "a"}, "finish_reason": "tool_calls"}], "usage": OPENAI_USAGE}
    assert _whole("chat", document) == Answer(SAME, "tool_calls", is_ended=True)


def test_of_chat_reasoning_that_is_counted_beside_the_completion_is_taken_in():
    """As xAI does: the total tells."""
    usage = OPENAI_USAGE | {"completion_tokens": 100}
    assert _whole("chat", {"usage": usage}).usage == SAME


def test_of_chat_a_cache_that_is_counted_beside_the_prompt_is_taken_in():
    assert _whole("chat", {"usage": OPENAI_USAGE | {"prompt_tokens": 400}}).usage.prompt_tokens == 1000


@pytest.mark.parametrize(
    ("field", "number", "dollars"),
    [("cost", 0.00014, "0.00014"), ("cost_in_usd_ticks", 37756000, "0.0037756000"), ("cost", -1, None)],
)
def test_of_chat_what_a_provider_says_that_it_cost_is_exact(field: str, number: float, dollars: str | None):
    stated = _whole("chat", {"usage": OPENAI_USAGE | {field: number}}).usage.stated_dollars
    assert stated == (None if dollars is None else Decimal(dollars))


def test_of_chat_a_stream_without_a_finish_reason_has_none_even_when_it_is_done():
    assert _read("chat", _chunk({"content": "a"}), b"[DONE]") == Answer(is_ended=True)


@pytest.mark.parametrize(
    ("events", "finish"),
    [
        ([_chunk({"refusal": "I will not."}), _chunk({}, "stop")], "refusal"),
        ([_chunk({}, "content_filter")], "refusal"),
        ([_chunk({}, "length")], "length"),
        ([{"error": {"message": "overloaded", "code": 502}}], "failed"),
    ],
)
def test_of_chat_how_an_answer_ended_is_one_of_few_words(events: list[object], finish: str):
    assert _read("chat", *events).finish == finish


@pytest.mark.parametrize(
    ("output", "finish"),
    [
        ([{"type": "message", "content": [{"type": "output_text", "text": "a"}]}], "stop"),
        ([{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}], "refusal"),
        ([{"type": "reasoning"}, {"type": "function_call", "name": "edit"}], "tool_calls"),
    ],
)
def test_of_responses_the_last_event_states_usage_and_end(output: list[object], finish: str):
    response = {"status": "completed", "output": output, "usage": RESPONSES_USAGE}
    begun = {"type": "response.created", "response": {"status": "in_progress", "usage": None}}
    assert _read("responses", begun, {"type": "response.completed", "response": response}) == Answer(
        SAME, finish, is_ended=True
    )
    assert _whole("responses", response) == Answer(SAME, finish, is_ended=True)


@pytest.mark.parametrize(
    ("name", "response", "finish"),
    [
        ("incomplete", {"incomplete_details": {"reason": "max_output_tokens"}}, "length"),
        ("incomplete", {"incomplete_details": {"reason": "content_filter"}}, "refusal"),
        ("failed", {"error": {"code": "server_error", "message": "m"}}, "failed"),
    ],
)
def test_of_responses_an_answer_that_is_not_complete_says_why(name: str, response: dict[str, object], finish: str):
    event = {"type": f"response.{name}", "response": {"status": name, "usage": RESPONSES_USAGE, **response}}
    assert _read("responses", event) == Answer(SAME, finish, is_ended=True)


def test_of_responses_an_error_event_ends_the_stream_as_failed():
    assert _read("responses", {"type": "error", "code": "x", "message": "m"}) == Answer(finish="failed", is_ended=True)


def test_of_responses_a_text_that_speaks_of_the_last_event_is_no_last_event():
    said = {"type": "response.output_text.delta", "delta": 'data: {"type":"response.completed"}'}
    assert _read("responses", said) == Answer()


START = {
    "type": "message_start",
    "message": {
        "usage": {
            "input_tokens": 50,
            "cache_read_input_tokens": 600,
            "cache_creation_input_tokens": 350,
            "output_tokens": 1,
        }
    },
}


def test_of_messages_the_prompt_holds_what_was_read_from_the_cache_and_written_to_it():
    end = {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 300}}
    read = _read("messages", START, {"type": "ping"}, end, {"type": "message_stop"})
    assert read == Answer(Usage(1000, 300, 600, 350, 0, None, is_stated=True), "tool_calls", is_ended=True)


def test_of_messages_counts_of_the_end_take_the_place_of_those_of_the_start_unless_null():
    usage = {"input_tokens": 60, "cache_read_input_tokens": None, "output_tokens": 300}
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}
    assert _read("messages", START, end).usage.prompt_tokens == 60 + 600 + 350


def test_of_messages_a_whole_answer_states_the_same():
    usage = {"input_tokens": 50, "cache_read_input_tokens": 600, "output_tokens": 3}
    read = _whole("messages", {"type": "message", "stop_reason": "refusal", "usage": usage})
    assert read == Answer(Usage(650, 3, 600, 0, 0, None, is_stated=True), "refusal", is_ended=True)


def test_of_messages_a_cut_stream_has_the_usage_of_its_start_and_no_end():
    read = _read("messages", START)
    assert (read.usage.prompt_tokens, read.finish, read.is_ended) == (1000, "", False)


def test_of_messages_an_error_amid_a_stream_is_its_end():
    event = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    assert (_read("messages", START, event).finish, _read("messages", event).is_ended) == ("failed", True)


USAGES = {
    "chat": ("prompt_tokens", lambda usage: {"usage": usage}),
    "responses": ("input_tokens", lambda usage: {"status": "completed", "usage": usage}),
    "messages": ("input_tokens", lambda usage: {"stop_reason": "end_turn", "usage": usage}),
}


@pytest.mark.parametrize("protocol", USAGES)
@pytest.mark.parametrize(
    "number",
    ["-5", "1.5", "1e3", "NaN", "Infinity", "-Infinity", '"7"', "true", "null", "[7]", "1" + "0" * 30, "9" * 5000],
)
def test_what_is_no_count_of_tokens_counts_as_none(protocol: str, number: str):
    name, around = USAGES[protocol]
    body = json.dumps(around({name: "NUMBER"})).replace('"NUMBER"', number).encode()
    usage = PROTOCOLS[protocol].read_answer(body, WHOLE).usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.stated_dollars) == (0, 0, None)


@pytest.mark.parametrize("protocol", USAGES)
@pytest.mark.parametrize("cost", ["NaN", "Infinity", "-1", "1e400", "1" + "0" * 400, '"1"', "true"])
def test_a_cost_that_is_no_money_is_none(protocol: str, cost: str):
    body = json.dumps(USAGES[protocol][1]({"cost": "C", "cost_in_usd_ticks": "C"})).replace('"C"', cost).encode()
    assert PROTOCOLS[protocol].read_answer(body, WHOLE).usage.stated_dollars is None


@given(body=st.binary(max_size=2000), protocol=st.sampled_from(list(PROTOCOLS)), is_stream=st.booleans())
def test_no_body_breaks_a_reader(body: bytes, protocol: str, is_stream: bool):
    read = PROTOCOLS[protocol].read_answer(body, STREAM if is_stream else WHOLE)
    assert read.usage.prompt_tokens >= 0


@pytest.mark.parametrize("protocol", list(PROTOCOLS))
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"usage":' * 50_000, b'data: {"usage":' + b"[" * 100_000 + b"\n\n"])
def test_a_body_nested_without_end_states_nothing(protocol: str, body: bytes):
    for content_type in (STREAM, WHOLE):
        assert PROTOCOLS[protocol].read_answer(body, content_type).usage == Usage()


@given(st.data())
def test_a_stream_that_is_cut_anywhere_never_states_more_than_the_whole(data: st.DataObject):
    protocol = data.draw(st.sampled_from(list(PROTOCOLS)))
    events = {
        "chat": [_chunk({"content": "é"}), _chunk({}, "stop"), {"choices": [], "usage": OPENAI_USAGE}],
        "responses": [
            {"type": "response.created", "response": {"usage": None}},
            {"type": "response.completed", "response": {"status": "completed", "usage": RESPONSES_USAGE}},
        ],
        "messages": [
            START,
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
            {"type": "message_stop"},
        ],
    }[protocol]
    body = b"".join(b"event: x\r\ndata: " + json.dumps(event).encode() + b"\r\n\r\n" for event in events)
    whole = PROTOCOLS[protocol].read_answer(body, STREAM)
    cut = PROTOCOLS[protocol].read_answer(body[: data.draw(st.integers(0, len(body)))], STREAM)
    assert whole.finish == "stop"
    assert cut.usage.prompt_tokens in {0, whole.usage.prompt_tokens}
    assert cut.usage.completion_tokens <= whole.usage.completion_tokens
    assert cut.finish in {"", "stop"}


def test_errors_have_the_form_of_their_protocol():
    for name in ("chat", "responses"):
        error = json.loads(PROTOCOLS[name].error_body(400, "no", "limit_exceeded"))["error"]
        assert (sorted(error), error["message"]) == (["code", "message", "param", "type"], "no")
    told = json.loads(PROTOCOLS["messages"].error_body(400, "no", "limit_exceeded"))
    assert (told["type"], told["error"]["type"], told["error"]["message"]) == ("error", "invalid_request_error", "no")
