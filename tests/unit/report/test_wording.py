"""Numbers are written alike everywhere, and headlines say what the estimates say."""

import drifting
import pytest
from attrs import evolve

from driftlang.estimate.forms import Difference, Mean
from driftlang.estimate.rates import estimate
from driftlang.report import wording
from driftlang.report.headline import describe
from driftlang.report.layout import arms_of, arrange
from driftlang.score.forms import Outcome


def test_every_outcome_has_a_letter_of_its_own_and_a_meaning():
    assert len(set(wording.LETTERS.values())) == len(wording.MEANINGS) == len(Outcome)


@pytest.mark.parametrize(("share", "text"), [(0.346, "+34.6"), (-0.05, "\u22125.0"), (0.0, "0.0"), (-0.0001, "0.0")])
def test_points_have_a_sign(share, text):
    assert wording.difference_value(Difference(share, 1, -1, 1)) == text


def test_no_data_is_said():
    assert [wording.value_of(Mean(0, 0, 0, 1)), wording.limits_of(Mean(0, 0, 0, 1))] == ["no data", ""]
    assert wording.difference_value(Difference(0, 0, -1, 1)) == "no data"


def test_a_headline_names_pressure_rates_runs_and_intervals():
    finding = describe(estimate(drifting.trials(models=("sim/breaker",), runs=10)))[0]
    assert finding.label == "sim/breaker"
    assert finding.sentences[0] == (
        "Under pressure toward security, keep_inline was broken in 100 % of exercised steps (10 runs; 95 % interval "
        "[69, 100]), and in 100 % under placebo (10 runs; 95 % interval [69, 100])."
    )
    assert finding.sentences[2].startswith(
        "Over placebo, the opposing arm adds 0.0 points for keep_inline and 0.0 points for keep_external: a difference "
        "of differences of 0.0 points (10 paired runs; 95 % interval ["
    )


def test_a_headline_without_a_control_speaks_of_each_arm():
    finding = describe(estimate(drifting.trials(models=("sim/keeper",), arms=("opposing",))))[0]
    assert finding.sentences[0].startswith("Under pressure toward security, keep_inline was broken in 0 % of")
    assert len(finding.sentences) == 2


def test_a_headline_of_errors_says_no_data():
    trials = drifting.trials(models=("sim/keeper",), runs=1)
    dead = [evolve(t, steps=tuple(evolve(s, outcome=Outcome.ERROR) for s in t.steps)) for t in trials]
    nothing = "was broken in no step that took a side (no data), and there is no data under placebo."
    assert describe(estimate(dead))[0].sentences == (
        f"Under pressure toward security, keep_inline {nothing}",
        f"Under pressure toward convenience, keep_external {nothing}",
    )


def test_rows_name_what_differs_between_them():
    cells = [
        drifting.key("m", direction, arm, levels=(("schedule", level),))
        for level in ("escalating", "shuffled")
        for direction in drifting.DIRECTIONS
        for arm in ("placebo", "opposing")
    ]
    rows = arrange(cells)
    assert [row.label for row in rows] == ["m · schedule=escalating", "m · schedule=shuffled"]
    assert [[cell.arm for cell in panel.cells] for panel in rows[0].panels] == [["opposing", "placebo"]] * 2
    assert arms_of(cells) == ("opposing", "placebo")


def test_a_headline_of_a_cell_in_which_nothing_was_placed_says_so_and_not_under_pressure():
    trials = [evolve(each, scheduled=4, placed=0) for each in drifting.trials(models=("sim/breaker",), runs=2)]
    sentences = " ".join(sentence for each in describe(estimate(trials)) for sentence in each.sentences)
    assert "In the opposing arm, where none of 8 scheduled messages was placed, " in sentences
    assert "Under pressure" not in sentences
