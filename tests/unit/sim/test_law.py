"""The law of simulated models: its formula's properties, its presets, and that planted effects come back."""

import math
from itertools import pairwise

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.simulated import SIMULATED_MODELS, SIMULATED_OPTIONS
from driftlang.sim.law import PRESETS, Dice, Evidence, Law, law_of

KEEPER, BREAKER, DRIFTER = (PRESETS[f"sim/{name}"] for name in ("keeper", "breaker", "drifter"))
SEEDS = range(3000)

effects = st.floats(0, 3)
laws = st.builds(Law, base=st.floats(0.01, 0.99), pressure=effects, severity=effects, step=effects, lean=effects)
counts = st.integers(0, 12)
evidences = st.builds(Evidence, counts, st.integers(0, 6), counts, st.integers(0, 6))
sides = st.sampled_from((-1, 0, 1))
turns = st.integers(1, 12)


def _ascending(k: int) -> Evidence:
    """Opposing pressure at turn `k` of twelve: a message a turn, of six severities."""
    return Evidence(opposing=k, opposing_severity=math.ceil(k / 2))


def _none(_: int) -> Evidence:
    return Evidence()


def _chain(law: Law, seed: int, evidence, side: int) -> list[bool]:
    """Twelve choices of one run."""
    made: list[bool] = []
    for k in range(1, 13):
        probability = law.probability(evidence(k), k, side)
        made.append(law.breaks(probability, tuple(made), Dice(seed, "sim/drifter", f"step{k}")))
    return made


def _expected(law: Law, evidence, side: int) -> list[float]:
    """Rates by the recursion in the law's documentation."""
    rates: list[float] = []
    for k in range(1, 13):
        fresh = law.probability(evidence(k), k, side)
        rates.append(law.persistence * rates[-1] + (1 - law.persistence) * fresh if rates else fresh)
    return rates


@given(evidences, turns, sides)
def test_the_keeper_never_breaks_and_the_breaker_always_does(evidence: Evidence, turn: int, side: int):
    probabilities = [law.probability(evidence, turn, side) for law in (KEEPER, BREAKER)]
    choices = [
        law.breaks(probability, (), Dice(turn, "m", "s"))
        for law, probability in zip((KEEPER, BREAKER), probabilities, strict=True)
    ]
    assert (probabilities, choices) == ([0.0, 1.0], [False, True])


@given(laws, evidences, turns, sides)
def test_more_opposing_pressure_never_lowers_the_probability_and_more_support_never_raises_it(
    law: Law, evidence: Evidence, turn: int, side: int
):
    here = law.probability(evidence, turn, side)
    more = [
        evolve(evidence, opposing=evidence.opposing + 1),
        evolve(evidence, opposing_severity=evidence.opposing_severity + 1),
    ]
    less = [
        evolve(evidence, supporting=evidence.supporting + 1),
        evolve(evidence, supporting_severity=evidence.supporting_severity + 1),
    ]
    assert all(law.probability(other, turn, side) >= here for other in more)
    assert all(law.probability(other, turn, side) <= here for other in less)
    assert law.probability(evidence, turn + 1, side) >= here


@given(laws, evidences, turns, sides)
def test_support_undoes_the_same_amount_of_opposition(law: Law, evidence: Evidence, turn: int, side: int):
    balanced = evolve(evidence, supporting=evidence.opposing, supporting_severity=evidence.opposing_severity)
    assert law.probability(balanced, turn, side) == law.probability(Evidence(), turn, side)


@given(st.floats(0.001, 0.999))
def test_without_pressure_lean_or_step_the_probability_is_the_base(base: float):
    law = Law(base=base, pressure=2.0, severity=2.0, step=2.0, lean=2.0)
    assert law.probability(Evidence(), 1, 0) == pytest.approx(base)


@given(st.integers(0, 2**48), laws, st.floats(0, 1))
def test_a_run_that_breaks_without_pressure_breaks_with_it_too(seed: int, law: Law, persistence: float):
    """All cells of a run throw the same dice, so that pressure can only turn kept steps into broken ones."""
    held = evolve(law, persistence=persistence)
    without, under = _chain(held, seed, _none, 1), _chain(held, seed, _ascending, 1)
    assert [a and not b for a, b in zip(without, under, strict=True)] == [False] * 12


def test_dice_are_even_and_differ_by_seed_model_step_and_purpose():
    thrown = [Dice(seed, "m", "s").uniform("choice") for seed in SEEDS]
    shares = [sum(number < share for number in thrown) / len(thrown) for share in (0.1, 0.5, 0.9)]
    assert shares == pytest.approx([0.1, 0.5, 0.9], abs=0.035)
    others = {Dice(*identity).uniform("choice") for identity in ((1, "m", "s"), (1, "n", "s"), (1, "m", "t"))}
    assert len(others | {Dice(1, "m", "s").uniform("persistence")}) == 4


@pytest.mark.parametrize("evidence", [_ascending, _none])
@pytest.mark.parametrize("side", [1, -1])
def test_planted_rates_come_back_within_binomial_error(evidence, side: int):
    runs = [_chain(DRIFTER, seed, evidence, side) for seed in SEEDS]
    for expected, column in zip(_expected(DRIFTER, evidence, side), zip(*runs, strict=True), strict=True):
        error = math.sqrt(expected * (1 - expected) / len(SEEDS))
        assert sum(column) / len(SEEDS) == pytest.approx(expected, abs=4 * error)


def test_persistence_comes_back_as_the_share_of_repeated_choices():
    """At a rate of one half two fresh choices agree half the time, so choices agree at (1 + persistence) / 2."""
    law = Law(base=0.5, persistence=0.6)
    runs = [_chain(law, seed, _none, 0) for seed in SEEDS]
    agree = [a == b for run in runs for a, b in pairwise(run)]
    assert sum(agree) / len(agree) == pytest.approx(0.8, abs=0.015)


def test_the_drifter_drifts_asymmetrically():
    leaned, mirrored = _expected(DRIFTER, _ascending, 1), _expected(DRIFTER, _ascending, -1)
    assert (leaned[0], leaned[-1]) == pytest.approx((0.1, 0.8), abs=0.03)
    assert leaned == sorted(leaned)
    assert max(mirrored) < 0.1
    assert _expected(DRIFTER, _none, 1) == pytest.approx([0.04] * 12, abs=0.01)
    assert max(_expected(DRIFTER, _none, -1)) < 0.005


def test_options_take_the_place_of_a_presets_parameters():
    law = law_of("sim/drifter", {"pressure": "0.25", "leans_to": "convenience"})
    assert law == evolve(DRIFTER, pressure=0.25, leans_to="convenience")


@pytest.mark.parametrize(
    ("model", "options", "message", "help"),
    [
        ("sim/drifer", {}, "there is no simulated model `sim/drifer`; did you mean `sim/drifter`?", "sim/keeper"),
        ("sim/drifter", {"presure": "1"}, "there is no parameter of sim/drifter `presure`; did you mean `pressure`?",
         "persistence"),
        ("sim/drifter", {"step": "steep"}, "`step steep` of a simulated model is not a number", "a number"),
        ("sim/drifter", {"step": "nan"}, "`step nan` of a simulated model is not a number", "a number"),
        ("sim/drifter", {"base": "1.5"}, "`base 1.5` of a simulated model is not a number from 0 to 1", "from 0 to 1"),
    ],
)  # fmt: skip
def test_what_no_law_can_be_made_of_is_misuse(model: str, options: dict[str, str], message: str, help: str):
    with pytest.raises(Failure) as failure:
        law_of(model, options)
    assert (failure.value.message, failure.value.status) == (message, ExitStatus.MISUSE)
    assert help in failure.value.help


def test_every_model_and_option_that_is_checked_has_a_law_or_a_parameter():
    assert (tuple(PRESETS), tuple(parameter.name for parameter in fields(Law))) == (SIMULATED_MODELS, SIMULATED_OPTIONS)
