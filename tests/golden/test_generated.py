"""`generated/` is what `build` makes of the library now, and every study of the library is in it."""

from pathlib import Path

import pytest

from tests.library_builds import build_all, main_files

GENERATED = Path(__file__).parents[2] / "generated"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with every study of the library that is kept, built anew."""
    out = tmp_path_factory.mktemp("generated")
    assert len(list(build_all(out))) >= len(main_files())
    return out


def _texts(folder):
    """The files of every study by path, repositories aside: the manifest holds their commit ids."""
    files = (path for path in folder.glob("*/**/*") if path.is_file() and "repos" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_files_are_what_a_build_makes(built):
    expected, actual = _texts(GENERATED), _texts(built)
    assert sorted(actual) == sorted(expected), "run `make generated`"
    assert [name for name in actual if actual[name] != expected[name]] == [], "run `make generated`"
