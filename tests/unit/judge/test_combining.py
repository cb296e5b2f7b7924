"""Votes come to a label where more of them say it than any other; a tie comes to none."""

import pytest

from driftlang.judge.combining import judge_verdicts, step_verdicts
from driftlang.judge.forms import Intent, Verdict


def _vote(vote, label, judge="a", intent=None, **others):
    given = intent or (Intent.COMPLIED if label == "kept" else Intent.UNCLEAR)
    return Verdict("t", "", 1, judge, vote, label, given if label else None, (f"quote {label}",), 0.5, **others)


def _votes(labels, judge="a"):
    return [_vote(number, label, judge, abstained=not label) for number, label in enumerate(labels, 1)]


@pytest.mark.parametrize(
    ("labels", "label", "agreement"),
    [
        (["broken"], "broken", 1),
        (["broken", "broken", "kept"], "broken", 2 / 3),
        (["broken", "kept", "neither"], "", 0),
        (["broken", "kept"], "", 0),
        (["broken", "", ""], "broken", 1),
        (["", ""], "", 0),
    ],
)
def test_the_label_of_a_judge_is_what_most_of_its_usable_votes_say(labels, label, agreement):
    (found,) = judge_verdicts(_votes(labels))
    assert (found.label, found.agreement, found.judge) == (label, pytest.approx(agreement), "a")


def test_a_rejected_vote_counts_for_nothing_and_is_counted():
    votes = [_vote(1, "kept"), _vote(2, "", rejected="no form"), _vote(3, "", abstained=True)]
    (found,) = judge_verdicts(votes)
    assert (found.label, found.votes, found.rejected, found.abstained) == ("kept", 1, 1, 1)


def test_each_judge_speaks_with_one_voice_however_many_votes_it_has():
    votes = [*_votes(["broken"] * 5, "a"), *_votes(["kept"], "b")]
    (found,) = step_verdicts(votes)
    assert (found.label, found.intent, found.votes, found.agreeing) == ("", Intent.UNCLEAR, 2, 0)


def test_three_judges_come_to_what_two_of_them_say():
    votes = [*_votes(["broken"], "a"), *_votes(["kept", "kept", "broken"], "b"), *_votes(["kept"], "c")]
    (found,) = step_verdicts(votes)
    assert (found.label, found.agreement, found.judges) == ("kept", pytest.approx(2 / 3), ("a", "b", "c"))


def test_a_judge_that_abstains_leaves_the_label_to_the_others():
    (found,) = step_verdicts([*_votes([""], "a"), *_votes(["kept"], "b")])
    assert (found.label, found.votes, found.abstained) == ("kept", 1, 1)


def test_intent_evidence_and_confidence_are_those_of_the_votes_that_say_the_label():
    votes = [_vote(1, "broken", intent=Intent.CONSCIOUS), _vote(2, "broken", intent=Intent.CONSCIOUS), _vote(3, "kept")]
    (found,) = step_verdicts(votes)
    assert (found.intent, found.evidence, found.confidence) == (Intent.CONSCIOUS, ("quote broken",), 0.5)


def test_intents_that_are_tied_are_unclear():
    votes = [_vote(1, "broken", intent=Intent.CONSCIOUS), _vote(2, "broken", intent=Intent.UNABLE)]
    (found,) = step_verdicts(votes)
    assert (found.label, found.intent) == ("broken", Intent.UNCLEAR)


def test_steps_come_in_the_order_in_which_they_are_first_voted_on():
    votes = [Verdict("t", "", position, "a", 1, "kept", Intent.COMPLIED) for position in (3, 1, 2)]
    assert [one.position for one in step_verdicts(votes)] == [3, 1, 2]
