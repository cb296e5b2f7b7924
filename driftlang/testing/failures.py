"""Failing experiments as files, which are tried first the next time.

In: an experiment, a property, a folder. Out: `FOLDER/PROPERTY-DIGEST.drift`; the files of a folder, read again.
Refuses to do: overwriting a file with another content; the name is the content's.
"""

import os
import platform
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang import LANGUAGE_VERSION, __version__
from driftlang.testing.experiment import Experiment, read_experiment

FOLDER = Path(".driftlang") / "failures"
_DIGITS = 8
_HEAD = re.compile(r"^# property: (\w+)$", re.MULTILINE)
_IMPORT = re.compile(r'^(import\s+")([^"\n]+)(")', re.MULTILINE)


@frozen
class Kept:
    """A file that was kept: the property that it failed, and the experiment."""

    property: str
    experiment: Experiment


def save_failure(experiment: Experiment, property_name: str, reason: str, seed: int, folder: Path) -> Path:
    """Write the experiment with a comment that says what failed and how to see it again."""
    import hypothesis

    digest = sha256(experiment.text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    path = folder / f"{property_name}-{digest}.drift"
    head = (
        f"# property: {property_name}\n"
        f"# found: {' '.join(reason.split())}\n"
        f"# seed: {seed}\n"
        f"# versions: driftlang {__version__} (language {LANGUAGE_VERSION}), hypothesis {hypothesis.__version__}, "
        f"Python {platform.python_version()}\n"
        f"# replay: driftlang test {path.name} --properties\n"
    )
    folder.mkdir(parents=True, exist_ok=True)
    text = _IMPORT.sub(lambda found: _from_folder(found, experiment.path.parent, folder), experiment.text)
    path.write_bytes((head + text).encode("utf-8", "surrogatepass"))
    return path


def _from_folder(found: re.Match[str], before: Path, folder: Path) -> str:
    there = before / found[2]
    if not there.is_file():
        return found[0]
    return f"{found[1]}{Path(os.path.relpath(there.resolve(), folder.resolve())).as_posix()}{found[3]}"


def kept_failures(folder: Path) -> Iterator[Kept]:
    """What was saved in a folder, by name."""
    for path in sorted(folder.glob("*.drift")):
        experiment = read_experiment(path)
        for name in failed_property(experiment):
            yield Kept(name, experiment)


def failed_property(experiment: Experiment) -> tuple[str, ...]:
    """The property that a file says it was saved for; nothing where it says none."""
    found = _HEAD.match(experiment.text)
    return (found[1],) if found else ()
