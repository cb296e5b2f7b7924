"""Ending what a server leaves behind.

In: the marker that a server's environment held, which its children inherit. Out: nothing that carries it runs any more.
Refuses to do: ending anything that does not carry the marker. The agent's shell puts each command in a session of its
own, so neither the end of the server nor a signal to its process group reaches a background command.

A process is found by `/proc/PID/environ`; where there is no `/proc` (macOS) only the server's process group is ended.
The gap: a command that leaves the server's process group and drops its environment (`env -i setsid ...`, a program that
writes over its own, one that runs as another user) is not found, and goes on until it ends by itself.
"""

import os
import secrets
import signal
import time
from contextlib import suppress
from pathlib import Path

#: The variable that carries the marker: one that desktops set, so that it tells the agent nothing.
MARKER_NAME = "XDG_SESSION_ID"
_ROUNDS = 50


def new_marker() -> str:
    """A marker that no other process carries."""
    return secrets.token_hex(16)


def reap(marker: str, spared: frozenset[int] = frozenset()) -> int:
    """End every process that carries `marker`, new ones included, but for the `spared`; the number of them.

    A process that forks while it is looked for can have a child that is not on the list yet, so the list is made
    until it stays empty.
    """
    ended = 0
    for _ in range(_ROUNDS):
        found = [process for process in marked(marker) if process not in spared]
        if not found:
            break
        ended += sum(_end(process, marker) for process in found)
        time.sleep(0.01)  # an ended process stays on the list until its parent or init has noticed
    return ended


def marked(marker: str) -> tuple[int, ...]:
    """Ids of the living processes that carry `marker`."""
    proc = Path("/proc")
    if not marker or not proc.is_dir():
        return ()
    ids = [int(entry.name) for entry in proc.iterdir() if entry.name.isdigit()]
    return tuple(process for process in ids if process != os.getpid() and _carries(process, marker))


def _carries(process: int, marker: str) -> bool:
    try:
        environment = Path(f"/proc/{process}/environ").read_bytes()
    except OSError:  # gone, or somebody else's
        return False
    # A process that has ended but was not waited for shows nothing here, so it does not count.
    return f"{MARKER_NAME}={marker}".encode() in environment.split(b"\0")


def _end(process: int, marker: str) -> bool:
    """Kill `process` if it carries the marker still: its id may be another's by now."""
    try:
        handle = os.pidfd_open(process)
    except (OSError, AttributeError):
        return False
    try:
        if _carries(process, marker):
            with suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                return True
        return False
    finally:
        os.close(handle)
