"""Every way to count that a reader may doubt is tried, and what it does to the answer is said."""

import pytest
from attrs import evolve
from lettered import MIRRORED, OPPOSING, PLACEBO, columns, rows

from driftlang.estimate.sensitivity import sensitivities


def tried(found, name):
    return next(row for row in found.rows if row.recoding == name)


def test_omitted_steps_that_would_turn_the_answer_are_named():
    pressed, spared = rows(OPPOSING, *["BBBB"] * 12), rows(PLACEBO, *["KOOO"] * 12)
    ways, (found,) = sensitivities(columns(pressed, spared), 0.95)
    assert tried(found, "as declared").given_exercised.value == pytest.approx(1.0)
    assert tried(found, "omitted as broken").given_exercised.value == pytest.approx(0.25)
    assert tried(found, "omitted as broken").flips
    assert "omitted as broken" in found.says
    assert next(way.changed for way in ways if way.name == "omitted as broken") == 36


def test_what_changes_nothing_is_listed_with_its_reason():
    ways, _ = sensitivities(columns(rows(OPPOSING, "BK"), rows(PLACEBO, "KK")), 0.95)
    reasons = {way.name: way.reason for way in ways}
    assert reasons["errors as broken"] == "no step is error"
    assert reasons["messages not placed left out"] == "every message was placed"


def test_trials_in_error_are_counted_either_way():
    pressed, spared = rows(OPPOSING, *["BB"] * 8, "!!", "!!"), rows(PLACEBO, *["KK"] * 10)
    _, (found,) = sensitivities(columns(pressed, spared), 0.95)
    values = [tried(found, name).unconditional.value for name in ("as declared", "errors as broken", "errors as kept")]
    assert values == pytest.approx([1.0, 1.0, 0.8])


def test_trials_whose_messages_were_not_placed_are_left_out_whole():
    pressed = [
        evolve(row, unplaced=1) if row.run == 1 and row.position == 2 else row for row in rows(OPPOSING, "BB", "KK")
    ]
    _, (found,) = sensitivities(columns(pressed, rows(PLACEBO, "KK", "KK")), 0.95)
    assert tried(found, "as declared").unconditional.value == pytest.approx(0.5)
    assert tried(found, "messages not placed left out").unconditional.value == pytest.approx(0.0)


def test_the_tasks_that_move_the_answer_most_each_way_are_left_out():
    ways, (found,) = sensitivities(columns(rows(OPPOSING, "BBKK", "BKKK"), rows(PLACEBO, "KKKB", "KKKK")), 0.95)
    without = {row.recoding: row.given_exercised.value for row in found.rows if row.recoding.startswith("without")}
    assert without == pytest.approx({"without `task1`": 0.0, "without `task4`": 0.5})
    assert sum(way.name.startswith("without") for way in ways) == 4


def test_asymmetries_are_tried_like_contrasts():
    groups = [rows(cell, "BB", "BK") for cell in (OPPOSING, PLACEBO, MIRRORED, evolve(MIRRORED, arm="placebo"))]
    _, found = sensitivities(columns(*groups), 0.95)
    assert [len(one.against) for one in found] == [0, 0, 2]
