"""`--watch`: do something again whenever a file changes that it has read.

In: what is done, and within it the part that reads. Out: that, again and again, until the user interrupts it.
Refuses to do: guessing which files matter. The interpreter tells of every file that is opened and every folder that is
listed while sources are read (`sys.addaudithook`); exactly these are looked at, imports, folders named by `from`
and histories among them. What is looked at is their state four times a second: no library, no thread.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from driftlang.diagnostics.failure import ExitStatus

#: Seconds between two looks.
_PAUSE = 0.25
#: Files and folders that are looked at; a source that reads more is not watched beyond.
MOST_WATCHED = 20_000
#: What the interpreter reads for itself.
_OWN = (".py", ".pyc", ".so", ".lark", ".pickle")

#: Of a file or folder: time of its last change, size and inode; nothing where it is not there.
State = tuple[int, int, int] | None


class Reads:
    """The files and folders that were read while `recording`, as they were right before that."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self._is_recording = False
        self._ignored = frozenset(os.path.realpath(path or ".") for path in sys.path)
        sys.addaudithook(self._hear)  # a hook cannot be taken away again: one for the whole process

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Remember what is read within the context, and of former ones what is gone: it may come back."""
        former, self.states = self.states, {}
        self._is_recording = True
        try:
            yield
        finally:
            self._is_recording = False
            for path in former.keys() - self.states.keys():
                if _state(path) is None:
                    self.states[path] = None

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._is_recording or event not in {"open", "os.listdir", "os.scandir"}:
            return
        path = arguments[0]
        if isinstance(path, bytes | str) and len(self.states) < MOST_WATCHED and _is_read(event, arguments):
            real = os.path.realpath(os.fsdecode(path))
            # Folders of modules are listed by the import of any.
            if not real.endswith(_OWN) and not (event == "os.listdir" and real in self._ignored):
                self.states.setdefault(real, _state(real))


def _is_read(event: str, arguments: tuple[object, ...]) -> bool:
    flags = arguments[2] if event == "open" else 0
    return isinstance(flags, int) and flags & os.O_ACCMODE == os.O_RDONLY


def _state(path: str) -> State:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def do_on_change(act: Callable[[Reads], int]) -> int:
    """Do something now and after each change of what it has read; until Ctrl-C, which is no failure."""
    from driftlang.cli import status_of

    reads = Reads()
    try:
        while True:
            status_of(lambda: act(reads))
            sys.stdout.flush()
            number = len(reads.states)
            click.echo(f"watching {number} file{'' if number == 1 else 's'} and folders; Ctrl-C ends", err=True)
            _wait_for_change(reads.states)
    except (KeyboardInterrupt, click.exceptions.Abort):
        return ExitStatus.OK


def _wait_for_change(states: dict[str, State]) -> None:
    """Return when something is not as it was, and stays as it is then: editors write in several steps."""
    seen = states
    while True:
        now = {path: _state(path) for path in states}
        if now != states and now == seen:
            return
        seen = now
        time.sleep(_PAUSE)
