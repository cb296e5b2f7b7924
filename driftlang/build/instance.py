"""A plan's repository → the fresh copy that one trial works in.

In: a plan's folder, a cell, the path of the work tree to be. Out: a repository as a teammate's clone would be.
Refuses to do: links to the plan. Nothing is shared with it, no remote or log names it, and nothing else of it is there.
A plan may come from anyone: of its `.git` only the pack is taken, the rest is written anew, so that no configuration
or hook of it ever runs; index, files and commit must be what the commit's id says.
"""

import os
import re
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path, PurePosixPath
from threading import Lock

from attrs import evolve, field, frozen

from driftlang.build.index_file import IndexEntry, StatFields, parse_index, render_index, stat_fields
from driftlang.build.plan import PlannedCell
from driftlang.build.repository import BRANCH, GIT_FOLDERS, git_files
from driftlang.build.tree import EXECUTABLE, PLAIN, blob_id, object_id, tree_id
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.validity.proof.contents import is_plain_path

_COMMIT = re.compile("[0-9a-f]{40}")
_COMMIT_HEAD = re.compile(rb"tree (?P<tree>[0-9a-f]{40})\n(?:.+\n)*?committer .* (?P<date>[0-9]{1,12}) [+-][0-9]{4}\n")


@frozen
class _File:
    """A file of the work tree: its path, content and entry in the index."""

    path: str
    content: bytes = field(repr=False)
    entry: IndexEntry


@frozen
class _Snapshot:
    """A repository in memory: folders, parents first, files of `.git` but the index, files of the work tree.

    `date` is when the last commit was made, in seconds since the epoch.
    """

    folders: tuple[str, ...]
    git_files: tuple[tuple[str, bytes], ...] = field(repr=False)
    files: tuple[_File, ...] = field(repr=False)
    date: int

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(len(content) for _, content in self.git_files) + sum(len(file.content) for file in self.files)


def instantiate(plan_folder: Path, cell: PlannedCell, work_tree: Path) -> None:
    """Write a fresh copy of the cell's repository to `work_tree`, which is made if need be.

    The index knows the state of every file, so that `git status` compares no contents. Files carry the time of the
    last commit: listings read the same in every trial, and no file is as young as the index. A repository is read
    and compared with its ids once in a process; the plan's folder must not change meanwhile.

    Raises:
        Failure: status 2, when the plan's repository is missing or not the one that the plan names, or when
            `work_tree` holds something; status 4, when the file system refuses.
    """
    try:
        snapshot = _KEPT.get(plan_folder / cell.repository, cell.commit)
        work_tree.mkdir(parents=True, exist_ok=True)
        if any(work_tree.iterdir()):
            raise Failure(
                f"`{work_tree}` is not empty", help="give a folder that does not exist", status=ExitStatus.MISUSE
            )
        _write(snapshot, str(work_tree))
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        raise Failure(f"the trial's repository could not be written to `{work_tree}`: {reason}") from trouble


def _write(snapshot: _Snapshot, root: str) -> None:
    for folder in snapshot.folders:
        (Path(root) / folder).mkdir()
    for path, content in snapshot.git_files:
        _write_file(f"{root}/{path}", content, 0o666)
    entries = []
    for file in snapshot.files:
        mode = 0o777 if file.entry.mode == EXECUTABLE else 0o666
        entries.append(evolve(file.entry, stat=_write_file(f"{root}/{file.path}", file.content, mode, snapshot.date)))
    _write_file(f"{root}/.git/index", render_index(entries), 0o666)


def _write_file(path: str, content: bytes, mode: int, date: int = 0) -> StatFields:
    """Write a new file and return its state; a `date` other than 0 becomes its time."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb", buffering=0) as stream:  # noqa: PTH123 - a descriptor, for the mode to be set at once
        written = stream.write(content)
        while written < len(content):
            written += stream.write(content[written:])
        if date:
            os.utime(descriptor, (date, date))
        return stat_fields(os.fstat(descriptor))


class _Kept:
    """Repositories that were read and compared, the one used longest ago let go when they have too many bytes.

    Trials come cell by cell, so that a study of a thousand variants comes back to each of them only once in a run.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._snapshots: OrderedDict[tuple[Path, str], _Snapshot] = OrderedDict()
        self._lock = Lock()

    def get(self, source: Path, commit: str) -> _Snapshot:
        """The repository, read if need be."""
        key = (source, commit)
        with self._lock:
            found = self._snapshots.get(key)
            if found is not None:
                self._snapshots.move_to_end(key)
                return found
        read = _read(source, commit)
        with self._lock:
            if key not in self._snapshots:
                self._snapshots[key] = read
                self._bytes += read.size
            while self._bytes > self._most and len(self._snapshots) > 1:
                self._bytes -= self._snapshots.popitem(last=False)[1].size
        return read


#: Bytes of repositories that are kept in memory: a thousand variants of an ordinary one. A study of more comes back to
#: each after all others, and reads it again.
MOST_KEPT = 64 * 1024 * 1024
_KEPT = _Kept(MOST_KEPT)
#: gitdb keeps every pack that it has read mapped, in a table that no lock guards, and lets go of them when it is told.
_MAPS = Lock()


def _read(source: Path, commit: str) -> _Snapshot:
    """The repository in a plan's folder, compared with what the plan and git's ids say of it."""
    _refuse_links(source)
    entries = _read_entries(source, commit)
    packed = _read_pack(source / ".git/objects/pack", source)
    tree, date = _read_commit(source, commit)
    if tree_id({os.fsdecode(entry.path): (entry.mode, entry.id) for entry in entries}).hex() != tree:
        raise _damaged(source, "its index is not that of the commit")
    files = tuple(_read_file(source, entry) for entry in entries)
    parents = {parent for file in files for parent in PurePosixPath(file.path).parents}
    return _Snapshot(
        folders=(
            ".git",
            *(f".git/{folder}" for folder in GIT_FOLDERS),
            *sorted(parent.as_posix() for parent in parents - {PurePosixPath()}),
        ),
        git_files=tuple((f".git/{path}", content) for path, content in {**git_files(commit), **packed}.items()),
        files=files,
        date=date,
    )


def _refuse_links(source: Path) -> None:
    """Refuse what is neither folder nor plain file: reading it could lead anywhere, or never end."""
    for path in (source, *sorted(source.rglob("*"))):
        if path.is_symlink() or (path.exists() and not path.is_dir() and not path.is_file()):
            raise _damaged(source, f"`{path.relative_to(source.parent).as_posix()}` is no plain file or folder")


def _read_file(source: Path, entry: IndexEntry) -> _File:
    path = os.fsdecode(entry.path)
    try:
        content = (source / path).read_bytes()
    except FileNotFoundError:
        raise _damaged(source, f"`{path}` is missing") from None
    if blob_id(content) != entry.id:
        raise _damaged(source, f"`{path}` is not as committed")
    return _File(path, content, entry)


def _read_entries(source: Path, commit: str) -> tuple[IndexEntry, ...]:
    try:
        head = (source / ".git/refs/heads" / BRANCH).read_text("ascii").strip()
        entries = parse_index((source / ".git/index").read_bytes())
    except FileNotFoundError:
        raise _damaged(source, "it is missing or not whole") from None
    except ValueError as damage:
        raise _damaged(source, str(damage)) from None
    if head != commit or not _COMMIT.fullmatch(commit):
        raise _damaged(source, f"its HEAD is {head[:12]}, the plan names {commit[:12]}")
    for entry in entries:
        if entry.mode not in (PLAIN, EXECUTABLE) or not is_plain_path(os.fsdecode(entry.path)):
            raise _damaged(source, f"`{os.fsdecode(entry.path)}` is no file that a build writes")
    return entries


def _damaged(source: Path, what: str) -> Failure:
    return Failure(
        f"the repository `{source}` is damaged: {what}",
        help="build the plan again with `driftlang build`",
        status=ExitStatus.MISUSE,
    )


def _read_pack(folder: Path, source: Path) -> Mapping[str, bytes]:
    """The one pack and its index, by path within `.git`."""
    packs = list(folder.glob("*.pack"))
    if len(packs) != 1:
        raise _damaged(source, "it has not one pack")
    packed = packs[0].read_bytes()
    # git's checksum of the file; nothing here rests on its strength.
    if sha1(packed[:-20], usedforsecurity=False).digest() != packed[-20:]:
        raise _damaged(source, "its pack is not as it was written")
    try:
        index = packs[0].with_suffix(".idx").read_bytes()
    except FileNotFoundError:
        raise _damaged(source, "its pack has no index") from None
    name = f"objects/pack/pack-{packed[-20:].hex()}"
    return {f"{name}.pack": packed, f"{name}.idx": index}


def _read_commit(source: Path, commit: str) -> tuple[str, int]:
    """The tree of a commit, as hex digits, and when it was made, in seconds since the epoch."""
    from gitdb.exc import ODBError
    from gitdb.pack import PackEntity
    from gitdb.util import mman

    (pack,) = (source / ".git/objects/pack").glob("*.pack")
    with _MAPS:
        entity = PackEntity(str(pack))
        try:
            content: bytes = entity.stream(bytes.fromhex(commit)).read()
        except (ODBError, zlib.error):
            raise _damaged(source, "its pack lacks the commit") from None
        finally:
            entity.close()
            del entity
            mman.collect()
    found = _COMMIT_HEAD.match(content)
    if found is None or object_id("commit", content).hex() != commit:
        raise _damaged(source, "its pack holds another commit under that id")
    return found["tree"].decode(), int(found["date"])
