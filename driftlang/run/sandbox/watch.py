"""Adding up what the processes of each sandbox take, and ending a sandbox that takes too much.

In: the first process of each sandbox, the folders that it can write to, and its `Bounds`. Out: a reason, given once, to
the one who asked for the watch.
Refuses to do: trusting what the processes say of themselves. It reads the host's `/proc` and the host's folders.

One look at `/proc` serves all sandboxes. A sandbox's processes are the descendants of its first one, since the kernel
gives orphans of a process namespace to that.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import define, field, frozen

from driftlang.run.sandbox.bounds import Bounds

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_MIB = 1024 * 1024
#: How much longer than a look at the folders took to wait until the next one.
_PATIENCE = 20.0
_LOOK_EVERY = 2.0
#: Files are counted as well, since each takes room that its size does not show.
_FILE_COST = 4096


@frozen
class _Seen:
    """One process, as `/proc/PID/stat` gives it."""

    process: int
    parent: int
    threads: int
    resident: int
    ticks: int


@define
class _Watched:
    first: int
    folders: tuple[Path, ...]
    bounds: Bounds
    tell: Callable[[str], None]
    look_at: float = field(factory=time.monotonic)


class Watch:
    """Looks at every sandbox of a run while its context is open."""

    def __init__(self, every: float = Bounds().every) -> None:
        self._every = every
        self._watched: dict[int, _Watched] = {}

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @contextmanager
    def over(
        self, first: int, folders: tuple[Path, ...], bounds: Bounds, tell: Callable[[str], None]
    ) -> Iterator[None]:
        """Watch a sandbox while the context lasts; `tell` is given the reason when it takes more than its bounds."""
        self._watched[first] = _Watched(first, folders, bounds, tell)
        try:
            yield
        finally:
            del self._watched[first]

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            watched = list(self._watched.values())
            if not watched:
                continue
            for one, reason in await asyncio.to_thread(_look, watched):
                if self._watched.get(one.first) is one:
                    one.tell(reason)


def _look(watched: Iterable[_Watched]) -> list[tuple[_Watched, str]]:
    """Those that take too much, each with what."""
    children: dict[int, list[_Seen]] = {}
    by_id: dict[int, _Seen] = {}
    for seen in _processes():
        children.setdefault(seen.parent, []).append(seen)
        by_id[seen.process] = seen
    found = []
    for one in watched:
        inside = list(_descendants(one.first, by_id, children))
        reason = _why_too_much(inside, one.bounds) or _why_too_full(one)
        if reason:
            found.append((one, f"the agent's processes took more than {reason}"))
    return found


def _processes() -> Iterator[_Seen]:
    for name in os.listdir("/proc"):  # noqa: PTH208 - names only, hundreds of them, twice a second
        if name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                yield _parse(int(name), _read(f"/proc/{name}/stat"))


def _read(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.read(handle, 4096)
    finally:
        os.close(handle)


def _parse(process: int, stat: bytes) -> _Seen:
    """Fields behind the name, which may hold anything; see `proc_pid_stat(5)`, whose numbers are two more."""
    fields = stat[stat.rindex(b")") + 2 :].split()
    ticks = sum(map(int, fields[11:15]))
    return _Seen(process, int(fields[1]), int(fields[17]), int(fields[21]) * _PAGE, ticks)


def _descendants(first: int, by_id: Mapping[int, _Seen], children: Mapping[int, list[_Seen]]) -> Iterator[_Seen]:
    waiting = [by_id[first]] if first in by_id else []
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children.get(one.process, ())


def _why_too_much(inside: list[_Seen], bounds: Bounds) -> str:
    if len(inside) > bounds.processes:
        return f"{bounds.processes} processes"
    if sum(one.threads for one in inside) > bounds.threads:
        return f"{bounds.threads} threads"
    if sum(one.ticks for one in inside) / _TICKS > bounds.processor_seconds:
        return f"{bounds.processor_seconds:g} s of processor time"
    # What several processes share counts once, which is dearer to find out.
    if sum(one.resident for one in inside) > bounds.memory and sum(map(_own_memory, inside)) > bounds.memory:
        return f"{bounds.memory // _MIB} MiB of memory"
    return ""


def _own_memory(seen: _Seen) -> int:
    """Bytes of a process, shared ones divided by those that share them; all that is resident where that is not told."""
    try:
        told = _read(f"/proc/{seen.process}/smaps_rollup")
    except FileNotFoundError:
        return 0
    except OSError:
        return seen.resident
    for line in told.splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return seen.resident


def _why_too_full(one: _Watched) -> str:
    begun = time.monotonic()
    if begun < one.look_at:
        return ""
    most = one.bounds.written
    is_full = sum(map(_size, one.folders)) > most
    took = time.monotonic() - begun
    one.look_at = begun + max(_LOOK_EVERY, took * _PATIENCE)
    return f"{most // _MIB} MiB of disk" if is_full else ""


def _size(folder: Path) -> int:
    """Bytes that a folder takes on disk; links are not followed."""
    total, waiting = 0, [os.fspath(folder)]
    while waiting:
        place = waiting.pop()
        with suppress(OSError), os.scandir(place) as listing:
            for entry in listing:
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    total += entry.stat(follow_symlinks=False).st_blocks * 512 + _FILE_COST
    return total
