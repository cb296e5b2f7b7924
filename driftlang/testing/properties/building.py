"""Properties of the build.

In: an experiment. Out: nothing; `PropertyFailed` where a build depends on more than its source.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve

from driftlang.testing.experiment import Subject
from driftlang.testing.properties.failed import require

_FAR_ZONE, _A_YEAR, _NARROW = "Pacific/Kiritimati", 31_536_000, 0o077


def build_is_a_function_of_its_source(about: Subject) -> None:
    """Two builds are equal byte for byte: from another folder, with another umask, zone and time of day.

    >>> from driftlang import testing
    >>> testing.build_is_a_function_of_its_source(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    with TemporaryDirectory() as here, TemporaryDirectory(prefix="elsewhere-") as there:
        experiment.build(Path(here))
        with _elsewhere(Path(there)):
            # The same file by another path, and not what is kept of it from before.
            evolve(experiment, path=experiment.path.resolve(), origin=f"{experiment.origin} ").build(
                Path(there) / "out"
            )
        one, other = _contents(Path(here)), _contents(Path(there) / "out")
        differing = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
        require(not differing, f"a second build has other bytes in {', '.join(f'`{path}`' for path in differing[:3])}")


@contextmanager
def _elsewhere(folder: Path) -> Iterator[None]:
    """Another current folder, zone, umask and, for whoever asks `time.time`, year."""
    was, zone, clock, mask = Path.cwd(), os.environ.get("TZ"), time.time, os.umask(_NARROW)
    try:
        os.chdir(folder)
        _set_zone(_FAR_ZONE)
        time.time = lambda: clock() + _A_YEAR
        yield
    finally:
        time.time = clock
        _set_zone(zone)
        os.umask(mask)
        os.chdir(was)


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }
