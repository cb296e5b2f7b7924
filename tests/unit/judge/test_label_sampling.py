"""Which steps people are asked about."""

from collections import Counter

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Candidate
from driftlang.judge.labelling.sampling import draw


def candidates(cells=4, runs=10, steps=12, broken=0.2):
    """Steps of which the first ones of each run are broken."""
    return [
        Candidate(
            StepKey(f"{cell:04d}{run:012d}", "", step),
            f"cell {cell}",
            "broken" if step <= broken * steps else "kept",
        )
        for cell in range(cells)
        for run in range(runs)
        for step in range(1, steps + 1)
    ]


def per_stratum(sample):
    return Counter(sample.strata[place] for place in sample.drawn)


def test_equal_seeds_draw_equal_samples_whatever_the_order_of_the_steps():
    assert draw(candidates(), 100, 1) == draw(candidates()[::-1], 100, 1)


def test_another_seed_draws_others():
    assert set(draw(candidates(), 100, 1).drawn) != set(draw(candidates(), 100, 2).drawn)


def test_the_sample_has_its_size_and_no_step_twice():
    drawn = draw(candidates(), 100, 1).drawn
    assert (len(drawn), len(set(drawn))) == (100, 100)


def test_a_larger_sample_keeps_what_a_smaller_one_drew():
    assert set(draw(candidates(), 60, 1).drawn) < set(draw(candidates(), 120, 1).drawn)


def test_small_strata_give_more_than_their_share_and_large_ones_most():
    found = per_stratum(draw(candidates(), 100, 1))
    rare, common = found["cell 0 | broken"], found["cell 0 | kept"]
    assert rare < common < 5 * rare  # of 20 and 100 steps


def test_every_stratum_gives_two_steps_where_it_has_them():
    lone = [*candidates(), Candidate(StepKey("f" * 16, "", 1), "cell 0", "asked")]
    found = per_stratum(draw(lone, 30, 1))
    assert found.pop("cell 0 | neither") == 1
    assert min(found.values()) >= 2


def test_the_beginning_of_the_order_is_a_sample_of_all_strata():
    sample = draw(candidates(), 120, 1)
    began = Counter(sample.strata[place] for place in sample.drawn[:40])
    whole = per_stratum(sample)
    assert all(abs(began[name] - whole[name] / 3) <= 2 for name in whole)


def test_more_strata_than_the_sample_allows_for_are_made_coarser():
    sample = draw(candidates(cells=30), 70, 1)
    assert sample.detail == "whether patterns and judge say broken"
    assert len(sample.drawn) == 70


def test_a_judges_word_parts_the_strata():
    said = [Candidate(one.place, one.cell, one.outcome, "kept") for one in candidates()]
    assert "cell 0 | broken | kept" in draw(said, 100, 1).strata.values()


def test_fewer_steps_than_asked_for_are_all_drawn():
    assert len(draw(candidates(cells=1, runs=2), 100, 1).drawn) == 24


def test_every_step_is_as_likely_as_every_other_of_its_stratum():
    """400 draws: how often each of a stratum's 100 steps came up is what a binomial law allows."""
    times = Counter()
    for seed in range(400):
        sample = draw(candidates(cells=1), 40, seed)
        times.update(place for place in sample.drawn if sample.strata[place].endswith("kept"))
    chance = sum(times.values()) / 400 / 100
    spread = (400 * chance * (1 - chance)) ** 0.5
    assert len(times) == 100
    assert all(abs(count - 400 * chance) < 4.5 * spread for count in times.values())


def test_nothing_to_draw_from_is_said():
    with pytest.raises(Failure, match="no step to label"):
        draw([], 100, 1)
