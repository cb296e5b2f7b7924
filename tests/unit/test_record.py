"""Forms behave as the classes that attrs makes."""

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
