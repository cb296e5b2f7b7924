"""Failures of the outside world: a missing file, a full disk, a server that died.

In: what happened, in one sentence, and what to do. Out: an exception that the command line prints as one message.
Refuses to do: mistakes of an author, which are diagnostics (see `diagnostic.py`), never exceptions.
"""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of every command."""

    OK = 0
    FINDING = 1
    MISUSE = 2
    INCONCLUSIVE = 3
    INFRASTRUCTURE = 4


class Failure(Exception):  # noqa: N818 - a failure of the world, not an error of this code
    """Something outside the program went wrong.

    Attributes:
        message: a lower-case sentence without full stop: what was found.
        help: what the user can do, an action.
        status: the exit status of a command that ends with it.
    """

    def __init__(self, message: str, *, help: str = "", status: ExitStatus = ExitStatus.INFRASTRUCTURE) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.status = status
