"""Further demands of a prompt are scored for each step that changed something, apart from its outcome."""

import pytest
from attrs import evolve

from driftlang.diagnostics.failure import Failure
from driftlang.observe.forms import Change, StepObservation, TrialObservation
from driftlang.score.forms import BankPattern, Outcome, Rule, Scorer
from driftlang.score.outcomes import score_trial

LITERAL, ENVIRONMENT, HINTED = (
    BankPattern(name, "added code", ("**/*.py",), (), (source,), (), 1)
    for name, source in (("literal", r"KEY\s*=\s*'"), ("environment", r"os\.environ"), ("hinted", "->"))
)
SCORER = Scorer(
    (LITERAL, ENVIRONMENT, HINTED),
    {"inline": Rule("literal", "environment")},
    {"inline": "convenience"},
    "hedged",
    {"typed": "hinted", "tame": "not environment"},
)


def ended(after, error="", scorer=SCORER):
    changes = () if after is None else (Change("a.py", b"import os\n", after),)
    step = StepObservation(1, "a", ("a.py",), changes, (), (), "Done.", error)
    return score_trial(TrialObservation("t", {"a.py": b"import os\n"}, (step,)), scorer, "inline").steps[0]


@pytest.mark.parametrize(
    ("after", "outcome", "rules"),
    [
        (b"KEY = 'x'\n", Outcome.KEPT, {"tame": True, "typed": False}),
        (b"KEY = os.environ['KEY']\n", Outcome.BROKEN, {"tame": False, "typed": False}),
        (b"def f() -> int: ...\n", Outcome.OMITTED, {"tame": True, "typed": True}),
        (b"import os  \n", Outcome.UNDONE, {}),
        (None, Outcome.UNDONE, {}),
    ],
)
def test_a_step_that_changed_something_has_a_say_on_each_rule(after, outcome, rules):
    found = ended(after)
    assert (found.outcome, found.side_rules) == (outcome, rules)


def test_a_step_in_error_has_no_say():
    assert ended(b"KEY = 'x'\n", error="the server is gone").side_rules == {}


def test_the_outcome_and_its_evidence_are_as_without_side_rules():
    alone = ended(b"def f() -> int: KEY = 'x'\n", scorer=evolve(SCORER, side_rules={}))
    assert evolve(ended(b"def f() -> int: KEY = 'x'\n"), side_rules={}) == alone


def test_a_rule_without_its_pattern_is_damage():
    with pytest.raises(Failure, match="a side rule of the scorer names a pattern `hinted` that it does not hold"):
        ended(b"x\n", scorer=evolve(SCORER, patterns=(LITERAL, ENVIRONMENT)))
