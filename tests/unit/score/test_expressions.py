"""Rule expressions are read, rendered and decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.diagnostics.failure import Failure
from driftlang.score.expression import (
    Conjunction,
    Counted,
    Disjunction,
    Named,
    Negation,
    evaluate,
    names,
    parse,
    render,
)

NAMES = st.sampled_from(["a", "b", "reads_environment", "orders", "nothing", "counted"])
LEAVES = st.one_of(NAMES.map(Named), st.builds(Counted, NAMES, st.integers(0, 9)))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Negation),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Conjunction(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Disjunction(tuple(parts))),
    ),
    max_leaves=12,
)


@given(tree=TREES)
def test_parse_reads_back_what_render_writes(tree):
    assert parse(render(tree)) == tree


@given(tree=TREES, counts=st.dictionaries(NAMES, st.integers(0, 4)))
def test_negation_turns_every_verdict_over(tree, counts):
    assert evaluate(Negation(tree), counts, {}) is not evaluate(tree, counts, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and not a", Disjunction((Named("a"), Conjunction((Named("b"), Negation(Named("a"))))))),
        ("(a or b) and a", Conjunction((Disjunction((Named("a"), Named("b"))), Named("a")))),
        ("count( a )>=2", Counted("a", 2)),
        ("not not a", Negation(Negation(Named("a")))),
    ],
)
def test_precedence(text, expected):
    assert parse(text) == expected


def test_a_bare_name_asks_for_the_patterns_own_number_of_units():
    assert [evaluate(Named("a"), {"a": n}, {"a": 2}) for n in (1, 2)] == [False, True]


def test_names_come_once_and_in_order():
    assert names(parse("b and (a or not b) or count(c) >= 1")) == ("b", "a", "c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the rule `` has the end where a pattern's name was expected"),
        ("a b", "the rule `a b` has `b` where the end was expected"),
        ("a and", "the rule `a and` has the end where a pattern's name was expected"),
        ("(a", "the rule `(a` has the end where `)` was expected"),
        ("count(a) > 2", "the rule `count(a) > 2` has `>` where `>=` was expected"),
        ("count(a) >= b", "the rule `count(a) >= b` has `b` where a number was expected"),
        ("a & b", "the rule `a & b` has `&` where the end was expected"),
        ("not " * 99 + "a", "a rule nests too deeply"),
    ],
)
def test_damage_is_named(text, message):
    with pytest.raises(Failure) as caught:
        parse(text)
    assert caught.value.message == message
