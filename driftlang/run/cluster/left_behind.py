"""What a worker that was lost leaves on its machine, for the next worker there to clear away.

In: attempts as they begin and end. Out: nothing of a dead worker runs or lies about any more.
Refuses to do: touching an attempt that is under way: its place is locked by the process that makes it.
"""

import socket
from functools import cached_property
from pathlib import Path

from driftlang.run.places import take_left
from driftlang.run.reaping import reap


class LeftBehind:
    """A file for each attempt under way on this machine, by its place; what it holds is the attempt's marker."""

    @cached_property
    def _folder(self) -> Path:
        from platformdirs import user_cache_path

        # The home may be shared by machines; processes and places are not.
        folder = user_cache_path("driftlang") / "attempts" / socket.gethostname()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def note(self, place: str, marker: str) -> None:
        """An attempt begins that uses `place` and whose processes carry `marker`."""
        (self._folder / place).write_text(marker, encoding="ascii")

    def forget(self, place: str) -> None:
        """The attempt has ended, and has cleared its place itself; empty is one that had none yet."""
        if place:
            (self._folder / place).unlink(missing_ok=True)

    def clear(self) -> None:
        """End and remove what is left of attempts whose worker is dead."""
        for note in sorted(self._folder.iterdir()):
            with take_left(note.name) as left:
                if left is not None:
                    reap(_marker(note))
                    left.clear()
                    note.unlink(missing_ok=True)


def _marker(note: Path) -> str:
    """What the note holds; nothing, which marks no process, when its attempt has just ended."""
    try:
        return note.read_text(encoding="ascii")
    except OSError:
        return ""
