"""A plan's repository → the fresh copy that one trial works in.

In: a plan's folder, a cell, the path of the work tree to be. Out: a repository as a teammate's clone would be.
Refuses to do: links to the plan. Nothing is shared with it, no remote or log names it, and nothing else of it is there.
"""

import os
from functools import lru_cache
from hashlib import sha1
from pathlib import Path, PurePosixPath

from attrs import evolve, field, frozen

from driftlang.build.index_file import IndexEntry, StatFields, parse_index, render_index, stat_fields
from driftlang.build.plan import PlannedCell
from driftlang.build.repository import BRANCH
from driftlang.build.tree import EXECUTABLE, blob_id
from driftlang.diagnostics.failure import ExitStatus, Failure


@frozen
class _File:
    """A file of the work tree: its path, content and entry in the index."""

    path: str
    content: bytes = field(repr=False)
    entry: IndexEntry


@frozen
class _Snapshot:
    """A repository in memory: folders from the top, files of `.git` but the index, files of the work tree.

    `date` is when the last commit was made, in seconds since the epoch.
    """

    folders: tuple[str, ...]
    git_files: tuple[tuple[str, bytes], ...] = field(repr=False)
    files: tuple[_File, ...] = field(repr=False)
    date: int


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
        snapshot = _read(plan_folder / cell.repository, cell.commit)
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


@lru_cache(maxsize=16)
def _read(source: Path, commit: str) -> _Snapshot:
    """The repository in a plan's folder, compared with what the plan and git's ids say of it."""
    entries = _read_entries(source, commit)
    git = source / ".git"
    inner = sorted(path for path in git.rglob("*") if path != git / "index")
    files = tuple(_read_file(source, entry) for entry in entries)
    parents = {parent for file in files for parent in PurePosixPath(file.path).parents}
    folders = [".git", *(path.relative_to(source).as_posix() for path in inner if path.is_dir())]
    folders += sorted(parent.as_posix() for parent in parents - {PurePosixPath()})
    return _Snapshot(
        folders=tuple(folders),
        git_files=tuple((p.relative_to(source).as_posix(), p.read_bytes()) for p in inner if p.is_file()),
        files=files,
        date=_commit_date(source, commit),
    )


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
    if head != commit:
        raise _damaged(source, f"its HEAD is {head[:12]}, the plan names {commit[:12]}")
    return entries


def _damaged(source: Path, what: str) -> Failure:
    return Failure(
        f"the repository `{source}` is damaged: {what}",
        help="build the plan again with `driftlang build`",
        status=ExitStatus.MISUSE,
    )


def _commit_date(source: Path, commit: str) -> int:
    """When a commit was made, in seconds since the epoch."""
    from gitdb.exc import BadObject
    from gitdb.pack import PackEntity

    packs = list((source / ".git/objects/pack").glob("*.pack"))
    if len(packs) != 1:
        raise _damaged(source, "it has not one pack")
    packed = packs[0].read_bytes()
    # git's checksum of the file; nothing here rests on its strength.
    if sha1(packed[:-20], usedforsecurity=False).digest() != packed[-20:]:
        raise _damaged(source, "its pack is not as it was written")
    entity = PackEntity(str(packs[0]))
    try:
        content: bytes = entity.stream(bytes.fromhex(commit)).read()
    except BadObject:
        raise _damaged(source, "its pack lacks the commit") from None
    finally:
        entity.close()
    committer = next(line for line in content.split(b"\n") if line.startswith(b"committer "))
    return int(committer.split()[-2])
