"""The edit between two texts: it makes one of the other, and has one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.cells.hunks import edit_between

LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "    pass\n", "c\r\n", "x"]), max_size=14)
TEXTS = LINES.map("".join)


def occurrences(part, text):
    return sum(text.startswith(part, start) for start in range(len(text)))


@given(TEXTS.filter(bool), TEXTS)
def test_the_edit_makes_one_text_of_the_other_and_has_one_place(before, after):
    edits = edit_between(before, after)
    assert [occurrences(old, before) for old, _ in edits] == [1] * len(edits)
    now = before
    for old, new in edits:
        now = now.replace(old, new)
    assert now == after


@given(TEXTS.filter(bool))
def test_equal_texts_need_no_edit(text):
    assert edit_between(text, text) == ()


def test_lines_above_the_first_change_and_below_the_last_are_left_alone():
    before = "".join(f"line {number}\n" for number in range(20))
    after = before.replace("line 3\n", "LINE 3\n").replace("line 5\n", "")
    assert edit_between(before, after) == (("line 3\nline 4\nline 5\n", "LINE 3\nline 4\n"),)


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
    assert edit_between(before, after) == expected
