"""Source files in installed Python packages: `import "pkg:NAME/path.drift"`.

In: what stands behind `pkg:`. Out: the path of the file, or why there is none.
Refuses to do: running anything of a package, and leaving its folder. A package is found by its name, not imported.
"""

import re
from pathlib import Path

from driftlang.diagnostics.suggest import did_you_mean

#: What the import of a package's file begins with.
PACKAGE = "pkg:"
_SAID = r"pkg:([A-Za-z_]\w*)/(.+)"


def find_in_package(said: str) -> Path | None:
    """The file that `pkg:NAME/path.drift` names; None where there is none in the package's folders."""
    found = re.fullmatch(_SAID, said)
    if not found:
        return None
    for folder in _folders(found[1]):
        candidate = folder / found[2]
        if candidate.exists() and candidate.resolve().is_relative_to(folder.resolve()):
            return candidate
    return None


def why_missing(said: str) -> tuple[str, str]:
    """Why `find_in_package` finds nothing, and what can be done about it."""
    found = re.fullmatch(_SAID, said)
    if not found:
        return f"`{said}` names no file of a package", 'write `"pkg:NAME/path.drift"` with the name of a Python package'
    name, path = found[1], found[2]
    folders = _folders(name)
    if not folders:
        advice = f"install the package that brings `{name}` into the Python that driftlang runs in"
        return f"there is no Python package `{name}` here", advice
    files = [file.relative_to(folder).as_posix() for folder in folders for file in folder.rglob("*.drift")]
    near = did_you_mean(path, files)
    return f"the package `{name}` has no file `{path}`{near}", "name a `.drift` file in the folder of the package"


def _folders(name: str) -> tuple[Path, ...]:
    """The folders of a package; none where it is not installed, or is a module without a folder."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return ()
    places = spec.submodule_search_locations if spec is not None else None
    return tuple(Path(place) for place in places or ())
