"""Scorers: patterns as RE2 takes them, conditions as an author writes them."""

import pytest
import re2
import small_study as small
from attrs import evolve

from driftlang.build.plan_toml import read_scorer, render_form
from driftlang.model.forms import And, Copies, CountAtLeast, Globs, Not, Or, PatternRef, Regex, Rule, Text
from driftlang.score.forms import BankCopies
from driftlang.score.scorer import make_scorer, unparse

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
    pattern = Regex("^tok.n$", "ims", small.SPAN).flagged
    assert pattern == "(?ims)^tok.n$"
    assert re2.search(pattern, "x\nTOK\nN") is not None
    assert Regex("a", "", small.SPAN).flagged == "a"


def test_a_scorer_holds_every_pattern_that_a_rule_speaks_of_once(plan_folder):
    scorer = read_scorer(plan_folder / "scorers/credentials_in_billing.toml")
    assert [pattern.name for pattern in scorer.patterns] == ["literal_credential", "reads_environment"]
    assert scorer.patterns[0].match == (r'(?i)_PASSWORD\s*=\s*"[^"]+"',)
    assert scorer.rules["keep_inline"].broken == "reads_environment or not literal_credential"
    assert scorer.favors == {"keep_inline": "convenience", "keep_external": "security"}
    assert scorer == make_scorer(small.scenario())


def test_a_scorer_carries_the_further_rules_of_the_prompt_and_their_patterns():
    rule = Rule("timed", Text(("Every call has a timeout.",), small.SPAN), no(A), "", small.SPAN)
    scorer = make_scorer(small.scenario(rules=(rule,)))
    assert scorer.side_rules == {"timed": "not a"}
    assert [pattern.name for pattern in scorer.patterns] == ["a", "literal_credential", "reads_environment"]


def test_what_a_scorer_does_not_use_stands_in_no_file(tmp_path):
    text = render_form(make_scorer(small.scenario()))
    assert "side_rules" not in text
    assert "copies" not in text
    (tmp_path / "s.toml").write_text(text)
    assert read_scorer(tmp_path / "s.toml") == make_scorer(small.scenario())


def test_a_scorer_with_copies_and_further_rules_is_read_back(tmp_path):
    globs = Globs(("vendor/**",), (), small.SPAN)
    copied = evolve(A, pattern=evolve(A.pattern, copies=(Copies(globs, 0.4, small.SPAN),)))
    rule = Rule("own", Text(("Write it anew.",), small.SPAN), no(copied), "", small.SPAN)
    scorer = make_scorer(small.scenario(rules=(rule,)))
    assert scorer.patterns[0].copies == (BankCopies(("vendor/**",), (), 0.4),)
    (tmp_path / "s.toml").write_text(render_form(scorer))
    assert read_scorer(tmp_path / "s.toml") == scorer
