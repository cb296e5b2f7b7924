"""Removing folders that an agent has had its hands in.

In: a folder. Out: no folder.
Refuses to do: following links, and giving up. An agent may have closed folders, or put thousands into each other, so
that no path reaches the innermost and nothing that calls itself for each of them comes to its end.
"""

import os
import shutil
from collections import deque
from contextlib import suppress
from itertools import count
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Remove `folder` and all in it, as far as the system lets anybody; one that is not there is as good."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir() and not folder.is_symlink():
        _take_apart(folder)


def _take_apart(folder: Path) -> None:
    """Empty `folder` and remove it: what is in its folders is lifted up into it, one level after the other."""
    numbers = count()
    left = deque([folder])
    lifted = []
    while left:
        place = left.popleft()
        _open_up(place)
        for entry in _entries(place):
            if entry.is_dir(follow_symlinks=False):
                _open_up(Path(entry.path))
                target = _free_name(folder, numbers)
                with suppress(OSError):
                    Path(entry.path).rename(target)
                    left.append(target)
            else:
                with suppress(OSError):
                    Path(entry.path).unlink()
        lifted.append(place)
    for place in reversed(lifted):
        with suppress(OSError):
            place.rmdir()


def _free_name(folder: Path, numbers: "count[int]") -> Path:
    """A name in `folder` that nothing has."""
    return next(path for number in numbers if not os.path.lexists(path := folder / f"{number}.left"))


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []


def _open_up(folder: Path) -> None:
    """Make it a folder that its owner can empty."""
    with suppress(OSError):
        folder.chmod(0o700)
