"""Deadlines of an agent's time, which stand still while the provider has it wait.

In: a bound in seconds, and how long was waited so far. Out: a context that ends in `TimeoutError` when it is passed.
Refuses to do: looking at clocks of the day; a clock that is set does not move a deadline.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

#: The shortest time between two looks, in seconds.
_SHORTEST = 0.02


@asynccontextmanager
async def within(seconds: float, waited: Callable[[], float]) -> AsyncIterator[None]:
    """`asyncio.timeout(seconds)`, put off by what `waited` has grown by."""
    loop = asyncio.get_running_loop()
    begun, before = loop.time(), waited()
    async with asyncio.timeout(seconds) as bound:
        looks: list[asyncio.TimerHandle] = []

        def put_off() -> None:
            end = begun + seconds + waited() - before
            left = end - loop.time()
            if left > 0 and not bound.expired():
                bound.reschedule(end)
                looks[:] = [loop.call_later(max(left / 2, _SHORTEST), put_off)]

        looks.append(loop.call_later(seconds / 2, put_off))
        try:
            yield
        finally:
            looks[0].cancel()
