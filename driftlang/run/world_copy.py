"""The world of a trial at one moment, kept beside it, and made again in place.

In: folders that an agent writes to. Out: a copy of them, with histories, modes, times, links and holes; the folders as
they were.
Refuses to do: touching what has not changed, and replacing a folder. A server and a sandbox hold on to folders
themselves (one that is removed takes a mount in the sandbox with it), and a look that leaves nothing behind is to leave
nothing behind here either.

What runs is no part of a copy: a program that the agent left running goes on.
"""

import os
import shutil
import stat
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from attrs import frozen

from driftlang.run.server import AttemptError
from driftlang.run.work_files import MACHINE_TROUBLE

#: What tells that a file was not touched: kind and mode, size, modification and change time (ns), inode.
_Signature = tuple[int, int, int, int, int]
#: Seconds that one copying may take.
_COPYING = 300.0
#: `cp` says what is wrong in the words of `os.strerror`.
_PLAIN_WORDS = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
#: Paths that one call of `cp` is given.
_MOST_PATHS = 500
#: The path of a folder within itself.
_ITSELF = "."


@frozen
class Folder:
    """A folder to be kept, but for the entries of its own that are `left` alone, since they are somebody else's."""

    path: Path
    left: frozenset[str] = frozenset()


@frozen
class WorldCopy:
    """Folders, and below `store` their copies; `looks` is what they held when they were copied, or made again."""

    folders: tuple[Folder, ...]
    store: Path
    looks: list[Mapping[str, _Signature]]

    def restore(self) -> bool:
        """Make the folders what they were when they were copied; whether anything had changed.

        Raises:
            AttemptError: the agent has left what cannot be removed, or the copy is gone.
        """
        is_changed = False
        for number, folder in enumerate(self.folders):
            _open_up(folder.path)
            now, then = _look(folder), self.looks[number]
            if now == then:
                continue
            is_changed = True
            try:
                _undo(folder.path, self.store / str(number), now, then)
            except OSError as trouble:
                if trouble.errno in MACHINE_TROUBLE:
                    raise
                reason = (trouble.strerror or str(trouble)).lower()
                raise AttemptError(f"the agent's files could not be made what they were: {reason}") from trouble
            self.looks[number] = _look(folder)
        return is_changed

    def remove(self) -> None:
        """Let go of the copies."""
        remove_folder(self.store)


def keep_world(folders: Sequence[Folder], store: Path) -> WorldCopy:
    """A copy of `folders` below `store`, which must not exist; the caller removes it.

    Raises:
        AttemptError: the agent has left what cannot be read; nothing is kept then.
    """
    try:
        for number, folder in enumerate(folders):
            copy = store / str(number)
            copy.mkdir(parents=True, mode=0o700)
            copy_folder(folder, copy)
    except BaseException:
        remove_folder(store)
        raise
    return WorldCopy(tuple(folders), store, [_look(folder) for folder in folders])


def copy_folder(source: Folder, target: Path) -> None:
    """Copy all that `source` holds, and its own mode and times, into the empty folder `target`.

    Raises:
        AttemptError: something cannot be read or written.
        OSError: the machine is in trouble.
    """
    try:
        paths = sorted(path for path in source.path.iterdir() if path.name not in source.left)
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        raise AttemptError(f"the agent's files could not be copied: {reason}") from trouble
    _copy(paths, target)
    shutil.copystat(source.path, target)


def remove_folder(folder: Path) -> None:
    """Remove `folder` and all in it, folders that were closed included."""
    if folder.is_dir() and not folder.is_symlink():
        _open_up(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _copy(paths: Iterable[Path], target: Path) -> None:
    """Copy files and folders into the folder `target`, as they are."""
    wanted = list(map(str, paths))
    for start in range(0, len(wanted), _MOST_PATHS):
        # Holes stay holes: a sparse file of the agent's could fill the disk otherwise.
        command = ["cp", "-a", "--", *wanted[start : start + _MOST_PATHS], str(target)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_COPYING, check=False, env=_PLAIN_WORDS)
        except subprocess.TimeoutExpired:
            raise AttemptError(f"the agent's files could not be copied within {_COPYING:.0f} s") from None
        if done.returncode:
            raise _trouble(done.stderr.decode("utf-8", "replace"), target)


def _trouble(said: str, target: Path) -> Exception:
    """What stopped `cp`: the machine's trouble, which stops the run, or the agent's, which ends the attempt."""
    for number in MACHINE_TROUBLE:
        if os.strerror(number) in said:
            return OSError(number, os.strerror(number), str(target))
    last = said.strip().splitlines()[-1:] or ["no reason was given"]
    return AttemptError(f"the agent's files could not be copied: {last[0][:300]}")


def _look(folder: Folder) -> Mapping[str, _Signature]:
    """What is in a folder, itself included, by path."""
    found = {_ITSELF: _signature(folder.path.lstat())}
    for place, folders, files in os.walk(folder.path):
        is_top = Path(place) == folder.path
        if is_top:
            folders[:] = [name for name in folders if name not in folder.left]
        for name in (*folders, *files):
            if is_top and name in folder.left:
                continue
            path = Path(place, name)
            try:
                found[path.relative_to(folder.path).as_posix()] = _signature(path.lstat())
            except FileNotFoundError:  # gone since it was listed
                continue
    return found


def _signature(status: os.stat_result) -> _Signature:
    # A folder's size and times tell of what is in it, which has signatures of its own.
    if stat.S_ISDIR(status.st_mode):
        return (status.st_mode, 0, 0, 0, 0)
    return (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _undo(root: Path, copy: Path, now: Mapping[str, _Signature], then: Mapping[str, _Signature]) -> None:
    """Make what is in `root` what the copy holds, where that differs."""
    changed = sorted(path for path in now.keys() | then.keys() if now.get(path) != then.get(path))
    for path in changed:
        if not (_is_folder(then.get(path)) and _is_folder(now.get(path))):
            _remove(root / path)
    for path in changed:
        if _is_folder(then.get(path)):
            (root / path).mkdir(exist_ok=True)
    _put_back(root, copy, [path for path in changed if path in then and not _is_folder(then[path])])
    # Deepest first; what was put into a folder has changed its times.
    touched = {path for path in changed if path in then} | {_parent(path) for path in changed}
    for path in sorted(touched, reverse=True):
        if _is_folder(then.get(path)):
            shutil.copystat(copy / path, root / path)


def _put_back(root: Path, copy: Path, paths: Sequence[str]) -> None:
    """Copy these files, links and the like back to where none of them is; names of one file stay names of one."""
    alone: dict[str, list[Path]] = defaultdict(list)
    twins: dict[int, Path] = {}
    for path in paths:
        status = (copy / path).lstat()
        if status.st_nlink == 1:
            alone[_parent(path)].append(copy / path)
        elif status.st_ino in twins:
            os.link(twins[status.st_ino], root / path, follow_symlinks=False)
        else:
            _copy([copy / path], root / _parent(path))
            twins[status.st_ino] = root / path
    for parent, files in alone.items():
        _copy(files, root / parent)


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or _ITSELF


def _is_folder(signature: _Signature | None) -> bool:
    return signature is not None and stat.S_ISDIR(signature[0])


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _open_up(folder: Path) -> None:
    """Make every folder in `folder` one that its owner can list and empty; links are not followed."""
    # A folder is opened before what is in it is listed.
    for path in chain((folder,), _folders_in(folder)):
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            path.chmod(0o700)


def _folders_in(folder: Path) -> Iterator[Path]:
    for place, folders, _ in os.walk(folder):
        yield from (Path(place, name) for name in folders if not Path(place, name).is_symlink())
