"""Regression of breaking: against statsmodels, refusing what the data or the design cannot say."""

import numpy as np
import pytest
import statsmodels.api as sm
from lawful import PLANTED, UNVARIED, lawful_rows
from lettered import OPPOSING, PLACEBO, columns, rows

from driftlang.estimate.columns import columns_of
from driftlang.estimate.dose import dose_responses
from driftlang.estimate.effects import design_of
from driftlang.estimate.order_effects import order_effects
from driftlang.estimate.slope import fit_slope

STUDY, MODEL = "planted", "sim/drifter"


@pytest.fixture(scope="module")
def varied():
    return columns_of(lawful_rows(PLANTED))


def test_effects_are_those_of_statsmodels(varied):
    found = fit_slope(varied, STUDY, MODEL, 0.95)
    design = design_of(varied)
    matrix = np.column_stack([design.levels, design.matrix])
    peer = sm.GLM(varied.is_broken.astype(float), matrix, family=sm.families.Binomial()).fit(tol=1e-12)
    by_name = {effect.name: effect.estimate.value for effect in found.effects}
    expected = dict(zip([effect.name for effect in design.effects], peer.params[design.levels.shape[1] :], strict=True))
    assert found.reason == ""
    assert len(by_name) >= 3
    assert by_name == pytest.approx({name: expected[name] for name in by_name}, abs=1e-5)


def test_limits_are_wider_than_those_of_independent_steps(varied):
    found = fit_slope(varied, STUDY, MODEL, 0.95)
    design = design_of(varied)
    matrix = np.column_stack([design.levels, design.matrix])
    peer = sm.GLM(varied.is_broken.astype(float), matrix, family=sm.families.Binomial()).fit()
    naive = dict(zip([effect.name for effect in design.effects], peer.bse[design.levels.shape[1] :], strict=True))
    widths = [
        (effect.estimate.high - effect.estimate.low) / (2 * 1.96 * naive[effect.name]) for effect in found.effects
    ]
    assert np.mean(widths) > 1.0


def test_a_single_schedule_cannot_tell_step_severity_and_dose_apart():
    found = fit_slope(columns_of(lawful_rows(PLANTED, UNVARIED)), STUDY, MODEL, 0.95)
    sentences = " ".join(found.identifiability.sentences)
    assert "cannot be told apart" in sentences
    assert "vary the schedule" in sentences
    assert {"severity", "dose"} <= {
        word
        for group in found.identifiability.confounded
        for name in group.effects
        for word in name.replace(",", " ").split()
    }
    assert all(one.reason for one in found.not_estimated)


def test_varied_schedules_tell_them_apart(varied):
    assert fit_slope(varied, STUDY, MODEL, 0.95).identifiability.confounded == ()


def test_what_never_broke_is_said_and_not_fitted():
    found = fit_slope(columns(rows(OPPOSING, *["KK"] * 6), rows(PLACEBO, *["KK"] * 6)), "study", MODEL, 0.95)
    assert found.effects == ()
    assert found.reason == "no exercised step was broken, so that no effect can be seen"


def test_separation_is_told_and_not_papered_over():
    pressed, spared = rows(OPPOSING, *["BBBB"] * 6), rows(PLACEBO, *["KKKK"] * 6)
    found = fit_slope(columns(pressed, spared), "study", MODEL, 0.95)
    assert any(one.reason.startswith("separation") for one in found.not_estimated)


def test_few_runs_have_no_limits():
    found = fit_slope(columns(rows(OPPOSING, "BKBK", "KKBB"), rows(PLACEBO, "KKKK", "KBKK")), "study", MODEL, 0.95)
    assert "at least 5" in found.reason


def test_dose_response_describes_and_says_so(varied):
    found = dose_responses(varied, 0.95)
    assert {one.cell.arm for one in found} == {"opposing"}
    assert all("descriptive" in one.note for one in found)
    rising = [one for one in found if one.cell.against == "security"]
    assert all(one.points[0].rate.value < one.points[-1].rate.value for one in rising)


def test_order_effects_are_those_of_least_squares_with_every_task_against_the_mean(varied):
    found = order_effects(varied, 0.95)
    assert [one.scenario for one in found] == ["early", "late", "whole"]
    one = found[0]
    assert one.reason == ""
    assert one.per_step.value > 0
    assert sum(task.effect.value for task in one.tasks) == pytest.approx(0.0, abs=1e-9)
    assert [task.effect.value for task in one.tasks] == sorted((task.effect.value for task in one.tasks), reverse=True)


def test_one_order_for_all_runs_tells_nothing_of_tasks():
    texts = ["BKKB", "KBKK", "KKBB", "KKKB", "BKBK", "KKKK"]
    found = order_effects(columns(rows(OPPOSING, *texts), rows(PLACEBO, *texts)), 0.95)[0]
    assert found.reason == "tasks and positions go together, so that neither can be told from the other"
