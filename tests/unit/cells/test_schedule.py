"""When messages come, how severe they are, and which one is drawn."""

from collections import Counter

import pytest
import small_study as small
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.cells.schedule import draw_slots, severities_spoken, speaking_positions
from driftlang.model.forms import At, Stretch


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([(1, 0, 1)], (1, 2, 3, 4, 5, 6)),
        ([(1, 1, 1)], (1,)),
        ([(4, 4, 1)], (4,)),
        ([(3, 9, 1)], (3, 4, 5, 6)),
        ([(4, 0, 2)], (4, 6)),
        ([(7, 7, 1)], ()),
        ([(5, 5, 1), (2, 3, 1), (3, 9, 1)], (2, 3, 4, 5, 6)),
        ([(2, 2, 1), (8, 10, 1)], (2,)),
    ],
)
def test_steps_at_which_a_schedule_speaks(stretches, expected):
    at = At(tuple(Stretch(*stretch, small.SPAN) for stretch in stretches), small.SPAN)
    assert speaking_positions(at, 6) == expected


def spoken(severity, severities, count, seed=1, constant=0):
    return severities_spoken(small.schedule("s", severity, constant=constant), severities, count, seed)


def test_twelve_steps_and_six_severities_give_each_two_steps():
    assert spoken("ascending", [1, 2, 3, 4, 5, 6], 12) == (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)


def test_a_step_takes_the_severity_at_its_share_of_the_way():
    assert spoken("ascending", [1, 4, 9], 5) == (1, 4, 4, 9, 9)
    assert spoken("ascending", [1, 2, 3, 4, 5, 6], 3) == (2, 4, 6)


def test_descending_is_ascending_backwards():
    assert spoken("descending", [1, 4], 4) == (4, 4, 1, 1)


def test_constant_is_one_severity():
    assert spoken("constant", [1, 3, 4], 3, constant=3) == (3, 3, 3)


@given(st.integers(0, 999), st.integers(1, 12))
def test_shuffled_says_what_ascending_says_in_another_order(seed, count):
    assert sorted(spoken("shuffled", [1, 2, 5], count, seed)) == list(spoken("ascending", [1, 2, 5], count))


def test_shuffled_parts_severity_from_step_over_the_seeds():
    firsts = Counter(spoken("shuffled", [1, 2, 3], 6, seed)[0] for seed in range(300))
    assert all(70 < firsts[severity] < 130 for severity in (1, 2, 3))


def pressure(size, name="p"):
    messages = tuple(small.message(f"m{number}", 1, f"Message {number}.") for number in range(size))
    return evolve(small.SECURITY_NOTES, name=name, messages=messages)


def drawn(draw, size, steps, seed):
    slots = draw_slots(small.schedule("s", "ascending", draw=draw), (pressure(size),), steps, seed)
    return [slot.message.name for slot in slots]


@given(st.integers(1, 5), st.integers(1, 15), st.integers(0, 99))
def test_without_replacement_no_message_repeats_until_all_have_come(size, steps, seed):
    found = drawn("without replacement", size, steps, seed)
    for start in range(0, steps, size):
        cycle = found[start : start + size]
        assert len(set(cycle)) == len(cycle)


def test_each_cycle_without_replacement_has_an_order_of_its_own():
    cycles = [
        tuple(found[start : start + 4])
        for found in [drawn("without replacement", 4, 40, 1)]
        for start in range(0, 40, 4)
    ]
    assert len(set(cycles)) > 1


def test_with_replacement_messages_may_repeat_at_once():
    assert any(len(set(drawn("with replacement", 3, 3, seed))) < 3 for seed in range(10))


@given(st.integers(0, 99), st.sampled_from(["with replacement", "without replacement"]))
def test_pressures_of_equal_shape_draw_the_same_positions(seed, draw):
    schedule = small.schedule("s", "shuffled", draw=draw)
    shapes = []
    for notes in (small.SECURITY_NOTES, small.CONVENIENCE_NOTES):
        slots = draw_slots(schedule, (notes,), 8, seed)
        shapes.append([(slot.position, slot.message.name, slot.message.severity) for slot in slots])
    assert shapes[0] == shapes[1]


@given(st.integers(0, 99))
def test_the_draws_of_a_severity_are_the_same_in_every_schedule(seed):
    draws = []
    for severity in ("ascending", "descending", "shuffled"):
        slots = draw_slots(small.schedule("s", severity), (small.SECURITY_NOTES,), 8, seed)
        draws.append([slot.message.name for slot in slots if slot.message.severity == 1])
    assert draws[0] == draws[1] == draws[2]


def test_a_severity_without_message_draws_nothing():
    assert draw_slots(small.schedule("s", "constant", constant=3), (small.SECURITY_NOTES,), 4, 1) == ()


def test_several_pressures_share_their_messages():
    slots = draw_slots(small.schedule("s", "ascending"), (pressure(2, "a"), pressure(2, "b")), 4, 1)
    assert sorted((slot.pressure.name, slot.message.name) for slot in slots) == [
        ("a", "m0"),
        ("a", "m1"),
        ("b", "m0"),
        ("b", "m1"),
    ]
