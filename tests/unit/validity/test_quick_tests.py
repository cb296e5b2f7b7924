"""Tests that take the place of a regular expression say what the expression says."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from driftlang.model.paths import _is_device
from driftlang.validity.topic import _words_from
from driftlang.validity.wording import length

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9\u00b9\u00b2\u00b3]) *(\..*)?", re.IGNORECASE)
_LETTERS = st.text("aeké _.A", max_size=12)


@given(st.text("conprnauxlptCOM$1\u00b29. ", max_size=8))
@example("con")
@example("COM\u00b9 .txt")
@example("conin$ ")
@example("lpt0")
@example("nul.tar.gz")
def test_devices_of_windows_are_told_by_what_stands_before_the_first_dot(name):
    assert _is_device(name) == (_DEVICE.fullmatch(name) is not None)


@given(st.text("aeké", min_size=1, max_size=3), _LETTERS)
@example("a", "aa a.a")
@example("é", "ééa é")
def test_words_that_begin_so_are_those_that_no_letter_stands_before(beginning, text):
    assert [*_words_from(beginning, text)] == re.findall(rf"(?<![a-z]){re.escape(beginning)}[a-z]*", text)


@given(st.text("a_é1-. \t\n\u2003\x1c", max_size=20))
def test_a_piece_without_a_letter_or_digit_is_no_word(text):
    assert length(text) == len(re.findall(r"\S*\w\S*", text))
