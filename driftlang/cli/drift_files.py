"""The `.drift` files that a command line means.

In: paths of files and folders. Out: the files, each once, and a `Failure` for each folder without one.
Refuses to do: reading them, and entering what is hidden.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.record import frozen


@frozen
class DriftFiles:
    """The files that are meant, in the order of the command line, and what is wrong with folders among them."""

    files: tuple[Path, ...]
    failures: tuple[Failure, ...]


def find_drift_files(paths: Sequence[Path]) -> DriftFiles:
    """Files as they are given, folders as the files below them that end in `.drift`."""
    found: dict[str, Path] = {}
    failures: list[Failure] = []
    for path in paths:
        is_folder = path.is_dir()
        files = _below(path) if is_folder else [path]
        if is_folder and not files:
            message = f"there is no `.drift` file below `{path.as_posix()}`"
            failures.append(Failure(message, help="give a file, or a folder with one", status=ExitStatus.MISUSE))
        for file in files:
            found.setdefault(os.path.realpath(file), file)
    return DriftFiles(tuple(found.values()), tuple(failures))


def _below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*.drift")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
