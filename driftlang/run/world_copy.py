"""The world of a trial at one moment, kept beside it, and made again in place.

In: folders that an agent writes to. Out: a copy of them, with histories, modes, times, links and holes; the folders as
they were.
Refuses to do: moving anything. A server and a sandbox hold on to a folder itself, so what is in it is exchanged, and
only where something has changed: a look that leaves nothing behind does not touch the files either.

What runs is no part of a copy: a program that the agent left running goes on.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from driftlang.run.server import AttemptError

#: What tells that a file was not touched: kind and mode, size, modification and change time (ns), inode.
_Signature = tuple[int, int, int, int, int]
#: Seconds that a copy may take.
_COPYING = 300.0


@frozen
class WorldCopy:
    """Folders and their copies, in the same order.

    Attributes:
        store: the folder that holds the copies.
        state: what the folders were when they were copied, or made again.
    """

    folders: tuple[Path, ...]
    copies: tuple[Path, ...]
    store: Path
    state: dict[str, _Signature]

    def restore(self) -> bool:
        """Make the folders what they were when they were copied; whether anything had changed.

        Raises:
            AttemptError: the agent has left what cannot be removed, or the copy is gone.
        """
        if dict(_signatures(self.folders)) == self.state:
            return False
        for folder, copy in zip(self.folders, self.copies, strict=True):
            _empty(folder)
            copy_folder(copy, folder)
        self.state.clear()
        self.state.update(_signatures(self.folders))
        return True

    def remove(self) -> None:
        """Let go of the copies."""
        remove_folder(self.store)


def keep_world(folders: Sequence[Path], store: Path) -> WorldCopy:
    """A copy of `folders` below `store`, which must not exist; the caller removes it.

    Raises:
        AttemptError: the agent has left what cannot be read; nothing is kept then.
    """
    copies = tuple(store / str(number) for number in range(len(folders)))
    try:
        for folder, copy in zip(folders, copies, strict=True):
            copy.mkdir(parents=True, mode=0o700)
            copy_folder(folder, copy)
    except BaseException:
        remove_folder(store)
        raise
    return WorldCopy(tuple(folders), copies, store, dict(_signatures(folders)))


def copy_folder(source: Path, target: Path) -> None:
    """Copy all that `source` holds, and its own mode and times, into the empty folder `target`.

    Raises:
        AttemptError: something cannot be read or written.
    """
    # Holes stay holes: a sparse file of the agent's could fill the disk otherwise.
    command = ["cp", "-a", "--", f"{source}/.", str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_COPYING, check=False)
    except subprocess.TimeoutExpired:
        raise AttemptError(f"the agent's files could not be copied within {_COPYING:.0f} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason was given"]
        raise AttemptError(f"the agent's files could not be copied: {said[0][:300]}")


def remove_folder(folder: Path) -> None:
    """Remove `folder` and all in it, folders that were closed included."""
    if folder.is_dir() and not folder.is_symlink():
        _empty(folder)
        folder.rmdir()


def _empty(folder: Path) -> None:
    """Remove all that is in `folder`; links are not followed."""
    for place, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(place, name)
            if not path.is_symlink() and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                path.chmod(0o700)
    try:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                Path(entry.path).unlink()
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        raise AttemptError(f"the agent's files could not be removed: {reason}") from trouble


def _signatures(folders: Sequence[Path]) -> Iterator[tuple[str, _Signature]]:
    """What is in the folders, and the folders themselves, each with its signature."""
    for root in folders:
        yield str(root), _signature(root.lstat())
        for place, inner, files in os.walk(root):
            for name in (*inner, *files):
                path = Path(place, name)
                try:
                    yield str(path), _signature(path.lstat())
                except FileNotFoundError:  # gone since it was listed, which the next look tells
                    continue


def _signature(status: os.stat_result) -> _Signature:
    # A folder's size and times tell of what is in it, which has signatures of its own.
    times = (0, 0, 0) if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_mode, *times, status.st_ino)
