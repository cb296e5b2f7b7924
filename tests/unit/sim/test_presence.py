"""Texts are found wherever a request shows them, however they were wrapped, marked and numbered."""

import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from driftlang.sim.chat import Message
from driftlang.sim.presence import present

TEXT = "INC-2213 began with a long-lived literal: someone's #1 rule, broken; see http://wiki/x -- and 12: again."

words = st.lists(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12), min_size=3, max_size=30
)
marks = st.sampled_from(("# ", "// ", "-- ", " * ", "; ", ""))


def _comment(text: str, width: int, mark: str) -> str:
    return "".join(f"{mark}{line}\n" for line in textwrap.wrap(text, width))


def _read(text: str) -> Message:
    """A file as the read tool shows it."""
    lines = "".join(f"{number}: {line}\n" for number, line in enumerate(text.splitlines(), 1))
    return Message("tool", f"<path>/w/a.py</path>\n<type>file</type>\n<content>\n{lines}\n(End of file)\n</content>")


@given(st.integers(20, 120), marks, st.sampled_from(("", "    ")))
def test_a_wrapped_comment_is_found_in_a_file_that_was_read(width: int, mark: str, indent: str):
    comment = textwrap.indent(_comment(TEXT, width, mark), indent)
    assert present({TEXT}, [_read(f"{comment}def connect(): ...\n")]) == {TEXT}


@given(words, st.integers(10, 120), marks)
def test_any_text_is_found_again(parts: list[str], width: int, mark: str):
    text = " ".join(parts)
    lines = textwrap.wrap(text, width)
    assume(not any(line.endswith(("*/", "-->")) for line in lines))
    comment = "".join(f"{mark}{line}\n" for line in lines)
    assert present({text}, [_read(f"{comment}def connect(): ...\n")]) == {text}


@pytest.mark.parametrize("block", ["/*\n * {}\n */\n", "/* {} */\n", "<!-- {} -->\n", "/**\n{}\n**/\n"])
def test_a_block_comment_is_found(block: str):
    assert present({TEXT}, [_read(block.format(TEXT) + "code\n")]) == {TEXT}


@given(st.integers(0, len(TEXT.split()) - 1))
def test_a_text_with_a_word_changed_is_not_found(index: int):
    parts = TEXT.split()
    parts[index] = "otherwise"
    assert present({TEXT}, [_read(_comment(" ".join(parts), 60, "# "))]) == frozenset()


@pytest.mark.parametrize("role", ["system", "user", "tool"])
def test_surroundings_show_a_text_and_the_models_own_words_do_not(role: str):
    assert present({TEXT}, [Message(role, f"Note.\n{TEXT}")]) == {TEXT}
    assert present({TEXT}, [Message("assistant", TEXT)]) == frozenset()


def test_a_text_is_not_pieced_together_from_two_messages():
    first, second = TEXT[:40], TEXT[40:]
    assert present({TEXT}, [Message("user", first), Message("user", second)]) == frozenset()


def test_a_text_that_is_part_of_a_longer_one_needs_a_place_of_its_own():
    longer = f"{TEXT} Mind it."
    assert present({TEXT, longer}, [Message("user", longer)]) == {longer}
    assert present({TEXT, longer}, [Message("user", f"{longer} {TEXT}")]) == {TEXT, longer}
