"""The chain: every record of a journal with the digest of its content and of the record before it.

In: records, in their order. Out: their digests, and the head (number and digest of the last one), also in a file of
its own beside the journal.
Refuses to do: proving what a chain alone cannot. Who can write the journal can write all of it anew, and who cuts its
tail off leaves a shorter chain that is whole. Against the second stands the head's file, against both a head that was
noted elsewhere (`driftlang runs verify --head`).
"""

import json
import os
from hashlib import sha256
from pathlib import Path

from attrs import frozen

#: Name of the file that names the last record, in a run's folder.
HEAD_FILE = "head"
_LINE_BYTES = 128


@frozen
class Link:
    """A record of the chain.

    Attributes:
        number: from 1, without gaps.
        kind: what it tells, one of those of `schema.py`.
        trial, attempt, branch, position: what it is about; empty and 0 where it is about the run. `position` is a
            step's, and of a record about the run its own number.
        content: a JSON object, which names by their digests the trees, messages and model calls that came with it.
    """

    number: int
    kind: str
    trial: str
    attempt: int
    branch: str
    position: int
    content: str

    def digest(self, former: str) -> str:
        """Sha256, hex, over the digest of the record before (empty for the first) and all of this one, as JSON."""
        parts = (former, self.number, self.kind, self.trial, self.attempt, self.branch, self.position, self.content)
        return sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


@frozen
class Head:
    """The last record of a chain: its number, 0 where there is none, and its digest."""

    number: int = 0
    digest: str = ""


class HeadFile:
    """The file that names the last record; written behind each transaction, so it is never ahead of the journal."""

    def __init__(self, run_folder: Path) -> None:
        self._path = run_folder / HEAD_FILE
        self._file = -1

    def write(self, head: Head) -> None:
        """Name `head`.

        Raises:
            OSError: the file cannot be written.
        """
        if self._file < 0:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        # One write of a constant length: a kill leaves the former line or this one.
        os.pwrite(self._file, f"{head.number:012d} {head.digest}\n".encode(), 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def read_head(run_folder: Path) -> Head:
    """The head that the file names; an empty one where there is no such file, or no such line in it."""
    try:
        with (run_folder / HEAD_FILE).open("rb") as file:
            number, _, digest = file.read(_LINE_BYTES).decode("ascii", "replace").strip().partition(" ")
    except OSError:
        return Head()
    is_head = number.isdigit() and len(digest) == sha256().digest_size * 2
    return Head(int(number), digest) if is_head else Head()
