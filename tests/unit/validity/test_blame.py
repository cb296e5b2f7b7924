"""Patterns are to blame for a condition that is not as it should be, and for no other."""

from hypothesis import given
from hypothesis import strategies as st

from driftlang.model.forms import And, CountAtLeast, Globs, Not, Or, Pattern, PatternRef
from driftlang.source import Span
from driftlang.validity.proof.blame import blame, holds

_NAMES = ("a", "b", "c")


def _pattern(name: str, at_least: int = 1) -> Pattern:
    span = Span(0, _NAMES.index(name), _NAMES.index(name) + 1)
    return Pattern(name, "reply", Globs((), (), span), (), (), at_least, (), (), "", span)


_SPAN = Span(0, 0, 0)
_leaves = st.one_of(
    st.sampled_from(_NAMES).map(lambda name: PatternRef(_pattern(name), _SPAN)),
    st.builds(
        lambda name, number: CountAtLeast(_pattern(name), number, _SPAN), st.sampled_from(_NAMES), st.integers(1, 3)
    ),
)
_conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: Not(one, _SPAN)),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: And(tuple(some), _SPAN)),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: Or(tuple(some), _SPAN)),
    ),
    max_leaves=8,
)
_hits = st.dictionaries(st.sampled_from(_NAMES), st.integers(0, 4))


@given(_conditions, st.booleans(), _hits)
def test_somebody_is_to_blame_exactly_where_a_condition_is_not_as_it_should_be(condition, should_hold, hits):
    found = blame(condition, should_hold=should_hold, hits=hits)
    is_wrong = holds(condition, hits) is not should_hold
    assert bool(found.noisy or found.missing) is is_wrong


@given(_conditions, st.booleans(), _hits)
def test_noisy_patterns_hit_something(condition, should_hold, hits):
    found = blame(condition, should_hold=should_hold, hits=hits)
    assert [pattern.name for pattern in found.noisy if not hits.get(pattern.name)] == []


def test_an_alternative_that_is_not_needed_is_not_missing():
    either = Or((PatternRef(_pattern("a"), _SPAN), PatternRef(_pattern("b"), _SPAN)), _SPAN)
    both = And((either, PatternRef(_pattern("c"), _SPAN)), _SPAN)
    found = blame(both, should_hold=True, hits={"a": 1})
    assert [pattern.name for pattern in found.missing] == ["c"]
