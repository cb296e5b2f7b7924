"""The shipped library of scenarios: values, repositories, whole conflicts.

In: nothing. Out: its folder, in a wheel or in a source checkout.
Refuses to do: reading it.
"""

from pathlib import Path


def library_folder() -> Path:
    """The folder that an import falls back to: beside this package in a wheel, `scenarios/` in a checkout."""
    package = Path(__file__).parent.parent
    packaged = package / "scenarios"
    return packaged if packaged.is_dir() else package.parent / "scenarios"
