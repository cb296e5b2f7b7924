"""Two requests are the same but for where they ran, for ids, and for what a clock says; nothing else is overlooked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.gateway.sameness import Normalizer, first_difference

HERE, THERE = "/tmp/ws/0123456789ab/ledger", "/var/tmp/ws-1000/0123456789ab-2/ledger"


def _body(directory: str, result: str, date: str = "Wed Nov 25 2026") -> bytes:
    system = f"<env>\n  Working directory: {directory}\n  Today's date: {date}\n</env>\n"
    return json.dumps(
        {"messages": [{"role": "system", "content": system}, {"role": "tool", "content": result}]},
        separators=(",", ":"),
    ).encode()


def _form(directory: str, result: str, date: str = "Wed Nov 25 2026") -> str:
    return Normalizer().normal_form(_body(directory, result, date))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{HERE}/a.py is read", f"{THERE}/a.py is read"),
        ("HOME=/tmp/rt/0123456789ab/home", "HOME=/var/tmp/rt-1000/0123456789ab-2/home"),
        ("ses_1ab2cd3ef4gh5ij6kl", "ses_9ab2cd3ef4gh5ij6km"),
        ("-rw-r--r-- 1 u g 7 Nov 25 01:20 a.py", "-rw-r--r-- 1 u g 7 Dec  3 11:59 a.py"),
        ("[main 1a2b3c4] work", "[main 9f8e7d6] work"),
        ("[main 1234567] work", "[main 9f8e7d6] work"),
        ("commit 1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d", "commit 0a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0e"),
        ("real\t0m1.2s", "real\t0m3.4s"),
        ("Date:   Wed Nov 25 01:20:00 2026 +0000", "Date:   Thu Nov 26 11:20:00 2026 +0000"),
        ("Wed Nov 25 01:20:00 UTC 2026", "Thu Nov 26 02:20:01 UTC 2026"),
        ("2026-11-25T01:20:00.123Z ready", "2026-11-26T02:20:00.321Z ready"),
        ("5 passed in 0.03s", "5 passed in 1.12s"),
        ("Ran 3 tests in 0.001s", "Ran 3 tests in 0.010s"),
        ("ok  ledger 12ms", "ok  ledger 7ms"),
        ("# duration_ms 51.3", "# duration_ms 48.112"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "a line\n{}\na line", '"{}"', "\t{}"])
def test_what_cannot_be_the_same_twice_is_the_same(one: str, other: str, around: str):
    assert _form(HERE, around.format(one)) == _form(THERE, around.format(other), "Thu Nov 26 2026")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.py", "b.py"),
        ("5 passed in 0.03s", "4 passed in 0.03s"),
        ("HOME=/tmp/rt/0123456789ab/home", "HOME=/root"),
        ("return 12", "return 13"),
        ("1234567", "1234568"),
        ("effaced", "defaced"),
        ("the deadline is 30 s", "the deadline is 60 s"),
        ("Nov", "Dec"),
        ("-rw-r--r-- 1 u g 7 Nov 25 01:20 a.py", "-rw-r--r-- 1 u g 8 Nov 25 01:20 a.py"),
        ("ses_short", "ses_other"),
    ],
)
def test_every_other_difference_is_one(one: str, other: str):
    assert _form(HERE, one) != _form(HERE, other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_words_that_differ_are_told_apart(one: str, other: str):
    letters = "".join(letter for letter in one if letter.isalpha()), "".join(one for one in other if one.isalpha())
    is_same = _form(HERE, f"said {letters[0]}") == _form(HERE, f"said {letters[1]}")
    assert is_same == (letters[0] == letters[1])


def test_the_place_is_remembered_for_requests_that_do_not_name_it():
    forms = []
    for directory in (HERE, THERE):
        normalizer = Normalizer()
        normalizer.normal_form(_body(directory, ""))
        forms.append(normalizer.normal_form(json.dumps({"input": f"Sum up {directory}/a.py"}).encode()))
    assert forms[0] == forms[1]


def test_the_first_difference_is_shown_with_what_stands_around_it():
    one, other = f"{'x' * 100}same then this", f"{'x' * 100}same then that"
    assert first_difference(one, other) == "recorded `…xxxxxsame then this`, now `…xxxxxsame then that`".replace(
        "xxxxx", "x" * (20 - len("same then th"))
    )


def test_a_text_that_goes_on_is_a_difference():
    assert first_difference("ab", "abc") == "recorded `ab`, now `abc`"
