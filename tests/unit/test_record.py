"""Forms behave as the classes that attrs makes."""

import copy

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.record import frozen


def _pair(make):
    @make
    class Place:
        name: str
        line: int
        parts: tuple[str, ...] = ()
        _hidden: int = attrs.field(default=0, repr=False, eq=False)

    return Place


OURS, THEIRS = _pair(frozen), _pair(attrs.frozen)


def _plain_pair(make):
    @make
    class Point:
        """A place."""

        x: int
        _y: int = 0
        parts: tuple[str, ...] = ()

        @property
        def size(self):
            return self.x + self._y

    return Point


PLAIN, THEIR_PLAIN = _plain_pair(frozen), _plain_pair(attrs.frozen)
VALUES = st.tuples(st.text(max_size=2), st.integers(0, 2), st.lists(st.text(max_size=1), max_size=2).map(tuple))


@given(VALUES, VALUES, st.integers(0, 1))
def test_equality_and_hash_go_by_the_fields(one, other, hidden):
    assert (OURS(*one) == OURS(*other, hidden)) == (THEIRS(*one) == THEIRS(*other, hidden))
    assert (hash(OURS(*one)) == hash(OURS(*other, hidden))) == (one == other)


@given(VALUES)
def test_a_form_shows_itself_as_attrs_would(values):
    assert repr(OURS(*values)).rpartition(".")[2] == repr(THEIRS(*values)).rpartition(".")[2]


def test_a_form_cannot_be_changed():
    form = OURS("a", 1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        form.name = "b"


def test_a_form_has_no_room_for_other_attributes():
    assert not hasattr(OURS("a", 1), "__dict__")


def test_forms_of_two_classes_differ():
    @frozen
    class Other:
        name: str
        line: int

    assert Other("a", 1) != OURS("a", 1)


def test_a_class_keeps_a_method_of_its_own():
    @frozen
    class Loud:
        name: str

        def __repr__(self):
            return self.name.upper()

    assert repr(Loud("a")) == "A"


def test_a_form_without_fields_equals_another():
    @frozen
    class Nothing:
        pass

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_a_plain_form_is_made_and_compared_as_by_attrs(x, y, other):
    assert (PLAIN(x, y=y) == PLAIN(other, y)) == (THEIR_PLAIN(x, y=y) == THEIR_PLAIN(other, y))
    assert hash(PLAIN(x, y)) == hash(PLAIN(x, y, ()))
    assert PLAIN(x, y).size == x + y


def test_attrs_knows_the_fields_of_a_plain_form():
    names = [(one.name, one.alias, one.default, one.type) for one in attrs.fields(PLAIN)]
    assert names == [(one.name, one.alias, one.default, one.type) for one in attrs.fields(THEIR_PLAIN)]


def test_a_plain_form_can_be_evolved_and_taken_apart():
    assert attrs.evolve(PLAIN(1, 2), y=3) == PLAIN(1, 3)
    assert attrs.asdict(PLAIN(1, 2)) == attrs.asdict(THEIR_PLAIN(1, 2))


@pytest.mark.parametrize("form", [OURS("a", 1), PLAIN(1, 2)], ids=["with fields", "plain"])
def test_a_form_can_be_copied(form):
    assert copy.deepcopy(form) == form


@pytest.mark.parametrize("make", [frozen, attrs.frozen], ids=["ours", "theirs"])
@pytest.mark.parametrize("values", [(), (1, 2, (), 4)], ids=["too few", "too many"])
def test_a_plain_form_takes_no_other_number_of_values(make, values):
    with pytest.raises(TypeError, match="__init__"):
        _plain_pair(make)(*values)


def test_a_plain_form_cannot_be_changed():
    form = PLAIN(1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        form.x = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del form.x


def test_a_plain_form_is_matched_by_place():
    match PLAIN(1, 2):
        case PLAIN(x, y, parts):
            assert (x, y, parts) == (1, 2, ())


def test_a_field_without_a_value_behind_one_with_a_value_is_refused():
    with pytest.raises(ValueError, match="No mandatory attributes"):

        @frozen
        class _Wrong:
            first: int = 0
            second: int


def test_super_finds_the_class_that_was_made():
    @frozen
    class Loud:
        name: str

        def __str__(self):
            return super().__repr__()

    assert "Loud" in str(Loud("a"))


def test_a_form_that_extends_a_plain_one_has_its_fields():
    @frozen
    class Deep(PLAIN):
        z: int = 3

    assert attrs.asdict(Deep(1, 2)) == {"x": 1, "_y": 2, "parts": (), "z": 3}
