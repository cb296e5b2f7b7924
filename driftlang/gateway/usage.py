"""Token counts as every protocol's reader gives them, and what the readers share.

In: the body of an answer, whole or cut. Out: `Usage` and `Answer`; the documents of an event stream.
Refuses to do: any guess. An answer that states no usage has zeros, and a number that no count can be is none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen

_LINE_END = re.compile(rb"\r\n|\r|\n")
#: More tokens than any call can have: what is above is no count.
_MOST_TOKENS = 10**10
#: More dollars than any call can cost.
_MOST_DOLLARS = Decimal(10**6)


@frozen
class Usage:
    """Tokens as the provider counts them, in one meaning for every protocol.

    Attributes:
        prompt_tokens: everything that was sent, whatever of it came from or went to a cache.
        completion_tokens: everything that was said, reasoning included.
        cached_tokens: of the prompt, what was read from the provider's cache.
        cache_write_tokens: of the prompt, what was written to it.
        reasoning_tokens: of the completion, what was thought and not said.
        stated_dollars: what the provider says that the call cost; nothing where it does not say.
        is_stated: whether the answer holds a usage at all.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    stated_dollars: Decimal | None = None
    is_stated: bool = False


@frozen
class Answer:
    """What an answer's body says about itself.

    Attributes:
        finish: `stop`, `tool_calls`, `length`, `refusal` or `failed`; empty where it gives no reason of its end, which
            makes an agent ask again at once.
        is_ended: whether it came to the end that the protocol prescribes.
    """

    usage: Usage = Usage()
    finish: str = ""
    is_ended: bool = False


def is_event_stream(content_type: str) -> bool:
    """Whether a body of this type is a stream of server-sent events."""
    return content_type.lower().startswith("text/event-stream")


def stream_data(body: bytes) -> Iterator[bytes]:
    """The data of each event of an event stream, its lines joined; a last event without blank line counts.

    Source: WHATWG HTML, server-sent events, "parsing an event stream".
    """
    lines: list[bytes] = []
    # Most streams have plain line ends, which are parted five times as fast.
    parted = _LINE_END.split(body) if b"\r" in body else body.split(b"\n")
    for line in (*parted, b""):
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
        elif not line and lines:
            yield b"\n".join(lines)
            lines = []


def read_object(document: bytes) -> Mapping[str, object]:
    """A JSON object; empty for anything else. Numbers with a fraction are decimals, so that money stays exact."""
    try:
        stated = json.loads(document, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def read_part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The object under `name`; empty where there is none."""
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def read_list(whole: Mapping[str, object], name: str) -> tuple[Mapping[str, object], ...]:
    """The objects in the list under `name`."""
    part = whole.get(name)
    return tuple(one for one in part if isinstance(one, dict)) if isinstance(part, list) else ()


def read_count(whole: Mapping[str, object], name: str) -> int:
    """The count under `name`; 0 for what is no whole number of tokens."""
    number = whole.get(name)
    if isinstance(number, bool) or not isinstance(number, int):
        return 0
    return number if 0 < number <= _MOST_TOKENS else 0


def read_dollars(whole: Mapping[str, object], name: str, unit: Decimal = Decimal(1)) -> Decimal | None:
    """The money under `name`, a number of `unit` dollars; nothing for what is none."""
    number = whole.get(name)
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    if isinstance(number, Decimal) and not number.is_finite():
        return None
    # Compared before it is multiplied: a number of a thousand digits is none either.
    return Decimal(number) * unit if 0 <= number <= _MOST_DOLLARS / unit else None


def with_reasoning_included(completion: int, reasoning: int, prompt: int, total: int) -> int:
    """All tokens that were said, of a provider that may count reasoning beside `completion` or within it.

    xAI's chat completions count it beside; what tells is that the total holds all three.
    """
    if reasoning and (total == prompt + completion + reasoning or reasoning > completion):
        return completion + reasoning
    return completion


def with_cache_included(prompt: int, cached: int) -> int:
    """The whole prompt, of a provider that may count what it read from its cache beside it."""
    return prompt if cached <= prompt else prompt + cached
