"""The shipped library of scenarios: values, repositories, whole conflicts.

In: nothing, or a declaration that is looked for. Out: its folder, in a wheel or in a source checkout, or a file in it.
Refuses to do: parsing it.
"""

import re
from pathlib import Path


def library_folder() -> Path:
    """The folder that an import falls back to: beside this package in a wheel, `scenarios/` in a checkout."""
    package = Path(__file__).parent.parent
    packaged = package / "scenarios"
    return packaged if packaged.is_dir() else package.parent / "scenarios"


def find_shipped(kind: str, name: str) -> str:
    """The path by which the file of `std/` that declares `name` is imported; empty where there is none."""
    folder = library_folder()
    declaration = re.compile(rf"^{re.escape(kind)}[ \t]+{re.escape(name)}\b", re.MULTILINE)
    for path in sorted((folder / "std").glob("*.drift")):
        if declaration.search(path.read_text(encoding="utf-8")):
            return path.relative_to(folder).as_posix()
    return ""
