"""Artifacts → a study's folder, of which only what changed is written.

In: all that the folder is to hold, and the folder as a former build left it. Out: the folder, and what was written.
Refuses to do: half of it, and trusting the former build. Its files are read and compared with what would be written;
those that are the same are carried over as they are, inode and time included. When everything is there, nothing
is touched.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path, PurePosixPath

from attrs import field, frozen

from driftlang.build.repository import snapshot_of
from driftlang.build.snapshot import (
    Snapshot,
    StoredFile,
    carry_over,
    is_file_there,
    is_plain_folder,
    is_there,
    lines_of,
    seal_of,
    walk,
    write_file,
    write_snapshot,
)
from driftlang.build.staging import write_whole
from driftlang.build.tree import History

#: Told how many of how many artifacts are done.
Progress = Callable[[int, int], None]
#: Where repositories stand in a study's folder.
REPOSITORIES = "repos"


@frozen
class Artifacts:
    """All that a study's folder holds, by path relative to it: files, and repositories right below `repos`."""

    files: Mapping[str, bytes] = field(repr=False)
    repositories: Mapping[str, History] = field(repr=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """Where files and repositories stand."""
        return (*self.files, *self.repositories)


@frozen
class Renewal:
    """What a build changed.

    Attributes:
        is_first: nothing stood there before.
        written: artifacts that were written, files and repositories by path; the others were there already.
        removed: how many artifacts of the former build there are no more.
        seal: what tells the folder's whole content from any other (see `seal_of`).
    """

    is_first: bool
    written: tuple[str, ...]
    removed: int
    seal: str

    @property
    def is_idle(self) -> bool:
        """Whether the folder was left as it was."""
        return not self.is_first and not self.written and not self.removed


def renew(target: Path, artifacts: Artifacts, *, jobs: int = 1, progress: Progress = lambda _, __: None) -> Renewal:
    """Have the artifacts, and nothing else, in `target`.

    Args:
        target: the study's folder.
        artifacts: what it is to hold.
        jobs: how many artifacts are compared or written at a time.
        progress: told of each that is done.

    Raises:
        Failure: see `write_whole`.
    """
    work = _Work(target, artifacts, jobs, progress)
    write_whole(target, work.write, work.is_done)
    return work.result()


class _Work:
    """One renewal: what of the former build may stay is found first, then the rest is written beside it."""

    def __init__(self, target: Path, artifacts: Artifacts, jobs: int, progress: Progress) -> None:
        self._target = target
        self._artifacts = artifacts
        self._jobs = jobs
        self._progress = progress
        self._same: frozenset[str] = frozenset()
        self._strangers: frozenset[str] = frozenset()
        self._is_first = True
        self._lines: dict[str, tuple[str, ...]] = {}

    def is_done(self) -> bool:
        """Whether all is there already, and nothing else."""
        if not is_plain_folder(str(self._target)):
            return False
        self._is_first = not any(self._target.iterdir())
        paths = self._artifacts.paths
        same = self._for_each(self._is_same, paths)
        self._same = frozenset(path for path, is_same in zip(paths, same, strict=True) if is_same)
        self._strangers = _entries(self._target) - _with_folders(paths)
        return len(self._same) == len(paths) and not self._strangers

    def write(self, staging: Path) -> None:
        """Fill an empty folder."""
        for folder in sorted({PurePosixPath(path).parent for path in self._artifacts.paths}):
            (staging / folder).mkdir(parents=True, exist_ok=True)
        paths = self._artifacts.paths
        for done, _ in enumerate(self._for_each(lambda path: self._put(path, staging), paths), start=1):
            self._progress(done, len(paths))

    def result(self) -> Renewal:
        """What was changed."""
        written = tuple(sorted(path for path in self._artifacts.paths if path not in self._same))
        gone = [path for path in self._strangers if not path.endswith("/")]
        return Renewal(self._is_first, written, len(gone), self._seal())

    def _seal(self) -> str:
        files = {path: StoredFile(content) for path, content in self._artifacts.files.items()}
        folders = _with_folders(self._artifacts.paths) - set(self._artifacts.paths)
        top = Snapshot(files, tuple(folder.rstrip("/") for folder in folders))
        own = (f"{path}/" for path in self._artifacts.repositories)
        return seal_of(chain(lines_of(top), own, *self._lines.values()))

    def _snapshot(self, path: str) -> Snapshot:
        """The repository with its work tree; what it holds is remembered for the seal."""
        snapshot = snapshot_of(self._artifacts.repositories[path])
        if path not in self._lines:
            self._lines[path] = tuple(lines_of(snapshot, f"{path}/"))
        return snapshot

    def _for_each(self, do: Callable[[str], bool], paths: Iterable[str]) -> Iterable[bool]:
        if self._jobs == 1:
            yield from map(do, paths)
            return
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from pool.map(do, paths)

    def _is_same(self, path: str) -> bool:
        place = self._target / path
        if path in self._artifacts.files:
            return is_file_there(str(place), StoredFile(self._artifacts.files[path]))
        # A repository is only made to be compared with one that is there.
        return is_plain_folder(str(place)) and is_there(self._snapshot(path), place)

    def _put(self, path: str, staging: Path) -> bool:
        is_same = path in self._same
        if path in self._artifacts.files:
            _put_file(StoredFile(self._artifacts.files[path]), str(staging / path), self._target / path, is_same)
            return is_same
        snapshot = self._snapshot(path)
        if is_same:
            try:
                carry_over(snapshot, self._target / path, staging / path)
            except OSError:  # a file system without hard links, or a file with as many as it may have
                shutil.rmtree(staging / path, ignore_errors=True)
                is_same = False
        if not is_same:
            write_snapshot(snapshot, staging / path)
        return is_same


def _put_file(file: StoredFile, path: str, former: Path, is_same: bool) -> None:
    if is_same:
        try:
            os.link(former, path, follow_symlinks=False)
        except OSError:
            is_same = False
    if not is_same:
        write_file(path, file)


def _with_folders(paths: Iterable[str]) -> frozenset[str]:
    """The paths, and all folders above them, with a slash behind these."""
    parents = (f"{parent}/" for path in paths for parent in PurePosixPath(path).parents if parent.name)
    return frozenset(chain(paths, parents))


def _entries(target: Path) -> frozenset[str]:
    """Every entry of a study's folder, repositories as one each."""
    found: set[str] = set()
    with os.scandir(target) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                found.add(entry.name)
            elif entry.name == REPOSITORIES:
                found.add(f"{entry.name}/")
                found.update(f"{entry.name}/{name}" for name in os.listdir(entry.path))  # noqa: PTH208 - names alone
            else:
                found.add(f"{entry.name}/")
                found.update(walk(str(target), f"{entry.name}/"))
    return frozenset(found)
