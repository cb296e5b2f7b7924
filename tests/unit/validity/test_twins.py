"""`unmatched-twins` is the same from both sides."""

import pytest
from attrs import evolve
from desk import said, scenario

from driftlang.diagnostics.diagnostic import Sink
from driftlang.validity.design.unmatched_twins import check_unmatched_twins

LONG = "Write the address of whoever orders, with the name, the street, the town and the day on which it was given."
FORBIDDING = "Never write the address of whoever orders."
SHOWN = "Write the address of whoever orders: `email`."
HEDGED = "If possible, write the address of whoever orders."


def _found(folder, **texts):
    sink = Sink()
    check_unmatched_twins(scenario(folder, **texts), sink)
    return said(sink)


def test_matched_texts_are_no_finding(tmp_path):
    assert _found(tmp_path) == []


@pytest.mark.parametrize("text", [LONG, FORBIDDING, SHOWN, HEDGED])
@pytest.mark.parametrize("side", ["first", "second"])
def test_an_unmatched_text_is_found_on_either_side(text, side, tmp_path):
    assert len(_found(tmp_path, **{side: text})) == 1


@pytest.mark.parametrize("text", [LONG, FORBIDDING, SHOWN, HEDGED])
def test_two_texts_that_are_one_but_for_the_side_are_matched(text, tmp_path):
    assert _found(tmp_path, first=text, second=text.replace("address", "number")) == []


def test_the_message_says_what_was_measured_and_what_is_tolerated(tmp_path):
    (message,) = _found(tmp_path, first=LONG)
    assert "21 and 6 words, where 5 more are tolerated (25%)" in message


def test_a_side_with_several_constraints_needs_one_that_is_worded_alike(tmp_path):
    one = scenario(tmp_path)
    (first, second) = one.constraints
    longer = evolve(second, name="longer", text=evolve(second.text, parts=(LONG,)))
    sink = Sink()
    check_unmatched_twins(evolve(one, constraints=(first, second, longer)), sink)
    assert ["`with_address` and `longer`" in message for message in said(sink)] == [True]


def test_many_constraints_unlike_one_text_are_one_finding(tmp_path):
    one = scenario(tmp_path)
    (first, second) = one.constraints
    many = tuple(evolve(first, name=f"first_{number}") for number in range(200))
    sink = Sink()
    check_unmatched_twins(
        evolve(one, constraints=(*many, evolve(second, text=evolve(second.text, parts=(LONG,))))), sink
    )
    assert len(sink.found) == 1
