"""Writing a report: all of its files or none.

In: file names with their bytes, and a folder. Out: the files in it.
Refuses to do: leaving half a report. Everything is written beside the folder first and moved in when it is complete.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from driftlang.diagnostics.failure import ExitStatus, Failure


def write_files(out: Path, contents: Mapping[str, bytes]) -> None:
    """Write `contents` into `out`, replacing files of these names.

    Raises:
        Failure: `out` is a file, the place cannot be written, or the disk is full.
    """
    if out.exists() and not out.is_dir():
        message = f"`{out}` is a file"
        raise Failure(message, help="give a folder for the report with `-o`", status=ExitStatus.MISUSE)
    scratch = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=".report-", dir=out))
        for name, content in contents.items():
            (scratch / name).write_bytes(content)
        for name in contents:
            (scratch / name).replace(out / name)
    except OSError as trouble:
        message = f"the report cannot be written to `{out}`: {(trouble.strerror or str(trouble)).lower()}"
        raise Failure(message, help="make room there, or give another folder with `-o`") from trouble
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
