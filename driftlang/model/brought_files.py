"""Files that `from` brings in: a folder beside the source file → files of a repository.

In: a folder, globs of what is left out. Out: `RepoFile`s with their bytes; diagnostics.
Refuses to do: following links out of the folder, reading what is no regular file, and more than `bounds` allow: a
folder is listed and a file read no further than its bound. A hard link is a file like any other: no path shows it.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_COMMIT, LARGEST_FILE, MOST_ENTRIES, MOST_FILES, MOST_FOLDERS_DEEP
from driftlang.model.globs import is_match
from driftlang.model.paths import check_path
from driftlang.model.work import RepoFile
from driftlang.source import Span

#: Folders that are git's own, or that tools leave for themselves where they were run.
_SKIPPED_FOLDERS = frozenset({".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_SKIPPED_FILES = frozenset({".DS_Store"})
#: Files that stand together in a folder that a build has written.
_OF_A_BUILD = frozenset({"MANIFEST.toml", "plan.toml", "cells.md"})
_LEAVE_OUT = "leave it out by `except`"


def _is_skipped(name: str) -> bool:
    """Whether a file is what a tool leaves for itself."""
    return name in _SKIPPED_FILES or name.endswith(".pyc")


class TooLarge(Exception):  # noqa: N818 - what it says is a bound, not a failure
    """A folder that has more than is read: a message, without the folder's name."""


class BroughtFiles:
    """The files of one folder."""

    def __init__(self, folder: Path, name: str, exclude: Sequence[str], span: Span, sink: Sink) -> None:
        self._folder = folder
        self._real = folder.resolve()
        self._name = name
        self._exclude = exclude
        self._span = span
        self._sink = sink
        self._entries = 0
        self._bytes = 0

    def read(self) -> list[RepoFile] | None:
        """Every file by path; None where the folder has too much, which has been said then."""
        try:
            return self._read_all()
        except TooLarge as reason:
            self._sink.error(
                "too-large",
                f"the folder `{self._name}` {reason}",
                self._span,
                help="leave out by `except` what the repository does not need",
            )
            return None

    def _read_all(self) -> list[RepoFile]:
        found: list[RepoFile] = []
        for path in self._walk(self._folder, 1):
            file = self._read(path) if self._is_fit(path) else None
            if file is not None:
                found.append(file)
            if len(found) > MOST_FILES:
                raise TooLarge(f"brings in more than {MOST_FILES:,} files, the most of one commit")
        return found

    def _walk(self, folder: Path, depth: int) -> Iterator[Path]:
        """The paths of files, those of one folder by name before those of the folders in it."""
        if depth > MOST_FOLDERS_DEEP:
            raise TooLarge(f"has folders in each other more than {MOST_FOLDERS_DEEP} deep")
        folders: list[Path] = []
        names = self._names(folder)
        if names >= _OF_A_BUILD:
            self._sink.error(
                "missing-folder",
                f"{self._shown(folder)} is what a build has written, which a repository cannot hold",
                self._span,
                help=f"build into another place with `-o`, or {_LEAVE_OUT}",
            )
            return
        for name in sorted(names):
            path = folder / name
            if path.is_dir() and name not in _SKIPPED_FOLDERS:
                folders.append(path)
            elif not path.is_dir() and not _is_skipped(name) and not self._is_left_out(path):
                yield path
        for path in folders:
            if not path.is_symlink():
                yield from self._walk(path, depth + 1)
            elif not self._is_left_out(path):
                self._refuse_link(path, "leads to a folder")

    def _names(self, folder: Path) -> set[str]:
        names: set[str] = set()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    names.add(entry.name)
                    self._entries += 1
                    if self._entries > MOST_ENTRIES:
                        raise TooLarge(f"has more than {MOST_ENTRIES:,} entries, the most that are looked at")
        except OSError as trouble:
            reason = (trouble.strerror or str(trouble)).lower()
            self._refuse(folder, f"cannot be read: {reason}")
        return names

    def _is_left_out(self, path: Path) -> bool:
        return is_match(path.relative_to(self._folder).as_posix(), self._exclude)

    def _is_fit(self, file: Path) -> bool:
        """Whether the file is one of the folder, under a path that a repository may have; if not, says why."""
        try:
            is_outside = file.is_symlink() and not file.resolve().is_relative_to(self._real)
        except (OSError, RuntimeError):  # a link that leads back to itself
            is_outside = False
        if is_outside:
            self._refuse_link(file, "leaves the folder")
            return False
        if not file.is_file():
            self._refuse_link(file, "leads nowhere" if file.is_symlink() else "is no regular file")
            return False
        return check_path(file.relative_to(self._folder).as_posix(), self._span, self._sink)

    def _read(self, file: Path) -> RepoFile | None:
        relative = file.relative_to(self._folder).as_posix()
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
                is_executable = bool(os.fstat(opened.fileno()).st_mode & 0o100)
                size = os.fstat(opened.fileno()).st_size
        except OSError as trouble:
            self._refuse(file, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}")
            return None
        if len(content) > LARGEST_FILE:
            mega = LARGEST_FILE // 1024 // 1024
            message = f"`{relative}` has {size:,} bytes, {LARGEST_FILE:,} ({mega} MiB) are the most of one file"
            self._sink.error("too-large", message, self._span, help=_LEAVE_OUT)
            return None
        self._bytes += len(content)
        if self._bytes > LARGEST_COMMIT:
            raise TooLarge(f"has more than {LARGEST_COMMIT:,} bytes, the most of one commit")
        return RepoFile(relative, content, is_executable, self._span)

    def _refuse(self, path: Path, what: str) -> None:
        advice = f"make it readable, or {_LEAVE_OUT}"
        self._sink.error("missing-folder", f"{self._shown(path)} {what}", self._span, help=advice)

    def _refuse_link(self, path: Path, what: str) -> None:
        advice = f"put a copy of what it leads to in its place, or {_LEAVE_OUT}"
        self._sink.error("unsafe-link", f"{self._shown(path)} {what}", self._span, help=advice)

    def _shown(self, path: Path) -> str:
        relative = path.relative_to(self._folder).as_posix()
        said = f"`{relative}`" if path != self._folder else f"the folder `{self._name}`"
        return said.encode(errors="replace").decode()
