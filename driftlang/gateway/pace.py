"""The pace of one provider: how many calls at a time and a minute, and when it wants none.

In: calls that want to be made, and the provider's answers that say "later". Out: the moment to make them, shared by all
trials that use the provider.
Refuses to do: waiting for a call longer than its bounds; that is an error, with its reason.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from aiolimiter import AsyncLimiter
from attrs import field, frozen

from driftlang.gateway.headers import wait_of
from driftlang.gateway.usage import read_object, read_part

#: Statuses that say "later" by themselves; others do with a `retry-after`.
_LATER = frozenset((429, 529))
_LATER_WITH_WAIT = frozenset((503,))
#: Words of a 429 that no waiting mends: the account has no money left.
_NO_MONEY = frozenset(
    (
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "insufficient_credits",
        "credit_exhausted",
    )
)
_FIRST_WAIT, _LONGEST_BACKOFF = 1.0, 60.0


class Pace:
    """Bounds of one provider; 0 is none.

    Attributes:
        paused_until: the moment (`time.monotonic`) before which the provider wants no call.
    """

    def __init__(self, *, concurrency: int = 0, requests_per_minute: int = 0, tokens_per_minute: int = 0) -> None:
        self._slots = asyncio.Semaphore(concurrency) if concurrency else None
        self._requests = AsyncLimiter(requests_per_minute, 60) if requests_per_minute else None
        self._tokens = AsyncLimiter(tokens_per_minute, 60) if tokens_per_minute else None
        self.paused_until = 0.0

    @asynccontextmanager
    async def admitted(self, tokens: int) -> AsyncIterator[None]:
        """Wait until a call of about so many tokens may be made; it holds its place as long as the context lasts."""
        async with AsyncExitStack() as stack:
            if self._slots is not None:
                await stack.enter_async_context(self._slots)
            if self._requests is not None:
                await self._requests.acquire()
            if self._tokens is not None:
                await self._tokens.acquire(min(tokens, self._tokens.max_rate))
            await self._pause_over()
            yield

    async def _pause_over(self) -> None:
        """Wait until no pause is left; one that is put off meanwhile as well."""
        left = self.paused_until - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
            await self._pause_over()

    def pause(self, seconds: float) -> None:
        """Make no call of any trial for so long."""
        self.paused_until = max(self.paused_until, time.monotonic() + seconds)

    @property
    def is_free_now(self) -> bool:
        """Whether a call would be made at once, as far as can be told."""
        return self.paused_until <= time.monotonic() and (self._slots is None or not self._slots.locked())


@frozen
class Later:
    """An answer that says "later".

    Attributes:
        status: its HTTP status.
        seconds: how long to wait: as it says, or else more each time.
        body: what it said, key taken out.
    """

    status: int
    seconds: float
    body: str = field(repr=False)


def is_later(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer asks to come again."""
    if status in _LATER:
        return True
    return status in _LATER_WITH_WAIT and ("retry-after" in headers or "retry-after-ms" in headers)


def wait_for(headers: Mapping[str, str], tries: int) -> float:
    """How many seconds to wait after `tries` answers of the kind: as the provider says, or twice as long each time."""
    if "retry-after-ms" in headers:
        return wait_of(headers["retry-after-ms"]) / 1000
    if "retry-after" in headers:
        return wait_of(headers["retry-after"])
    # Not all at once: what was refused together would come again together.
    return min(_FIRST_WAIT * 2.0 ** min(tries, 10), _LONGEST_BACKOFF) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def is_out_of_money(body: bytes) -> bool:
    """Whether a 429 says that the account is empty, which no waiting mends."""
    error = read_part(read_object(body), "error")
    return bool(_NO_MONEY & {str(error.get("code")), str(error.get("type"))})


def told_by(body: bytes) -> str:
    """One line of what an error says."""
    error = read_part(read_object(body), "error")
    said = error.get("message")
    text = said if isinstance(said, str) else body.decode("utf-8", "replace")
    return " ".join(text.split())[:300]
