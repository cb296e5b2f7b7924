"""Edits between two texts: they make one of the other, and each has one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.build.hunks import edits_between

LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "    pass\n", "c\r\n", "x"]), max_size=14)
TEXTS = LINES.map("".join)


def occurrences(part, text):
    return sum(text.startswith(part, start) for start in range(len(text)))


@given(TEXTS.filter(bool), TEXTS)
def test_edits_make_one_text_of_the_other_and_each_has_one_place(before, after):
    edits = edits_between(before, after)
    now = before
    for old, new in edits:
        assert occurrences(old, before) == 1
        assert occurrences(old, now) == 1
        now = now.replace(old, new)
    assert now == after


@given(TEXTS.filter(bool))
def test_equal_texts_need_no_edit(text):
    assert edits_between(text, text) == ()


def test_only_the_lines_that_differ_are_touched():
    before = "".join(f"line {number}\n" for number in range(20))
    after = before.replace("line 3\n", "LINE 3\n").replace("line 15\n", "")
    assert edits_between(before, after) == (("line 3\n", "LINE 3\n"), ("line 15\n", ""))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nx\nb\nx\n", "a\nx\nb\ny\n", (("b\nx\n", "b\ny\n"),)),
        ("x\nx\n", "x\nx\ny\n", (("x\nx\n", "x\nx\ny\n"),)),
        ("a\n", "b\na\n", (("a\n", "b\na\n"),)),
        ("a", "a\nb\n", (("a", "a\nb\n"),)),
    ],
)
def test_an_edit_is_widened_until_its_place_is_certain(before, after, expected):
    assert edits_between(before, after) == expected
