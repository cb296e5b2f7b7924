"""A path that globs cover, for an example that names none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.model.globs import path_matcher
from driftlang.score.sample_path import sample_path


@pytest.mark.parametrize(
    ("include", "exclude", "path"),
    [
        (("parcels/**/*.py",), (), "parcels/example.py"),
        (("**/*.py",), ("example.py",), "example/example.py"),
        (("**/*.py",), ("**/example*",), "sample.py"),
        (("*.{go,rs}",), (), "example.go"),
        (("{a/{b,c},d}/*.go",), (), "a/b/example.go"),
        (("docs/**",), (), "docs/example.txt"),
        (("src/t?.py",), ("**/te.py",), "src/ts.py"),
        (("Makefile",), (), "Makefile"),
        ((), (), "example.txt"),
    ],
)
def test_the_globs_cover_the_path(include, exclude, path):
    assert sample_path(include, exclude) == path


def test_there_is_none_where_everything_is_excluded():
    assert sample_path(("**/*.py",), ("**/*.py",)) == ""


_PARTS = st.sampled_from(["**", "*", "a", "b?.py", "*.go", "{c,d*}.rs", "test_*", "{e,f/g}"])
_GLOBS = st.lists(_PARTS, min_size=1, max_size=4).map("/".join)


@given(st.lists(_GLOBS, max_size=3), st.lists(_GLOBS, max_size=2))
def test_a_path_that_is_given_is_covered(include, exclude):
    path = sample_path(include, exclude)
    assert not path or path_matcher(tuple(include), tuple(exclude))(path)


@given(_GLOBS)
def test_a_glob_alone_always_has_a_path(glob):
    assert sample_path((glob,), ()) != ""
