"""A folder that appears whole or not at all.

In: the folder's place and what writes its content. Out: the folder.
Refuses to do: replacing what no build has written. A build that is killed leaves at most two hidden folders beside the
place; the next build there puts the old folder back if it has gone, and removes the rest.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from driftlang.build.manifest import MANIFEST_FILE
from driftlang.diagnostics.failure import ExitStatus, Failure


def write_whole(target: Path, write: Callable[[Path], None], is_done: Callable[[], bool] = lambda: False) -> None:
    """Let `write` fill a new folder beside `target`, then put that in its place; not where `is_done` says so.

    It is asked when nobody else builds there any more, and what a killed build left is put right.

    Raises:
        Failure: status 2, when `target` is there and is no build's output; status 4, when the file system refuses.
            In both cases what was there before is there still, and nothing else.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(target.parent):
            _recover(target)
            _refuse_foreign(target)
            if is_done():
                return
            staging = _staging(target)
            staging.mkdir()
            try:
                write(staging)
                _put(staging, target)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (FileExistsError, NotADirectoryError) as misuse:
        raise Failure(
            f"`{misuse.filename}` is no folder", help="choose another place with `-o`", status=ExitStatus.MISUSE
        ) from misuse
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        raise Failure(
            f"could not write `{target}`: {reason}",
            help="free space or choose another place with `-o`; what was there is there still",
        ) from trouble


def has_leavings(target: Path) -> bool:
    """Whether a killed build left something beside `target`, or another one is at work there."""
    return any(os.path.lexists(left) for left in (_staging(target), _aside(target)))


def _staging(target: Path) -> Path:
    """Where the new folder is made."""
    return target.with_name(f".{target.name}.driftlang-new")


def _aside(target: Path) -> Path:
    """Where the old folder stands while the new one takes its place."""
    return target.with_name(f".{target.name}.driftlang-old")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let builds into one folder come one after another; the system ends the hold of a killed one."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _recover(target: Path) -> None:
    """Put back and remove what a killed build left; nobody else builds here now."""
    aside = _aside(target)
    if aside.is_dir() and not target.exists():
        aside.rename(target)
    for left in (_staging(target), aside):
        shutil.rmtree(left, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Failure(f"`{target}` is no folder", help="choose another place with `-o`", status=ExitStatus.MISUSE)
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST_FILE).is_file():
        raise Failure(
            f"`{target}` holds files that no build has written",
            help="choose another place with `-o`, or move them away",
            status=ExitStatus.MISUSE,
        )


def _put(staging: Path, target: Path) -> None:
    if not target.exists():
        staging.rename(target)
        return
    # A folder with content cannot be renamed over: the old one steps aside first, and comes back if that fails.
    aside = _aside(target)
    target.rename(aside)
    try:
        staging.rename(target)
    finally:
        if not target.exists():
            aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
