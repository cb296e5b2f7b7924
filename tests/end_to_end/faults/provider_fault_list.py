"""The faults of a model provider, and what a run is to make of each.

In: nothing; this module defines. Out: `PROVIDER_FAULTS`, in the order of the table.
"""

import json

from fault_expectations import ENDS, GOES_ON, Expected
from fault_provider import Fault
from provider_deeds import (
    answer_error,
    answer_html,
    break_json,
    call_tool,
    cut_stream,
    drip,
    end_without_finish_reason,
    hang_before_first_byte,
    hang_mid_stream,
    leave_port,
    say,
    say_much,
    say_without_end,
)

_SLOW = answer_error(429, "rate_limit_exceeded", "Rate limit reached", retry_after="1")
_SLOWER = answer_error(429, "rate_limit_exceeded", "Rate limit reached", retry_after="3600")
_LIMIT = answer_error(429, "rate_limit_exceeded", "Rate limit reached")
_BROKEN = answer_error(500, "server_error", "The server had an error")
_BUSY = answer_error(503, "overloaded", "The engine is overloaded")
_OVERFLOW = answer_error(400, "context_length_exceeded", "This model's maximum context length is 128000 tokens")

PROVIDER_FAULTS: tuple[tuple[Fault, Expected], ...] = (
    (
        Fault("401", "the key is refused", answer_error(401, "invalid_api_key", "Incorrect API key provided")),
        Expected(ENDS, "Incorrect API key provided"),
    ),
    (
        Fault("403", "the model is not for this key", answer_error(403, "forbidden", "You have no access")),
        Expected(ENDS, "You have no access"),
    ),
    (
        Fault("404", "the model does not exist", answer_error(404, "model_not_found", "The model does not exist")),
        Expected(ENDS, "The model does not exist"),
    ),
    (Fault("429, wait of 1 s, once", "a wait is asked for", _SLOW, times=1), Expected(GOES_ON, within=30)),
    (Fault("429, once", "a limit is reached, no wait named", _LIMIT, times=1), Expected(GOES_ON, within=30)),
    (Fault("429, always", "a limit is reached, again and again", _LIMIT), Expected(ENDS, "", within=30)),
    (Fault("429, wait of an hour", "a wait of 3600 s is asked for", _SLOWER), Expected(ENDS, "", within=30)),
    (Fault("500, once", "an error, then all is well", _BROKEN, times=1), Expected(GOES_ON, within=30)),
    (Fault("500, always", "an error, again and again", _BROKEN), Expected(ENDS, "", within=30)),
    (Fault("502 in HTML", "a front answers for the provider", answer_html), Expected(ENDS, "", within=30)),
    (Fault("503, always", "overloaded, again and again", _BUSY), Expected(ENDS, "", within=30)),
    (
        Fault("connection refused", "the provider leaves its port", leave_port, has_own_port=True),
        Expected(ENDS, "", within=30),
    ),
    (
        Fault("hang before the first byte", "nothing comes", hang_before_first_byte),
        Expected(ENDS, "", within=30),
    ),
    (Fault("hang mid-stream", "nothing more comes", hang_mid_stream), Expected(ENDS, "", within=30)),
    (Fault("cut stream, once", "the connection breaks", cut_stream, times=1), Expected(GOES_ON, within=30)),
    (Fault("cut stream, always", "the connection breaks, always", cut_stream), Expected(ENDS, "", within=30)),
    (
        Fault("end without a finish reason", "a clean end, always", end_without_finish_reason),
        Expected(ENDS, ""),
    ),
    (
        Fault("end without a finish reason, once", "a clean end", end_without_finish_reason, times=1),
        Expected(GOES_ON),
    ),
    (
        Fault("malformed JSON in a tool call", '`{"filePath": `', call_tool("read", '{"filePath": '), times=1),
        Expected(GOES_ON),
    ),
    (
        Fault("unknown tool", "`teleport` is called", call_tool("teleport", json.dumps({"to": "mars"})), times=1),
        Expected(GOES_ON),
    ),
    (
        Fault("arguments of another form", "`read` without a path", call_tool("read", json.dumps({"x": 1})), times=1),
        Expected(GOES_ON),
    ),
    (Fault("malformed event", "a chunk that is no JSON", break_json), Expected(ENDS, "", within=30)),
    (Fault("empty answer", "no text, no call, finish `stop`", say()), Expected(ENDS, "")),
    (
        Fault("refusal", "the model declines", say("I can't help with this request.")),
        Expected(GOES_ON, outcome="refused", same_tree=False),
    ),
    (
        Fault("refusal by the provider", "finish `content_filter`", say("I", finish="content_filter")),
        Expected(ENDS, ""),
    ),
    (Fault("context overflow", "400 `context_length_exceeded`", _OVERFLOW), Expected(ENDS, "")),
    (
        Fault("answer of 10 MB", "10 MB of text, finish `stop`", say_much(10)),
        Expected(GOES_ON, within=30, outcome="undone", same_tree=False),
    ),
    (Fault("answer without end", "text, on and on", say_without_end), Expected(ENDS, "", within=30)),
    (
        Fault("slow drip", "a byte each 0.1 s, then the rest", drip(0.1, 40), times=1),
        Expected(GOES_ON, within=30, outcome="undone", same_tree=False),
    ),
    (
        Fault("slow drip without end", "a byte each second", drip(1.0, 10**6)),
        Expected(ENDS, "the turn did not end within 45 s", within=60),
    ),
)
