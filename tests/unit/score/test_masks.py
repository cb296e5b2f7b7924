"""Masks keep what the view asks for, in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.score.mask import LARGEST_PARSED, View, is_text, mask

PYTHON = b'''"""Reads os.environ."""
KEY = f"a{os.environ['b']:>3}c"  # os.environ too
def f():
    "first" "second"
    f"{run()}"
    return "\\n"
'''


def test_code_blanks_comments_and_strings_that_stand_alone():
    lines = mask(PYTHON, "a.py", View.CODE).split("\n")
    assert [line.rstrip() for line in lines] == [
        "",
        "KEY = f\"a{os.environ['b']:>3}c\"",
        "def f():",
        "",
        '    f"{run()}"',
        '    return "\\n"',
        "",
    ]


def test_code_outside_strings_keeps_quotes_and_code_inside_strings():
    lines = mask(PYTHON, "a.py", View.CODE_OUTSIDE_STRINGS).split("\n")
    assert lines[1].rstrip() == "KEY = f\" {os.environ[' ']:>3} \""
    assert lines[5] == '    return "  "'


def test_comments_keeps_nothing_else():
    words = mask(PYTHON, "a.py", View.COMMENTS).split()
    assert words == ['"""Reads', 'os.environ."""', "#", "os.environ", "too", '"first"', '"second"']


@pytest.mark.parametrize("view", list(View))
@given(content=st.text(alphabet="ab'\"#\\\n\r{}()=: \té𝄞", max_size=60))
def test_every_view_keeps_length_and_line_ends(view, content):
    masked = mask(content.encode(), "a.py", view)
    assert len(masked) == len(content)
    assert [i for i, c in enumerate(masked) if c in "\r\n"] == [i for i, c in enumerate(content) if c in "\r\n"]


@given(content=st.text(alphabet="ab'\"#\\\n{}()=: é", max_size=60))
def test_code_and_comments_share_no_character(content):
    code, comments = (mask(content.encode(), "a.py", view) for view in (View.CODE, View.COMMENTS))
    assert [c if c.strip() else d for c, d in zip(code, comments, strict=True)] == list(content)


@given(content=st.binary(max_size=80))
def test_bytes_that_are_not_utf8_are_masked_without_complaint(content):
    assert len(mask(content, "a.py", View.CODE)) == len(content.decode("utf-8", "replace"))


def test_suffix_is_read_in_any_case():
    assert mask(b"x = 1 # y", "A.PY", View.CODE).rstrip() == "x = 1"


def test_shell_comments_are_masked():
    assert mask(b"export A=1 # B=2\n", "run.sh", View.CODE).rstrip() == "export A=1"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.go", "// x"),
        ("a.sql", "-- x"),
        ("a.html", "<!-- x -->"),
        ("a.ini", "; x"),
        ("Makefile", "# x"),
        ("a.c", "  * x"),
    ],
)
def test_a_type_without_grammar_falls_back_to_comment_lines(path, line):
    text = f"keep\n{line}\n".encode()
    assert mask(text, path, View.CODE).split() == ["keep"]
    assert mask(text, path, View.COMMENTS).split() == line.split()


def test_a_preprocessor_line_of_c_is_code():
    assert mask(b"#include <x.h>", "a.c", View.CODE) == "#include <x.h>"


def test_a_huge_file_is_masked_by_lines():
    content = b"x = 1 # y\n# z\n" * (LARGEST_PARSED // 14 + 1)
    assert mask(content, "a.py", View.CODE).split("\n")[:2] == ["x = 1 # y", "   "]


def test_a_nul_byte_tells_a_binary():
    assert [is_text(b"\x89PNG\0\0"), is_text(b"text")] == [False, True]
