"""A command of the agent's that waits inside its sandbox until a test lets it go on.

The agent can neither write nor read outside, so nothing outside can be what it waits for. A test reaches in: it sees
the processes of the sandbox, and through one of them the temporary folder that is the sandbox's own.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dask_processes import descendants

_WORD = "go-on"
#: Once an attempt was let go, the same command of its later steps waits no more.
HELD = f"until test -e /tmp/{_WORD}; do sleep 0.05; done"


def held_below(process: int) -> list[int]:
    """Processes that wait, of those that `process` has started, and that they have."""
    return [child for child, line in descendants(process).items() if HELD in line]


def is_held(process: int) -> bool:
    """Whether a process that was seen to wait is there still."""
    try:
        return HELD.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def let_go(processes: list[int]) -> None:
    """Let the sandboxes of these processes go on."""
    for process in processes:
        with suppress(OSError):  # it has ended
            Path(f"/proc/{process}/root/tmp/{_WORD}").touch()


@contextmanager
def letting_go(*processes: int) -> Iterator[None]:
    """Let go whatever waits below `processes`, for as long as the context lasts."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            for process in processes:
                let_go(held_below(process))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
