"""Plans on a worker's machine.

In: a plan's digest, where the coordinator has it, or its files in one archive. Out: a folder with just these files.
Refuses to do: using a folder whose files have another digest, and half a copy.
"""

import io
import shutil
import tarfile
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from driftlang.diagnostics.failure import Failure
from driftlang.run.folder import digest_folder

#: Folders whose digest was seen, by digest: a plan does not change while it is worked on.
_known: dict[str, Path] = {}


def find_plan(digest: str, shared: Path) -> Path | None:
    """The plan's folder, `shared` (where the coordinator has it) or kept here; nothing where it is at neither."""
    if digest not in _known:
        for folder in (shared, _store() / digest):
            if folder.is_dir() and digest_folder(folder) == digest:
                _known[digest] = folder
                break
    return _known.get(digest)


def pack_plan(folder: Path) -> bytes:
    """The files of a plan in one archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, arcname="plan")
    return packed.getvalue()


def keep_plan(digest: str, packed: bytes) -> None:
    """Keep the files of `pack_plan` under their digest.

    Raises:
        Failure: they cannot be written, or are not those of the digest.
    """
    store = _store()
    try:
        store.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=".plan-", dir=store))
        try:
            with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
                archive.extractall(scratch, filter="tar")
            if digest_folder(scratch / "plan") != digest:
                raise Failure("the plan that came is not the plan that was sent", help="start the run again")
            if not (store / digest).is_dir():
                (scratch / "plan").rename(store / digest)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as trouble:
        if (store / digest).is_dir():  # another worker of this machine was faster
            return
        raise Failure(
            f"the plan cannot be kept in {store}: {(trouble.strerror or str(trouble)).lower()}", help="make room there"
        ) from trouble


@cache
def _store() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("driftlang") / "plans"
