"""Orders of steps: balance, and what must come first."""

from collections import Counter
from itertools import pairwise

import small_study as small
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.cells.order import order_steps, williams_row
from driftlang.model.forms import ORDERS


def steps(count, after=()):
    """Steps named by number; `after` holds pairs of (step, what it needs)."""
    blank = small.TASKS.steps[0]
    needs = {number: tuple(str(b) for a, b in after if a == number) for number in range(count)}
    return tuple(evolve(blank, name=str(number), after=needs[number]) for number in range(count))


def names(order, made, run=1, seed=5, study_seed=9):
    return [int(step.name) for step in order_steps(order, made, run=run, run_seed=seed, study_seed=study_seed)]


@given(st.integers(1, 20), st.integers(0, 5))
def test_each_step_stands_once_at_each_position_in_n_runs(size, block):
    rows = [williams_row(size, block * size + row) for row in range(size)]
    assert all(sorted(row) == list(range(size)) for row in rows)
    assert all(sorted(column) == list(range(size)) for column in zip(*rows, strict=True))


@given(st.integers(1, 10).map(lambda half: 2 * half))
def test_for_an_even_number_each_pair_of_neighbours_comes_once_in_n_runs(size):
    found = Counter(pair for row in range(size) for pair in pairwise(williams_row(size, row)))
    assert found == {(a, b): 1 for a in range(size) for b in range(size) if a != b}


@given(st.integers(1, 9).map(lambda half: 2 * half + 1))
def test_for_an_odd_number_each_pair_of_neighbours_comes_twice_in_2n_runs(size):
    found = Counter(pair for row in range(2 * size) for pair in pairwise(williams_row(size, row)))
    assert found == {(a, b): 2 for a in range(size) for b in range(size) if a != b}


def test_a_study_permutes_the_labels_of_its_square():
    first_rows = {tuple(names("latin_square", steps(6), study_seed=seed)) for seed in range(10)}
    assert len(first_rows) > 5


def test_fixed_is_the_order_of_the_source():
    assert names("fixed", steps(5)) == [0, 1, 2, 3, 4]


def test_shuffled_differs_between_seeds_and_not_within_one():
    orders = {tuple(names("shuffled", steps(6), seed=seed)) for seed in range(20)}
    assert len(orders) > 15
    assert names("shuffled", steps(6), seed=3) == names("shuffled", steps(6), run=2, seed=3)


NEEDS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] > pair[1]), max_size=10)


@given(NEEDS, st.permutations(range(8)), st.sampled_from(ORDERS), st.integers(1, 20), st.integers(0, 99))
def test_no_step_comes_before_one_that_it_needs(needs, labels, order, run, seed):
    after = [(labels[a], labels[b]) for a, b in needs]
    found = names(order, steps(8, after), run=run, seed=seed)
    assert sorted(found) == list(range(8))
    assert all(found.index(b) < found.index(a) for a, b in after)


def test_a_square_is_repaired_by_moving_only_the_step_that_stands_too_early():
    free = names("latin_square", steps(6))
    early, late = free[0], free[3]
    assert names("latin_square", steps(6, [(early, late)])) == [*free[1:4], early, *free[4:]]


def test_steps_that_wait_for_each_other_do_not_hang():
    assert sorted(names("shuffled", steps(3, [(0, 1), (1, 0)]))) == [0, 1, 2]
