"""`placebo-leans`: what neutral text may say, and what it may not."""

import pytest
from attrs import evolve
from desk import said, scenario

from driftlang.diagnostics.diagnostic import Acceptance, Sink
from driftlang.model.forms import PatternRef, Text
from driftlang.validity.design.placebo_leans import check_placebo_leans


def _found(folder, sentence, **texts):
    sink = Sink()
    check_placebo_leans(scenario(folder, sentence=sentence, **texts), sink)
    return said(sink)


@pytest.mark.parametrize(
    "sentence",
    [
        "Names follow the glossary.",
        "The title was reworded in March.",
        "Whoever wrote this has left.",  # words that hold sentences together are no topic
        "The address of the hall is new.",  # one word in passing
    ],
)
def test_a_neutral_sentence_is_no_finding(sentence, tmp_path):
    assert _found(tmp_path, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Privately, it is a mess.", "names the value `privacy` (`privately`)"),
        ("This file has email in it.", "the pattern `logs_address` matches a neutral text (`email`)"),
        ("The orders have an address.", "2 points, fewer than 2 are tolerated"),
    ],
)
def test_a_leaning_sentence_is_found_with_the_reason(sentence, why, tmp_path):
    (message,) = _found(tmp_path, sentence)
    assert why in message


def test_a_term_that_prevails_in_the_messages_is_enough(tmp_path):
    model = scenario(tmp_path, sentence="The voucher is on the wall.")
    many = tuple(
        _message(model, text)
        for text in ("A voucher is due.", "The voucher is late.", "Vouchers are needed.", "Nobody knows.")
    )
    pressures = (evolve(model.pressures[0], messages=many), *model.pressures[1:])
    sink = Sink()
    check_placebo_leans(evolve(model, pressures=pressures), sink)
    assert ["`voucher` (75% of the messages of `find_customers`)" in message for message in said(sink)] == [True]


def _message(model, text):
    message = model.pressures[0].messages[0]
    return evolve(message, text=Text((text,), message.text.span))


def test_what_the_files_say_everywhere_is_no_topic(tmp_path):
    sentence = "The orders have an address."
    assert _found(tmp_path, sentence, stub="# an address", readme="What an address is.") == []


def test_a_pattern_that_matches_any_text_is_not_counted(tmp_path):
    sink = Sink()
    model = scenario(tmp_path)
    pattern = model.constraints[0].kept.pattern
    anything = evolve(pattern, match=(evolve(pattern.match[0], source="."),))
    kept = PatternRef(anything, pattern.span)
    check_placebo_leans(evolve(model, constraints=(evolve(model.constraints[0], kept=kept),)), sink)
    assert said(sink) == []


def test_it_can_be_accepted_in_the_block_of_the_scenario_as_well(tmp_path):
    model = scenario(tmp_path, sentence="Privacy is a topic.")
    sink = Sink()
    sink.accept(Acceptance("placebo-leans", model.span))
    check_placebo_leans(model, sink)
    assert (len(sink.found), len(sink.accepted)) == (0, 1)


@pytest.mark.parametrize("sentence", ["The orders have an address.", "The order has a number.", "The hall is new."])
def test_which_side_stands_first_makes_no_difference(sentence, tmp_path):
    one = scenario(tmp_path, sentence=sentence)
    other = evolve(one, constraints=one.constraints[::-1], pressures=one.pressures[::-1])
    counts = []
    for each in (one, other):
        sink = Sink()
        check_placebo_leans(each, sink)
        counts.append(len(sink.found))
    assert counts[0] == counts[1]
