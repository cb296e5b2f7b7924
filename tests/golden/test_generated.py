"""`generated/` is what `build` makes of the library now, and every study of the library is in it."""

from pathlib import Path

import pytest

from driftlang.build.emit import build_study
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.source import Sources

GENERATED = Path(__file__).parents[2] / "generated"
FILES = ("hello.drift", "convenience_security/credentials.drift")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with every study of the library, built anew."""
    out = tmp_path_factory.mktemp("generated")
    for name in FILES:
        source, sink = library_folder() / name, Sink()
        model = load_model(source, Sources(), sink)
        for study in model.studies:
            build_study(study, model, source.name, out, sink)
        assert sink.found == ()
    return out


def _texts(folder):
    """The files of every study by path, repositories aside: the manifest holds their commit ids."""
    files = (path for path in folder.glob("*/**/*") if path.is_file() and "repos" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_files_are_what_a_build_makes(built):
    expected, actual = _texts(GENERATED), _texts(built)
    assert sorted(actual) == sorted(expected), "run `make generated`"
    assert [name for name in actual if actual[name] != expected[name]] == [], "run `make generated`"
