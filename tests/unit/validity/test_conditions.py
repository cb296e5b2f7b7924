"""Conditions are compared by what they say: held against scoring them under every combination of counts."""

from itertools import product

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from driftlang.model.evidence import And, CountAtLeast, Globs, Not, Or, Pattern, PatternRef, Regex
from driftlang.score.expression import evaluate, parse
from driftlang.score.scorer import unparse
from driftlang.source import Span
from driftlang.validity.conditions import find_difference

SPAN = Span(0, 0, 0)
MOST = 4


def _pattern(name, at_least=1, source=""):
    match = (Regex(source or name, "", SPAN),)
    return Pattern(name, "added code", Globs(("**",), (), SPAN), match, (), at_least, (), (), "", SPAN)


PATTERNS = (_pattern("a"), _pattern("b", 2), _pattern("c"))
AT_LEAST = {pattern.name: pattern.at_least for pattern in PATTERNS}
CONDITIONS = st.recursive(
    st.one_of(
        st.sampled_from(PATTERNS).map(lambda pattern: PatternRef(pattern, SPAN)),
        st.builds(CountAtLeast, st.sampled_from(PATTERNS), st.integers(1, MOST), st.just(SPAN)),
    ),
    lambda inner: st.one_of(
        inner.map(lambda one: Not(one, SPAN)),
        st.lists(inner, min_size=2, max_size=3).map(lambda several: And(tuple(several), SPAN)),
        st.lists(inner, min_size=2, max_size=3).map(lambda several: Or(tuple(several), SPAN)),
    ),
    max_leaves=8,
)


def _scored(condition):
    """What the condition is under every combination of counts."""
    expression = parse(unparse(condition))
    return [
        evaluate(expression, dict(zip(AT_LEAST, counts, strict=True)), AT_LEAST)
        for counts in product(range(MOST + 1), repeat=len(AT_LEAST))
    ]


@given(CONDITIONS, CONDITIONS)
def test_conditions_differ_where_some_step_would_be_scored_differently(first, second):
    assert (find_difference(first, second) is None) == (_scored(first) == _scored(second))


@given(CONDITIONS, CONDITIONS)
def test_a_difference_is_one_that_scoring_shows(first, second):
    difference = find_difference(first, second)
    if difference is not None:
        counts = {one.pattern: one.least for one in difference.hits}
        found = [evaluate(parse(unparse(one)), counts, AT_LEAST) for one in (first, second)]
        assert found == [difference.is_first, not difference.is_first]


@given(CONDITIONS)
def test_what_is_said_otherwise_is_the_same(condition):
    assert find_difference(condition, Not(Not(condition, SPAN), SPAN)) is None
    assert find_difference(condition, Not(condition, SPAN)) is not None


def test_a_pattern_under_another_name_is_the_same_pattern():
    first, again = _pattern("a"), _pattern("again", source="a")
    assert find_difference(PatternRef(first, SPAN), PatternRef(again, SPAN)) is None
    strict = evolve(again, at_least=2)
    assert find_difference(PatternRef(first, SPAN), PatternRef(strict, SPAN)) is not None
    assert find_difference(CountAtLeast(first, 2, SPAN), PatternRef(strict, SPAN)) is None


def test_conditions_over_more_patterns_than_can_be_tried_are_compared_soon():
    patterns = [PatternRef(_pattern(f"p{number}"), SPAN) for number in range(300)]
    every, other = And(tuple(patterns), SPAN), And(tuple(reversed(patterns)), SPAN)
    assert find_difference(every, other) is None
    assert find_difference(every, And(tuple(patterns[1:]), SPAN)) is not None
    assert find_difference(Or(tuple(patterns), SPAN), Or(tuple(patterns[1:]), SPAN)) is not None
