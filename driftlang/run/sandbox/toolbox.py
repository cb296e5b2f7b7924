"""The programs that the sandbox brings: OpenCode and ripgrep, in a folder that tells nothing.

In: where they are installed. Out: a folder that holds both, and the files of /etc that are ours.
Refuses to do: showing where they come from. The agent can read the source of every mount in `/proc/self/mountinfo`, and
the place of an installation names its user and this program.

A file is a second name of the installed one where both are on one file system, and a copy elsewhere. The folder stays
when a run has ended, for the next one.
"""

import os
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from attrs import frozen

from driftlang.run.places import private_folder
from driftlang.run.sandbox.arguments import ACCOUNTS

OPENCODE = "opencode"
RIPGREP = "rg"


@frozen
class Toolbox:
    """Two folders to be mounted read-only: `programs`, and `accounts` for single files of /etc."""

    programs: Path
    accounts: Path


def make_toolbox(opencode: Path, ripgrep: Path) -> Toolbox:
    """The toolbox of these two programs, made if it is not there.

    Raises:
        Failure: the temporary folder cannot be used.
    """
    sources = {OPENCODE: opencode, RIPGREP: ripgrep}
    place = private_folder("tl") / _identity(sources)
    if not _is_whole(place):
        shutil.rmtree(place, ignore_errors=True)  # a cleaner of old files has been here
        scratch = Path(mkdtemp(prefix="new-", dir=place.parent))
        try:
            _fill(scratch, sources)
            with suppress(OSError):  # another runner was faster
                scratch.rename(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return Toolbox(place / "bin", place / "etc")


def _is_whole(folder: Path) -> bool:
    files = [folder / "bin" / name for name in (OPENCODE, RIPGREP)] + [folder / "etc" / name for name in ACCOUNTS]
    return all(file.is_file() for file in files)


def _identity(sources: dict[str, Path]) -> str:
    """Changes with every file that is put in."""
    parts = list(ACCOUNTS.values())
    for name, path in sources.items():
        found = path.stat()
        parts.append(f"{name} {found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def _fill(folder: Path, sources: dict[str, Path]) -> None:
    (folder / "bin").mkdir()
    (folder / "etc").mkdir()
    for name, text in ACCOUNTS.items():
        (folder / "etc" / name).write_text(text, encoding="utf-8")
    for name, path in sources.items():
        try:
            os.link(path.resolve(), folder / "bin" / name)
        except OSError:  # another file system, or another user's file
            shutil.copy(path, folder / "bin" / name)
