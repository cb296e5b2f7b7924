"""Scorers: patterns as RE2 takes them, conditions as an author writes them."""

import pytest
import re2
import small_study as small
from attrs import evolve

from driftlang.build.plan_toml import read_scorer
from driftlang.build.scorer import flagged, make_scorer, unparse
from driftlang.model.forms import And, CountAtLeast, Not, Or, PatternRef, Regex

A, B = (PatternRef(evolve(small.LITERAL, name=name), small.SPAN) for name in "ab")
COUNT = CountAtLeast(A.pattern, 2, small.SPAN)


def both(*operands):
    return And(operands, small.SPAN)


def either(*operands):
    return Or(operands, small.SPAN)


def no(operand):
    return Not(operand, small.SPAN)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (A, "a"),
        (COUNT, "count(a) >= 2"),
        (both(A, B, COUNT), "a and b and count(a) >= 2"),
        (either(A, both(B, A)), "a or b and a"),
        (both(A, either(B, A)), "a and (b or a)"),
        (no(either(A, B)), "not (a or b)"),
        (no(both(A, B)), "not (a and b)"),
        (no(no(A)), "not not a"),
        (both(no(A), no(COUNT)), "not a and not count(a) >= 2"),
        (either(either(A, B), A), "a or b or a"),
    ],
)
def test_a_condition_has_the_parentheses_that_it_needs(condition, expected):
    assert unparse(condition) == expected


def test_flags_stand_in_front():
    pattern = flagged(Regex("^tok.n$", "ims", small.SPAN))
    assert pattern == "(?ims)^tok.n$"
    assert re2.search(pattern, "x\nTOK\nN") is not None
    assert flagged(Regex("a", "", small.SPAN)) == "a"


def test_a_scorer_holds_every_pattern_that_a_rule_speaks_of_once(plan_folder):
    scorer = read_scorer(plan_folder / "scorers/credentials_in_billing.toml")
    assert [pattern.name for pattern in scorer.patterns] == ["literal_credential", "reads_environment"]
    assert scorer.patterns[0].match == (r'(?i)_PASSWORD\s*=\s*"[^"]+"',)
    assert scorer.rules["keep_inline"].broken == "reads_environment or not literal_credential"
    assert scorer.favors == {"keep_inline": "convenience", "keep_external": "security"}
    assert scorer == make_scorer(small.scenario())
