"""Where a trial lives on disk: a work tree that the agent sees, and a root for its server.

In: a trial's id and the name its work tree has. Out: a `Place`, held under a lock for as long as the trial runs.
Refuses to do: names that tell anything. The agent reads its own path, and the model reads it in every prompt, so a
path holds no name of the project, the study or the arm, and is the same each time the same trial runs.
"""

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run.removal import remove_tree

#: How many runners may work on one trial at a time (each with a run folder of its own).
_PLACES = 64
_KEY = re.compile(r"[0-9a-f]{12}(-[0-9]{1,2})?")
#: A name that stays where it is put; the reader of plans checks it too, but what is removed here depends on it.
_PLAIN = re.compile(r"[^/\0]+")


@frozen
class Place:
    """The folders of one attempt; root and holder are new and empty when it begins.

    Attributes:
        key: tells it from others, also after this process has ended (see `take_left`).
        root: the server's home, configuration, data, state, cache and temporary files.
        holder: holds the work tree and nothing else.
        work_tree: the agent's repository; it does not exist yet.
        aside: where copies of what the agent has are kept for a while, out of its sight; it does not exist yet.
    """

    key: str
    root: Path
    holder: Path
    work_tree: Path
    aside: Path

    def clear(self) -> None:
        """Remove all of it: the folders named after the key, whatever the work tree is called."""
        for folder in (self.root, self.holder, self.aside):
            remove_tree(folder)


@contextmanager
def take_place(trial: str, directory: str) -> Iterator[Place]:
    """A place for `trial`, nobody else's while the context lasts, removed behind it.

    Raises:
        Failure: `directory` is no plain name, the temporary folder cannot be used, or too many runners are at the
            same trial.
    """
    if directory in ("", ".", "..") or not _PLAIN.fullmatch(directory):
        raise Failure(
            f"the plan names a work tree `{directory}`, which is no plain name",
            help="build the study again",
            status=ExitStatus.MISUSE,
        )
    trees, roots, aside = private_folder("ws"), private_folder("rt"), private_folder("kp")
    name = sha256(trial.encode()).hexdigest()[:12]
    for number in range(1, _PLACES + 1):
        key = name if number == 1 else f"{name}-{number}"
        lock = _try_lock(roots / f"{key}.lock")
        if lock is None:
            continue
        place = Place(key, roots / key, trees / key, trees / key / directory, aside / key)
        try:
            place.clear()  # what a killed runner left
            _make(place)
            yield place
        finally:
            place.clear()
            _release(lock, roots / f"{key}.lock")
        return
    raise Failure(f"{_PLACES} runners are at work on trial {trial} already", help="let them finish first")


@contextmanager
def take_left(key: str) -> Iterator[Place | None]:
    """The place `key`, which a killed runner left, held for the context; nothing when somebody works there.

    A journal that was copied names places of a runner that lives: nothing of such a place is touched.
    """
    if not _KEY.fullmatch(key):
        yield None
        return
    trees, roots, aside = private_folder("ws"), private_folder("rt"), private_folder("kp")
    lock = _try_lock(roots / f"{key}.lock")
    if lock is None:
        yield None
        return
    try:
        yield Place(key, roots / key, trees / key, trees / key, aside / key)
    finally:
        _release(lock, roots / f"{key}.lock")


def _make(place: Place) -> None:
    try:
        place.root.mkdir(mode=0o700)
        place.holder.mkdir(mode=0o700)
    except OSError as trouble:
        raise Failure(
            f"{trouble.filename} cannot be made: {(trouble.strerror or '').lower()}",
            help="make room there, or set TMPDIR to another folder",
        ) from trouble


def private_folder(name: str) -> Path:
    """A folder of this name under the temporary folder, this user's alone; another user's is left to them."""
    parent = Path(tempfile.gettempdir())
    for folder in (parent / name, parent / f"{name}-{os.geteuid()}"):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
        except FileExistsError:
            continue
        except OSError as trouble:
            raise Failure(
                f"{folder} cannot be made: {(trouble.strerror or '').lower()}",
                help="set TMPDIR to a folder that can be written",
            ) from trouble
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
            return folder
    raise Failure(f"{parent} holds no folder that is this user's alone", help="set TMPDIR to another folder")


def _try_lock(path: Path) -> IO[bytes] | None:
    """The lock at `path`, or nothing when another process holds it."""
    while True:
        lock = path.open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
                return lock
        lock.close()  # its holder removed it just before: the next one is another file


def _release(lock: IO[bytes], path: Path) -> None:
    """Remove the lock while it is held, then let it go."""
    path.unlink(missing_ok=True)
    lock.close()
