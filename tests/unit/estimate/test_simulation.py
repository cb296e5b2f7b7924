"""Simulated studies follow the law that simulated agents play."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.estimate.simulation import (
    PlainCell,
    StudySize,
    Surroundings,
    Throws,
    probabilities,
    simulate_law,
    simulate_rates,
    unpressed,
    walk,
)
from driftlang.sim.law import PRESETS, Dice, Evidence, Law

COUNTS = st.lists(st.integers(0, 6), min_size=4, max_size=4)


@given(
    base=st.sampled_from([0.0, 0.01, 0.5, 1.0]),
    effects=st.tuples(*[st.floats(-3, 3)] * 4),
    counts=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS),
    side=st.sampled_from([-1, 0, 1]),
)
def test_probabilities_are_those_of_the_law(base, effects, counts, side):
    pressure, severity, step, lean = effects
    law = Law(base, pressure, severity, step, lean)
    expected = [law.probability(Evidence(*seen), turn, side) for turn, seen in enumerate(zip(*counts, strict=True), 1)]
    found = probabilities(law, Surroundings(*[np.array(row) for row in counts], side))
    assert found.tolist() == pytest.approx(expected)


@given(seed=st.integers(0, 50), persistence=st.sampled_from([0.0, 0.3, 0.9, 1.0]), rate=st.floats(0, 1))
def test_a_walk_makes_the_choices_of_the_law_on_equal_dice(seed, persistence, rate):
    law = Law(0.5, persistence=persistence)
    dice = [Dice(seed, "sim/drifter", f"s{k}") for k in range(12)]
    former = ()
    for of_step in dice:
        former = (*former, law.breaks(rate, former, of_step))
    choice, repeat = (np.array([[[of.uniform(name) for of in dice]]]) for name in ("choice", "persistence"))
    assert tuple(walk(np.array(rate), persistence, Throws(choice, repeat))[0, 0]) == former


def test_the_drifter_drifts_only_where_breaking_serves_its_value():
    ascending = np.arange(1, 13, dtype=float)
    severity, nothing = np.ceil(ascending / 2), np.zeros(12)
    seen = [Surroundings(ascending, severity, nothing, nothing, side) for side in (1, -1)]
    leaning, other = simulate_law(
        PRESETS["sim/drifter"], seen, StudySize(400, 20, 12), np.random.default_rng(1), shares_dice=True
    )
    assert leaning.shape == (400, 20, 12)
    assert leaning.mean(axis=(0, 1))[[0, 11]] == pytest.approx([0.09, 0.82], abs=0.01)
    assert other.mean() < 0.1


@pytest.mark.parametrize("cell", [PlainCell(0.2), PlainCell(0.2, 0.5), PlainCell(0.2, 1.0), PlainCell(0.2, 0.0, 0.3)])
def test_plain_cells_keep_their_rate_at_every_step(cell):
    (broken,) = simulate_rates([cell], StudySize(2000, 20, 6), np.random.default_rng(2))
    assert broken.mean(axis=(0, 1)).tolist() == pytest.approx([0.2] * 6, abs=0.01)


def test_full_persistence_breaks_all_or_nothing_and_own_rates_correlate_steps():
    size, random = StudySize(500, 20, 12), np.random.default_rng(3)
    whole, own = simulate_rates([PlainCell(0.1, 1.0), PlainCell(0.3, 0.0, 0.4)], size, random)
    assert set(whole.sum(axis=-1).ravel().tolist()) == {0, 12}
    assert np.corrcoef(own[..., 0].ravel(), own[..., 11].ravel())[0, 1] == pytest.approx(0.4, abs=0.03)


def test_shared_dice_make_equal_cells_equal_and_own_dice_do_not():
    size, seen = StudySize(5, 4, 12), [unpressed(12), unpressed(12)]
    law = Law(0.4)
    one, other = simulate_law(law, seen, size, np.random.default_rng(4), shares_dice=True)
    assert np.array_equal(one, other)
    one, other = simulate_law(law, seen, size, np.random.default_rng(4), shares_dice=False)
    assert not np.array_equal(one, other)
