"""Which combinations of levels there are: all, a sample, or enough that every two levels meet."""

from itertools import combinations, product

import pytest
import small_study as small
from hypothesis import given
from hypothesis import strategies as st

from driftlang.cells import design
from driftlang.cells.design import choose
from driftlang.model.forms import AllOf, AnyOf, Design, Factor, IsLevel, Level, NotSo


def _factors(*sizes):
    return [
        Factor(f"f{number}", tuple(Level(f"l{level}", (), small.SPAN) for level in range(size)), small.SPAN)
        for number, size in enumerate(sizes)
    ]


SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


def test_without_factors_there_is_one_combination():
    assert choose([], Design()) == ({},)


@given(SIZES)
def test_a_full_design_has_every_combination_once_in_order(sizes):
    rows = [tuple(row.values()) for row in choose(_factors(*sizes), Design())]
    assert rows == list(product(*([f"l{level}" for level in range(size)] for size in sizes)))


@given(SIZES, st.integers(1, 30), st.integers(0, 5))
def test_a_sample_is_a_part_of_the_full_design_of_its_size(sizes, size, seed):
    factors = _factors(*sizes)
    full, sample = choose(factors, Design()), choose(factors, Design("sample", size, seed))
    assert len(sample) == min(size, len(full))
    assert [row for row in full if row in sample] == list(sample)


def test_a_sample_of_a_huge_product_needs_not_make_it():
    rows = choose(_factors(*[10] * 9), Design("sample", 40, 7))
    assert len({tuple(row.items()) for row in rows}) == 40


def test_another_seed_draws_another_sample():
    factors = _factors(4, 4, 4)
    assert choose(factors, Design("sample", 10, 1)) != choose(factors, Design("sample", 10, 2))


@given(SIZES)
def test_in_a_pairwise_design_every_two_levels_meet(sizes):
    factors = _factors(*sizes)
    rows = choose(factors, Design("pairwise"))
    for one, other in combinations(factors, 2):
        met = {(row[one.name], row[other.name]) for row in rows}
        assert met == set(product((a.name for a in one.levels), (b.name for b in other.levels)))


def test_a_pairwise_design_of_6561_combinations_has_a_few_of_them():
    assert len(choose(_factors(*[3] * 8), Design("pairwise"))) < 25


EXCLUSIONS = {
    "level": (IsLevel("f0", "l0"), lambda row: row["f0"] == "l0"),
    "not": (NotSo(IsLevel("f0", "l0")), lambda row: row["f0"] != "l0"),
    "and": (
        AllOf((IsLevel("f0", "l0"), IsLevel("f1", "l1"))),
        lambda row: row["f0"] == "l0" and row["f1"] == "l1",
    ),
    "or": (AnyOf((IsLevel("f0", "l0"), IsLevel("f1", "l1"))), lambda row: row["f0"] == "l0" or row["f1"] == "l1"),
}


@pytest.mark.parametrize("kind", ["full", "sample", "pairwise"])
@pytest.mark.parametrize("name", EXCLUSIONS)
def test_what_is_excluded_is_in_no_design(kind, name):
    exclusion, holds = EXCLUSIONS[name]
    rows = choose(_factors(3, 3, 2), Design(kind, 18 if kind == "sample" else 0, 1, (exclusion,)))
    assert rows
    assert [row for row in rows if holds(row)] == []


def test_a_pairwise_design_has_every_pair_that_is_not_excluded():
    exclusion = AllOf((IsLevel("f0", "l0"), IsLevel("f1", "l1")))
    rows = choose(_factors(3, 3, 2), Design("pairwise", exclude=(exclusion,)))
    assert len({(row["f0"], row["f1"]) for row in rows}) == 8


@pytest.mark.parametrize("kind", ["sample", "pairwise"])
def test_a_search_among_combinations_that_are_all_excluded_has_an_end(kind, monkeypatch):
    monkeypatch.setattr(design, "_MOST_DRAWS", 50)
    monkeypatch.setattr(design, "_MOST_TRIES", 50)
    factors = _factors(*[3] * 40)
    everything = AnyOf(tuple(IsLevel("f39", f"l{level}") for level in range(3)))
    assert choose(factors, Design(kind, 20, 1, (everything,))) == ()


def test_the_combinations_of_a_design_are_made_once():
    factors = _factors(3, 3)
    assert choose(factors, Design("pairwise")) is choose(list(factors), Design("pairwise"))
