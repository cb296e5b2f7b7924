"""Globs mean what their documentation says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.diagnostics.failure import Failure
from driftlang.model.globs import is_match, path_matcher, translate


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("**/*.py", "a.py", True),
        ("**/*.py", "a/b/c.py", True),
        ("**/*.py", "a/b/c.pyc", False),
        ("*.py", "a/b.py", False),
        ("src/**", "src/a/b", True),
        ("src/**", "srcs/a", False),
        ("src/**", "src", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("{src,lib}/*.{py,pyi}", "lib/x.pyi", True),
        ("{src,lib}/*.{py,pyi}", "bin/x.py", False),
        ("{a,b{c,d}}", "bd", True),
        ("a.b", "axb", False),
        ("a[1].py", "a[1].py", True),
        ("a,b}", "a,b}", True),
        ("vendor/{x/**,y}", "vendor/x/1/2", True),
        ("**", ".env", True),
        ("a**/b", "ab", False),
        ("a**/b", "ax/b", True),
        ("a**/b", "a/x/b", False),
        ("src**", "src/a/b.py", False),
        ("src**", "srcs", True),
        ("**.py", "a/b.py", False),
        ("{a,b**}", "b/c/d", False),
        ("{a,**}", "b/c/d", True),
        ("{**/a,b}", "x/y/a", True),
        ("a,**", "a,b/c", False),
        ("A.py", "a.py", False),
    ],
)
def test_glob(glob, path, expected):
    assert path_matcher((glob,), ())(path) is expected
    assert is_match(path, ["no such path", glob]) is expected


def test_no_glob_matches_nothing():
    assert is_match("a.py", ()) is False


def test_a_name_that_is_no_text_is_matched_all_the_same():
    assert is_match("data/\udcff.bin", ["data/*"]) is True


def test_except_takes_paths_out():
    matches = path_matcher(("**/*.py",), ("tests/**", "conftest.py"))
    assert [path for path in ("a.py", "tests/a.py", "conftest.py", "x/conftest.py") if matches(path)] == [
        "a.py",
        "x/conftest.py",
    ]


def test_no_include_is_every_path():
    assert path_matcher((), ("*.md",))("a/b.py") is True


def test_an_open_brace_is_named():
    with pytest.raises(Failure, match=r"the glob `a\{b` opens a brace"):
        translate("a{b")


@given(path=st.text(alphabet="ab./+()|^$\\ é", min_size=1, max_size=20))
def test_a_path_of_plain_characters_matches_itself_alone(path):
    matches = path_matcher((path,), ())
    assert [matches(path), matches(path + "a"), matches("a" + path)] == [True, False, False]
