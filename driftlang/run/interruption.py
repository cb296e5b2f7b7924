"""Signals that end a run, and what ends it otherwise, as failures that tell what to do.

In: SIGINT, SIGTERM; exceptions of a run. Out: a run that ends in order: turns
aborted, servers stopped, the journal closed.
Refuses to do: hiding an exception that is nobody's but this program's.
"""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from driftlang.diagnostics.failure import Failure


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT and SIGTERM end what is done in the context, in order.

    Raises:
        Failure: it was ended so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - within a coroutine there is one
    asked = False

    def interrupt() -> None:
        nonlocal asked
        if not asked:  # a second signal must not cut the orderly end short
            asked = True
            task.cancel()

    signals = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    except asyncio.CancelledError:
        if not asked:
            raise
        raise Failure("the run was interrupted", help="the same command goes on where it stopped") from None
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, former[number])


@contextmanager
def explained_groups() -> Iterator[None]:
    """Turn a group of exceptions that holds trouble of the world into the first of it, as a `Failure`."""
    try:
        yield
    except BaseExceptionGroup as group:
        known = group.subgroup((Failure, OSError))
        if known is None:
            raise
        raise _as_failure(_first(known)) from None


def _as_failure(trouble: BaseException) -> Failure:
    """The failure that `trouble` is, or that it amounts to."""
    if isinstance(trouble, Failure):
        return trouble
    reason = (getattr(trouble, "strerror", None) or str(trouble)).lower()
    return Failure(
        f"{getattr(trouble, 'filename', None) or 'the run'}: {reason}",
        help="free space or choose another place, then run the same command again",
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first exception that is no group."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
