"""How much the processes of a sandbox may take.

In: nothing; this module defines `Bounds`, and sets those that the kernel keeps. Out: a bounded first process, whose
children inherit its bounds.
Refuses to do: bounding address space. OpenCode's runtime reserves far more of it than it uses.

What the kernel keeps by itself is not all: it counts the processes of root for nobody, and memory for each process
alone. `watch.py` adds the rest up.
"""

import resource
from contextlib import suppress
from pathlib import Path

from attrs import frozen

_MIB = 1024 * 1024
#: `RESERVED_PIDS` of Linux.
_RESERVED_IDS = 300


@frozen
class Bounds:
    """Of one sandbox.

    Attributes:
        memory: bytes of all processes together (a page that several share is counted once); the sandbox's own
            temporary files come on top (see `TmpfsSizes`).
        processes: how many there may be at a time.
        threads: how many tasks all of them may have together.
        processor_seconds: processor time of all of them together, of those that have ended as well.
        file: bytes of one file.
        written: bytes that the folders that can be written to may take on disk together.
        open_files: descriptors of one process.
        every: seconds between two looks at what is taken.
    """

    memory: int = 4096 * _MIB
    processes: int = 512
    threads: int = 4096
    processor_seconds: float = 4 * 3600.0
    file: int = 2048 * _MIB
    written: int = 4096 * _MIB
    open_files: int = 65536
    every: float = 0.5


def most_tasks(bounds: Bounds) -> int:
    """What a namespace of processes is to be told: the kernel keeps the lowest ids for its own use."""
    return _RESERVED_IDS + bounds.threads


def bound(process: int, bounds: Bounds) -> None:
    """Set what the kernel keeps on `process`, and make it the first to be ended where memory runs out."""
    for kind, wanted in (
        (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, bounds.open_files),
        (resource.RLIMIT_NPROC, bounds.threads),
        (resource.RLIMIT_MEMLOCK, 8 * _MIB),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, most = resource.prlimit(process, kind)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.prlimit(process, kind, (value, value))
    with suppress(OSError):
        Path(f"/proc/{process}/oom_score_adj").write_text("1000", encoding="ascii")
