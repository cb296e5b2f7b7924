"""A run's folder: one plan, one journal, one runner at a time.

In: the folder of a plan, and where the run goes. Out: a `RunFolder` with a verbatim copy of the plan, so that the run
can be read, continued and reported without the plan it came from. A plan that has every trial of the former one and
more, or scores them by other rules, takes its place; the former is kept beside it.
Refuses to do: two runners on one folder, a plan that lacks trials of the run, half a copy.
"""

import fcntl
import os
import shutil
import time
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
#: Where it keeps those that it had before, numbered from 1.
FORMER_PLANS = "former_plans"
#: What was declared before the run, where anything was.
FROZEN_FILE = "frozen.toml"
_LOCK_FILE = "lock"
#: Tries to take the lock, and seconds between two.
_LOCK_TRIES, _LOCK_PAUSE = 10, 0.02


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
        lock = (run_folder / _LOCK_FILE).open("a+", encoding="ascii")
    except OSError as trouble:
        raise Failure(
            f"the run cannot be written to {run_folder}: {(trouble.strerror or str(trouble)).lower()}",
            help="choose another folder with `-o`",
        ) from trouble
    with lock:
        _lock(lock, run_folder)
        yield RunFolder(run_folder, _copy_plan(plan_folder, run_folder, digest), digest)


def frozen_beside(plan: Path, study: str) -> Path:
    """Where the record of a frozen plan lies, beside the plan's folder or its .drift file."""
    return plan.absolute().parent / f"{study}.{FROZEN_FILE}"


def take_frozen(plan: Path, study: str, run_folder: Path) -> None:
    """Take the record that lies beside a plan along into a run's folder, unless the run has one.

    Raises:
        Failure: it cannot be written there.
    """
    record, kept = frozen_beside(plan, study), run_folder / FROZEN_FILE
    if not record.is_file() or kept.exists():
        return
    try:
        run_folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record, kept)
    except OSError as trouble:
        raise Failure(f"`{kept}` cannot be written: {trouble}", help="choose another folder with `-o`") from trouble


def is_held(run_folder: Path) -> bool:
    """Whether a runner is at work in the folder. It is asked by trying the lock for an instant, see `_lock`."""
    try:
        with (run_folder / _LOCK_FILE).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lock(lock: IO[str], run_folder: Path) -> None:
    """Take the lock; one that is held for an instant only is a reader's that asked whether there is a runner."""
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE)
        else:
            break
    else:
        lock.seek(0)
        holder = lock.read(32).strip() or "unknown"
        raise Failure(
            f"another runner (process {holder}) is at work in {run_folder}",
            help="wait until it has ended, or choose another folder with `-o`",
            status=ExitStatus.MISUSE,
        )
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def _copy_plan(plan_folder: Path, run_folder: Path, digest: str) -> Path:
    """Copy the plan beside its place and rename it; a plan that is there already stays, or makes room for more."""
    place = run_folder / PLAN_FOLDER
    for left in run_folder.glob(".plan-*"):  # of a runner that was killed while it copied
        shutil.rmtree(left, ignore_errors=True)
    try:
        _restore_former(run_folder)
        if place.is_dir():
            if place.resolve() == plan_folder.resolve() or digest_folder(place) == digest:
                return place
            _refuse_other(place, plan_folder, run_folder)
        scratch = Path(mkdtemp(prefix=".plan-", dir=run_folder))
        try:
            shutil.copytree(plan_folder, scratch / PLAN_FOLDER, symlinks=True)
            if place.is_dir():
                formers = run_folder / FORMER_PLANS
                formers.mkdir(exist_ok=True)
                place.rename(formers / str(len(_formers(run_folder)) + 1))
            (scratch / PLAN_FOLDER).rename(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except (OSError, shutil.Error) as trouble:
        raise Failure(
            f"the plan cannot be copied into {run_folder}: {_reason(trouble)}", help="make room there"
        ) from trouble
    return place


def _formers(run_folder: Path) -> list[Path]:
    """The plans that the run had before, the oldest first."""
    found = (run_folder / FORMER_PLANS).glob("[0-9]*")
    return sorted(found, key=lambda path: int(path.name) if path.name.isdigit() else 0)


def _restore_former(run_folder: Path) -> None:
    """Put the last plan back where a runner was killed between moving it away and moving its successor in."""
    formers = _formers(run_folder)
    if formers and not (run_folder / PLAN_FOLDER).exists():
        formers[-1].rename(run_folder / PLAN_FOLDER)


def _refuse_other(there: Path, here: Path, run_folder: Path) -> None:
    """Refuse a plan that lacks a trial of the one that is there, or that cannot be compared with it."""
    from driftlang.build.plan_toml import read_plan
    from driftlang.run.plan_changes import why_other

    try:
        why = why_other(read_plan(there), read_plan(here))
    except Failure as trouble:
        why = trouble.message
    if why:
        raise Failure(
            f"{run_folder} holds the run of another plan: {why}",
            help="choose another folder with `-o`, or remove that one",
            status=ExitStatus.MISUSE,
        )


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
