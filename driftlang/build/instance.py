"""A plan's repository → the fresh copy that one trial works in.

In: a plan's folder, a cell, the path of the work tree to be. Out: a repository as a teammate's clone would be.
Refuses to do: links to the plan. Nothing is shared with it, no remote or log names it, and nothing else of it is there.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from attrs import evolve

from driftlang.build.index_file import IndexEntry, parse_index, render_index, stat_fields
from driftlang.build.plan import PlannedCell
from driftlang.build.repository import BRANCH
from driftlang.build.tree import EXECUTABLE, blob_id
from driftlang.diagnostics.failure import ExitStatus, Failure


def instantiate(plan_folder: Path, cell: PlannedCell, work_tree: Path) -> None:
    """Write a fresh copy of the cell's repository to `work_tree`, which is made if need be.

    The index knows the state of every file, so that `git status` compares no contents. Files carry the time of the
    last commit: listings read the same in every trial, and no file is as young as the index.

    Raises:
        Failure: status 2, when the plan's repository is missing or not the one that the plan names, or when
            `work_tree` holds something; status 4, when the file system refuses.
    """
    source = plan_folder / cell.repository
    try:
        entries = _read_entries(source, cell)
        work_tree.mkdir(parents=True, exist_ok=True)
        if any(work_tree.iterdir()):
            raise Failure(
                f"`{work_tree}` is not empty", help="give a folder that does not exist", status=ExitStatus.MISUSE
            )
        _copy_git_folder(source / ".git", work_tree / ".git")
        _copy_files(source, work_tree, entries, _commit_date(source, cell.commit))
    except OSError as trouble:
        reason = (trouble.strerror or str(trouble)).lower()
        raise Failure(f"the trial's repository could not be written to `{work_tree}`: {reason}") from trouble


def _read_entries(source: Path, cell: PlannedCell) -> tuple[IndexEntry, ...]:
    try:
        head = (source / ".git/refs/heads" / BRANCH).read_text("ascii").strip()
        entries = parse_index((source / ".git/index").read_bytes())
    except FileNotFoundError:
        raise _damaged(source, "it is missing or not whole") from None
    except ValueError as damage:
        raise _damaged(source, str(damage)) from None
    if head != cell.commit:
        raise _damaged(source, f"its HEAD is {head[:12]}, the plan names {cell.commit[:12]}")
    return entries


def _damaged(source: Path, what: str) -> Failure:
    return Failure(
        f"the repository `{source}` is damaged: {what}",
        help="build the plan again with `driftlang build`",
        status=ExitStatus.MISUSE,
    )


def _commit_date(source: Path, commit: str) -> int:
    """When a commit was made, in seconds since the epoch."""
    from gitdb.pack import PackEntity

    (pack,) = (source / ".git/objects/pack").glob("*.pack")
    entity = PackEntity(str(pack))
    try:
        content: bytes = entity.stream(bytes.fromhex(commit)).read()
    finally:
        entity.close()
    committer = next(line for line in content.split(b"\n") if line.startswith(b"committer "))
    return int(committer.split()[-2])


def _copy_git_folder(source: Path, target: Path) -> None:
    for folder, _, names in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir()
        for name in names:
            if (place.name, name) != (".git", "index"):
                (place / name).write_bytes((Path(folder) / name).read_bytes())


def _copy_files(source: Path, target: Path, entries: Iterable[IndexEntry], date: int) -> None:
    """Write the files of the work tree, then the index with the state of each."""
    written, made = [], {target}
    for entry in entries:
        path = target / os.fsdecode(entry.path)
        content = (source / os.fsdecode(entry.path)).read_bytes()
        if blob_id(content) != entry.id:
            raise _damaged(source, f"`{os.fsdecode(entry.path)}` is not as committed")
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(content)
        if entry.mode == EXECUTABLE:
            path.chmod(0o755)
        os.utime(path, (date, date))
        written.append(evolve(entry, stat=stat_fields(path.lstat())))
    (target / ".git/index").write_bytes(render_index(written))
