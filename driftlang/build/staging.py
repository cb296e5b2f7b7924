"""A folder that appears whole or not at all.

In: the folder's place and what writes its content. Out: the folder.
Refuses to do: replacing what no build has written.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from driftlang.diagnostics.failure import ExitStatus, Failure

#: The file by which a folder is known to be a build's.
MANIFEST_FILE = "MANIFEST.toml"


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a new folder beside `target`, then put that in its place.

    Raises:
        Failure: status 2, when `target` is there and is no build's output; status 4, when the file system refuses.
            In both cases what was there before is there still, and nothing else.
    """
    try:
        _refuse_foreign(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = _beside(target)
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


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{token_hex(4)}")


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
    aside = _beside(target)
    target.rename(aside)
    try:
        staging.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
