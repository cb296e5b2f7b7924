"""How many trials this machine can run at a time, and whether one more fits now.

In: the machine. Out: a number; `MemoryAdmission`; places of a gate, `admitted`.
Refuses to do: more than the memory that is free now, since OpenCode that is out of memory is a trial lost; and making
a run wait for ever: where no trial goes on, one is let in whatever the memory.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

#: What a trial takes at its peak, in MiB: its server (550 to 600 were measured), and what the agent runs.
TRIAL_MEMORY = 700
_MOST_JOBS = 4
#: How long a trial takes until it has what it takes, in seconds: until then its share counts as used.
_GROWTH_SECONDS = 20.0
#: How long a reading of the memory holds, and how long it is waited between two when memory is short, in seconds.
_READING_SECONDS = 0.5
_POLL_SECONDS = 1.0


def default_jobs() -> int:
    """Trials at a time on this machine: by its cores and its free memory, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _MOST_JOBS, free_memory() // TRIAL_MEMORY))


class MemoryAdmission:
    """Lets a trial begin when the machine has memory for it; else it waits until that is so.

    `free` tells the memory that can be had, in MiB.
    """

    def __init__(self, free: Callable[[], int] | None = None, *, need: int = TRIAL_MEMORY) -> None:
        self._free = free or free_memory
        self._need = need
        self._at_work = 0
        #: When trials began that may still grow, oldest first.
        self._growing: list[float] = []
        self._reading = (0.0, 0)
        self._changed = asyncio.Event()
        self._door = asyncio.Lock()

    async def enter(self) -> None:
        """Wait until there is memory for one more trial; who came first goes first."""
        async with self._door:
            while self._at_work and not self._is_room():
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _POLL_SECONDS)
            self._at_work += 1
            self._growing.append(monotonic())

    def leave(self) -> None:
        """A trial has ended, and its memory is free again."""
        self._at_work -= 1
        if len(self._growing) > self._at_work:
            self._growing.pop(0)
        self._changed.set()

    def _is_room(self) -> bool:
        now = monotonic()
        while self._growing and now - self._growing[0] > _GROWTH_SECONDS:
            self._growing.pop(0)
        if not self._reading[0] or now - self._reading[0] > _READING_SECONDS:
            self._reading = (now, self._free())
        return self._reading[1] >= self._need * (len(self._growing) + 1)


@asynccontextmanager
async def admitted(gate: asyncio.Semaphore) -> AsyncIterator[Callable[[], None]]:
    """One place of the gate, until what it gives is called for the first time, or else until the context ends."""
    await gate.acquire()
    held = [gate]

    def give_back() -> None:
        if held:
            held.pop().release()

    try:
        yield give_back
    finally:
        give_back()


def free_memory(root: Path = Path("/")) -> int:
    """Memory that can be had, in MiB; a gigabyte a job where the system does not say. `root` holds `proc` and `sys`."""
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return _MOST_JOBS * 1024
    free = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:")), 0)
    return min([free, *_left_in_groups(root)])


def _left_in_groups(root: Path) -> list[int]:
    """What is left to this process in each control group that bounds its memory, in MiB.

    Both hierarchies are known. Within a container the path that the process is told may lead nowhere; the top is what
    it sees of its own group. A bound on a group further up binds as well.
    """
    groups = root / "sys/fs/cgroup"
    found = []
    for folder in _group_folders(root, groups):
        for bound, used in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
            limit = _read_number(folder / bound)
            # The old hierarchy says "no bound" by a number that no machine has.
            if 0 < limit < 1 << 60:
                found.append(max(0, limit - _read_number(folder / used) + _reclaimable(folder)) >> 20)
    return found


def _group_folders(root: Path, groups: Path) -> list[Path]:
    try:
        told = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = []
    folders = [groups, groups / "memory"]
    for line in told:
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        folder = groups / "memory" if controllers else groups
        for part in Path(path).parts[1:]:
            folder /= part
            folders.append(folder)
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def _reclaimable(folder: Path) -> int:
    """Bytes of files that are kept because nobody needed the room yet."""
    try:
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    kept = dict(line.split() for line in lines if line.count(" ") == 1)
    return int(kept.get("total_inactive_file", kept.get("inactive_file", "0")))


def _read_number(path: Path) -> int:
    try:
        text = path.read_text(encoding="ascii").strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0
