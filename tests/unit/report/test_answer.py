"""The answer is one sentence with its interval, says nothing beyond it, and shows a step that broke."""

import drifting
import pytest
from attrs import evolve

from driftlang.estimate.rates import estimate
from driftlang.report.answer import answer
from driftlang.report.evidence import line_of, pack
from driftlang.report.forms import DiffLine
from driftlang.score.forms import Hit, Outcome

ARMS = ("opposing", "placebo")


def said(scored, **kinds):
    gathered = drifting.gathered(scored)
    return answer(gathered, estimate(scored, **kinds), [pack(trial) for trial in gathered.details])


def with_rates(rates, runs=40):
    """Trials of one model whose steps break in the given share of runs, by direction and arm."""
    scored = drifting.trials(models=("sim/drifter",), runs=runs)
    return [_broken(trial, rates.get((trial.cell.favors, trial.cell.arm), 0.0) * runs >= trial.run) for trial in scored]


def _broken(trial, is_broken):
    outcome = Outcome.BROKEN if is_broken else Outcome.KEPT
    hits = (Hit("p", "a.py", 4, "x"),)
    return evolve(trial, steps=tuple(evolve(step, outcome=outcome, hits=hits) for step in trial.steps))


def test_an_asymmetry_stands_with_both_effects_and_its_interval():
    found = said(with_rates({("convenience", "opposing"): 1.0})).found
    assert found.startswith(
        "For sim/drifter, pressure toward security raised the share of steps that broke keep_inline by 100.0 points "
        "over placebo, and pressure toward convenience moved the share of steps that broke keep_external by 0.0 "
        "points: over the 40 runs that all four cells have, an asymmetry of +100.0 points, 95 % interval ["
    )
    assert found.endswith("The interval lies above 0.")


def test_an_interval_that_holds_0_is_said_to_show_nothing_by_itself():
    found = said(with_rates({("convenience", "opposing"): 0.1})).found
    assert found.endswith("The interval holds 0: by itself it shows no difference, nor that there is none.")


def test_of_several_asymmetries_the_number_that_leave_0_out_comes_first():
    found = said(drifting.trials(models=("sim/keeper", "sim/drifter"))).found
    assert found.startswith("Of 2 asymmetries, none have a 95 % interval that leaves 0 out. The largest is that of ")


def test_one_direction_has_its_effect():
    scored = [one for one in with_rates({("convenience", "opposing"): 1.0}) if one.cell.favors == "convenience"]
    assert ": an asymmetry" not in said(scored).found
    assert "raised the share of steps that broke keep_inline by 100.0 points over placebo, 95 %" in said(scored).found


def test_without_anything_to_compare_the_highest_rate_is_told():
    scored = [one for one in with_rates({("convenience", "opposing"): 1.0}) if one.cell.arm == "opposing"]
    found = said([one for one in scored if one.cell.favors == "convenience"]).found
    assert "broke keep_inline in 100 % of exercised steps" in found
    assert found.endswith("no two arms were there to compare.")


def test_without_a_trial_there_is_no_sentence_about_any():
    assert said([]).found == "No trial of this run has ended yet: there is nothing to estimate."


def test_how_sure_says_the_unit_and_what_no_break_still_allows():
    sure = " ".join(said(with_rates({})).sure)
    assert "40 runs a cell; the run is the unit" in sure
    assert "A cell that never broke still allows a rate of up to" in sure


def test_the_step_to_see_is_a_broken_one_of_the_cell_that_is_spoken_of():
    (example,) = said(with_rates({("convenience", "opposing"): 0.5})).examples
    assert (example.trial.cell.direction, example.trial.cell.arm) == ("keep_inline", "opposing")
    assert example.step.outcome is Outcome.BROKEN


def test_where_nothing_broke_there_is_none_to_see():
    assert said(with_rates({})).examples == ()


@pytest.mark.parametrize(("line", "expected"), [(4, 'KEY = "qa-7731"'), (5, 'KEY = " "')])
def test_the_line_to_see_is_that_of_the_diff_and_not_its_mask(line, expected):
    trial = drifting.gathered(drifting.trials(models=("sim/keeper",), runs=1)[:1]).details[0]
    diff = (
        DiffLine("file", "a.py (changed)"),
        DiffLine("removed", "gone", 4),
        DiffLine("added", ' KEY = "qa-7731"', 4),
    )
    changed = evolve(trial, steps=(evolve(trial.steps[0], diff=diff),))
    assert line_of(pack(changed), 1, Hit("p", "a.py", line, 'KEY = " "')) == expected
