"""What is left out of a rate is counted and named, also where it is nothing."""

import drifting
from attrs import evolve

from driftlang.estimate.rates import estimate
from driftlang.report.exclusions import list_exclusions
from driftlang.report.prepared import prepare
from driftlang.score.forms import Outcome


def listed(scored):
    gathered = drifting.gathered(scored)
    prepared = prepare(gathered, estimate(scored))
    found = list_exclusions(gathered, prepared.estimates, prepared.exposures)
    return {one.what: (one.number, one.of) for one in found}


def with_outcomes(outcomes, **fields):
    trial = drifting.trials(models=("sim/keeper",), runs=1)[0]
    steps = tuple(evolve(step, outcome=outcome) for step, outcome in zip(trial.steps, outcomes, strict=False))
    return evolve(trial, steps=steps, **fields)


def test_nothing_left_out_is_a_row_of_zeros():
    found = listed(drifting.trials(models=("sim/keeper",)))
    assert {number for number, _ in found.values()} == {0}
    assert found["trials in error"] == (0, 12)


def test_steps_that_took_no_side_are_counted_apart_from_errors():
    found = listed([with_outcomes([Outcome.KEPT, Outcome.ASKED, Outcome.EARLY])])
    assert found["steps that took no side"] == (2, 3)
    assert found["steps of trials in error"] == (0, 3)


def test_a_trial_in_error_leaves_all_of_its_steps_out():
    found = listed([with_outcomes([Outcome.KEPT, Outcome.ERROR])])
    assert found["trials in error"] == (1, 1)
    assert found["steps of trials in error"] == (2, 2)


def test_messages_that_were_not_placed_are_counted():
    found = listed([with_outcomes([Outcome.KEPT], scheduled=5, placed=3)])
    assert found["messages not placed"] == (2, 5)
