"""The law of simulated agents is found again from what they did."""

import numpy as np
import pytest
from attrs import evolve
from lawful import LEANS_TO, PLANTED, UNVARIED, lawful_rows
from lettered import OPPOSING, columns, rows

from driftlang.estimate.columns import columns_of
from driftlang.estimate.transition import fit_transition

STUDY, MODEL = "planted", "sim/drifter"
SHARED = {
    "pressure": PLANTED.pressure,
    "severity": PLANTED.severity,
    "step": PLANTED.step,
    "persistence": PLANTED.persistence,
}
STUDIES = 60


@pytest.fixture(scope="module")
def studies():
    return [fit_transition(columns_of(lawful_rows(PLANTED, seed=seed)), STUDY, MODEL, 0.95) for seed in range(STUDIES)]


def found_in(study, name):
    return [one for one in study.parameters if one.name == name]


@pytest.mark.parametrize("name", SHARED)
def test_limits_hold_what_was_planted_as_often_as_they_say(studies, name):
    """At .95, 51 of 60 studies is three standard errors below."""
    estimates = [found_in(study, name)[0].estimate for study in studies]
    assert sum(one.low <= SHARED[name] <= one.high for one in estimates) >= 51
    assert np.mean([one.value for one in estimates]) == pytest.approx(SHARED[name], abs=0.05)


def test_base_and_lean_are_found_in_every_scenario(studies):
    bases = [one.estimate for study in studies for one in found_in(study, "base")]
    leans = [one for study in studies for one in found_in(study, "lean")]
    assert len(bases) == len(leans) == 3 * STUDIES
    assert sum(one.low <= PLANTED.base <= one.high for one in bases) >= 0.88 * len(bases)
    assert sum(one.toward == LEANS_TO for one in leans) >= 0.98 * len(leans)


def test_a_single_schedule_gives_one_estimate_for_all_that_go_together():
    found = fit_transition(columns_of(lawful_rows(PLANTED, UNVARIED)), STUDY, MODEL, 0.95)
    assert found_in(found, "severity") == []
    assert {"severity", "pressure"} <= {one.name for one in found.not_estimated}


def test_an_agent_that_never_breaks_has_no_law():
    found = fit_transition(columns(rows(OPPOSING, *["KKK"] * 8)), "study", MODEL, 0.95)
    assert (found.parameters, found.reason) == ((), "no step broke, or every one did, so that no law can be fitted")


def test_independent_steps_show_no_persistence():
    law = evolve(PLANTED, persistence=0.0)
    found = fit_transition(columns_of(lawful_rows(law, seed=5, runs=40)), STUDY, MODEL, 0.95)
    assert found_in(found, "persistence")[0].estimate.low <= 0.02
