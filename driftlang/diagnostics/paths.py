"""The path of a file as programs want it that put a finding beside the file: relative to where they stand.

In: a path as the user gave it or as an import reached it. Out: a relative path with `/`.
Refuses to do: looking at the file.
"""

import os
from pathlib import Path


def shown_path(path: str) -> str:
    """The path relative to the current folder, without `.` and needless `..`."""
    return Path(os.path.relpath(path)).as_posix()
