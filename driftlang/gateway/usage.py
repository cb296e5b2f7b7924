"""Token counts out of an answer of the OpenAI chat-completions protocol.

In: the body of an answer, whole or cut, and its content type. Out: `Usage`.
Refuses to do: any guess; an answer that states no usage has zeros.
"""

import json
import re
from collections.abc import Iterator

from attrs import frozen

_LINE_END = re.compile(rb"\r\n|\r|\n")


@frozen
class Usage:
    """Tokens as the provider counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


def read_usage(body: bytes, content_type: str) -> Usage:
    """The last usage that `body` states: of the JSON object, or of the chunks of an event stream.

    Source: the `usage` object of OpenAI's chat completions, which a stream carries in its last chunk when
    `stream_options.include_usage` was asked for, and as null in the others.
    """
    if b'"usage"' not in body:
        return Usage()
    is_stream = content_type.lower().startswith("text/event-stream")
    documents = stream_data(body) if is_stream else iter((body,))
    found = Usage()
    for document in documents:
        if b'"usage"' in document:
            found = _usage_of(document, found)
    return found


def is_stream_complete(body: bytes) -> bool:
    """Whether an event stream reached the `[DONE]` that ends it."""
    return any(data.strip() == b"[DONE]" for data in stream_data(body[-4096:]))


def stream_data(body: bytes) -> Iterator[bytes]:
    """The data of each event of an event stream, its lines joined; a last event without blank line counts.

    Source: WHATWG HTML, server-sent events, "parsing an event stream".
    """
    lines: list[bytes] = []
    for line in (*_LINE_END.split(body), b""):
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
        elif not line and lines:
            yield b"\n".join(lines)
            lines = []


def _usage_of(document: bytes, otherwise: Usage) -> Usage:
    try:
        stated = json.loads(document)
    except ValueError:
        return otherwise
    usage = stated.get("usage") if isinstance(stated, dict) else None
    if not isinstance(usage, dict):
        return otherwise
    return Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(number: object) -> int:
    return number if isinstance(number, int) and number > 0 else 0
