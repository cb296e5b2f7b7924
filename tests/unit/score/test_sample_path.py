"""A path that globs cover, for an example that names none."""

import pytest

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
