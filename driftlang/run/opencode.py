"""Which OpenCode is run: the pinned one, or the one that `DRIFTLANG_OPENCODE` names.

In: the environment. Out: a path whose version was checked.
Refuses to do: running another version, since OpenCode's prompts and tools change with it, and results with them.
"""

import os
from pathlib import Path

from driftlang.diagnostics.failure import Failure
from driftlang.run.install import VERSION, install, install_folder, version_of

#: Path of another binary of the pinned version (a package of the system, a machine without network).
OVERRIDE = "DRIFTLANG_OPENCODE"


def find_opencode(*, version_seconds: float = 30.0) -> Path:
    """The OpenCode binary to run; installs the pinned one when it is needed for the first time.

    Raises:
        Failure: it is missing, cannot be run, or has another version.
    """
    named = os.environ.get(OVERRIDE, "")
    if named:
        binary = Path(named).expanduser().absolute()
        advice = f"set {OVERRIDE} to a binary of OpenCode {VERSION}, or unset it to have that installed"
    else:
        binary = install()
        advice = f"remove {install_folder()} to have it installed anew"
    found = version_of(binary, version_seconds)
    if found != VERSION:
        raise Failure(f"{binary} is OpenCode {found}; plans are run with {VERSION}", help=advice)
    return binary
