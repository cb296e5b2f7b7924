"""How many trials this machine can run at a time.

In: the machine. Out: a number.
Refuses to do: more than the memory that is free now; OpenCode that is out of memory is a trial lost.
"""

import os
from pathlib import Path

#: What a trial takes at its peak, in MiB: its server, and what the agent runs.
_TRIAL_MEMORY = 700
_MOST_JOBS = 4


def default_jobs() -> int:
    """Trials at a time on this machine: by its cores and its free memory, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _MOST_JOBS, free_memory() // _TRIAL_MEMORY))


def free_memory() -> int:
    """Memory that can be had, in MiB; a gigabyte a job where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return _MOST_JOBS * 1024
    free = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:")), 0)
    bound = _read_number("/sys/fs/cgroup/memory.max")
    used = _read_number("/sys/fs/cgroup/memory.current")
    return min(free, (bound - used) >> 20) if bound else free


def _read_number(path: str) -> int:
    try:
        text = Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0
