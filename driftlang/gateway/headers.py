"""Headers as they change on their way through the gateway.

In: headers of a request or an answer. Out: the headers to send on, without those that belong to one connection,
with the provider's key in place of the agent's, and with a bounded `retry-after`.
Refuses to do: anything with bodies.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Header = tuple[str, str]

#: RFC 9110 section 7.6.1, and framing, which each connection does for itself.
_OF_ONE_CONNECTION = frozenset(
    (
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
#: Where an agent may carry a key, and how the key is written there.
_KEY_HEADERS = {"authorization": "Bearer {}", "x-api-key": "{}", "api-key": "{}", "x-goog-api-key": "{}"}

#: What is recorded without its value.
_SECRET = frozenset(
    (
        *_KEY_HEADERS,
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "openai-organization",
        "openai-project",
        "anthropic-organization-id",
    )
)


def for_upstream(headers: Iterable[Header], key: str) -> list[Header]:
    """Request headers for the provider: its own key wherever the agent put one, and a plain answer asked for.

    A provider without a key gets no header for one: a value of nothing but white space cannot be sent.
    """
    given = _between_connections(headers)
    sent = [(name, value) for name, value in given if name.lower() not in ("host", "accept-encoding", "cookie")]
    if not key:
        sent = [(name, value) for name, value in sent if name.lower() not in _KEY_HEADERS]
    replaced = [
        (name, _KEY_HEADERS[name.lower()].format(key) if name.lower() in _KEY_HEADERS else value)
        for name, value in sent
    ]
    if key and not any(name.lower() in _KEY_HEADERS for name, _ in replaced):
        replaced.append(("Authorization", f"Bearer {key}"))
    # The record keeps what the model said, so the answer must come uncompressed.
    return [*replaced, ("Accept-Encoding", "identity")]


def for_agent(headers: Iterable[Header], longest_wait: float) -> list[Header]:
    """Answer headers for the agent; `retry-after` is cut to `longest_wait` seconds.

    OpenCode obeys `retry-after` without a bound of its own: an hour asked for is an hour slept.
    """
    passed = (header for header in _between_connections(headers) if header[0].lower() != "set-cookie")
    return [(name, _bounded(name.lower(), value, longest_wait)) for name, value in passed]


def redacted(headers: Iterable[Header], key: str) -> tuple[Header, ...]:
    """Headers as they may be recorded: nothing that is a key, quotes one, or names an account."""
    kept = []
    for name, value in headers:
        is_secret = name.lower() in _SECRET or (key and key in value)
        kept.append((name, "***" if is_secret else value))
    return tuple(kept)


def _between_connections(headers: Iterable[Header]) -> list[Header]:
    given = list(headers)
    named = {
        token.strip().lower() for name, value in given if name.lower() == "connection" for token in value.split(",")
    }
    return [header for header in given if header[0].lower() not in _OF_ONE_CONNECTION | named]


def _bounded(name: str, value: str, longest: float) -> str:
    if name == "retry-after":
        return value if 0 <= wait_of(value) <= longest else f"{longest:.0f}"
    if name == "retry-after-ms":
        return value if 0 <= wait_of(value) <= longest * 1000 else f"{longest * 1000:.0f}"
    return value


def wait_of(value: str) -> float:
    """A wait in the header's own unit; a date is seconds from now; what cannot be read is endless."""
    try:
        return float(value)
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return float("inf")
    moment = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
