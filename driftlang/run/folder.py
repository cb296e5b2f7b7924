"""A run's folder: one plan, one journal, one runner at a time.

In: the folder of a plan, and where the run goes. Out: a `RunFolder` with a verbatim copy of the plan, so that the run
can be read, continued and reported without the plan it came from.
Refuses to do: two runners on one folder, another plan in the same folder, half a copy.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from attrs import frozen

from driftlang.diagnostics.failure import ExitStatus, Failure

#: Where a run keeps its copy of the plan.
PLAN_FOLDER = "plan"


@frozen
class RunFolder:
    """A run's folder that this process holds.

    Attributes:
        path: the folder.
        plan: the copy of the plan in it.
        digest: sha256 over the plan's files and their paths.
    """

    path: Path
    plan: Path
    digest: str


@contextmanager
def hold(run_folder: Path, plan_folder: Path) -> Iterator[RunFolder]:
    """The run's folder, made when it is new, and nobody else's while the context lasts.

    Raises:
        Failure: it cannot be written, another runner holds it, or it belongs to another plan.
    """
    digest = digest_folder(plan_folder)
    try:
        run_folder.mkdir(parents=True, exist_ok=True)
        lock = (run_folder / "lock").open("a+", encoding="ascii")
    except OSError as trouble:
        raise Failure(
            f"the run cannot be written to {run_folder}: {(trouble.strerror or str(trouble)).lower()}",
            help="choose another folder with `-o`",
        ) from trouble
    with lock:
        _lock(lock, run_folder)
        yield RunFolder(run_folder, _copy_plan(plan_folder, run_folder, digest), digest)


def _lock(lock: IO[str], run_folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read(32).strip() or "unknown"
        raise Failure(
            f"another runner (process {holder}) is at work in {run_folder}",
            help="wait until it has ended, or choose another folder with `-o`",
            status=ExitStatus.MISUSE,
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def _copy_plan(plan_folder: Path, run_folder: Path, digest: str) -> Path:
    """Copy the plan beside its place and rename it; a copy that is there already must be of the same plan."""
    place = run_folder / PLAN_FOLDER
    for left in run_folder.glob(".plan-*"):  # of a runner that was killed while it copied
        shutil.rmtree(left, ignore_errors=True)
    if place.is_dir():
        if place.resolve() != plan_folder.resolve() and digest_folder(place) != digest:
            raise Failure(
                f"{run_folder} holds the run of another plan{_difference(place, plan_folder)}",
                help="choose another folder with `-o`, or remove that one",
                status=ExitStatus.MISUSE,
            )
        return place
    try:
        scratch = Path(mkdtemp(prefix=".plan-", dir=run_folder))
        try:
            shutil.copytree(plan_folder, scratch / PLAN_FOLDER, symlinks=True)
            (scratch / PLAN_FOLDER).rename(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except (OSError, shutil.Error) as trouble:
        raise Failure(
            f"the plan cannot be copied into {run_folder}: {_reason(trouble)}", help="make room there"
        ) from trouble
    return place


def _difference(there: Path, here: Path) -> str:
    """What tells two plans apart, in a few words; empty where their plan files cannot be read."""
    from driftlang.build.plan_toml import read_plan

    try:
        old, new = read_plan(there), read_plan(here)
    except Failure:
        return ""
    models = [", ".join(sorted({trial.model for trial in plan.trials})) for plan in (old, new)]
    faults = (
        (old.source_digest != new.source_digest, "its source has changed"),
        (old.study.repeat != new.study.repeat, f"it has {old.study.repeat} repeats, not {new.study.repeat}"),
        (models[0] != models[1], f"it is of {models[0]}, not of {models[1]}"),
        (old.compiler != new.compiler, f"driftlang {old.compiler} wrote it, this one is {new.compiler}"),
    )
    found = [what for is_so, what in faults if is_so]
    return f": {', and '.join(found)}" if found else ""


def _reason(trouble: OSError | shutil.Error) -> str:
    """The first reason; `copytree` collects one for every file."""
    first = trouble.args[0][0][2] if isinstance(trouble, shutil.Error) and trouble.args else trouble
    return str(getattr(first, "strerror", None) or first).lower()


def digest_folder(folder: Path) -> str:
    """Sha256 over every file of `folder`: path and content, in the order of paths."""
    total = sha256()
    for path in sorted(found for found in folder.rglob("*") if found.is_symlink() or not found.is_dir()):
        content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        total.update(os.fsencode(path.relative_to(folder).as_posix()) + b"\0" + sha256(content).digest())
    return total.hexdigest()
