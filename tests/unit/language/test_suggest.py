"""The closest name."""

import pytest

from driftlang.diagnostics.suggest import closest, did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("targt", ["target", "ask"], "target"),
        ("tagret", ["target", "ask"], "target"),
        ("TARGET", ["target", "ask"], "target"),
        ("ask", ["ask"], ""),
        ("xyz", ["target", "ask"], ""),
        ("ab", ["cd"], ""),
        ("a", ["b"], ""),
        ("nota", ["noto", "note"], "note"),
        ("anything", [], ""),
    ],
)
def test_the_closest_name_is_at_most_a_third_of_its_letters_away(name, known, expected):
    assert closest(name, known) == expected


def test_nothing_is_suggested_where_nothing_is_close():
    assert (did_you_mean("xyz", ["target"]), did_you_mean("targt", ["target"])) == ("", ", did you mean `target`?")
