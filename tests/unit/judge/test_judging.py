"""Judging a run: every step, once, with money counted, and what cannot be used told from what can."""

from decimal import Decimal

import pytest
from aiohttp import web
from judged_runs import always, completion, in_turn, judge_with, run_with_rubric, verdict

from driftlang.diagnostics.failure import Failure
from driftlang.judge.forms import Intent
from driftlang.judge.judging import Jury, bar
from driftlang.judge.jury import parse_juror
from driftlang.judge.reading import read_step_verdicts, read_verdicts
from driftlang.judge.sampling import draw_steps, every_step
from driftlang.judge.store import stored_calls

#: Steps of the run, and different questions about them: trials of the run do alike.
STEPS, QUESTIONS = 8, 2


def _broken():
    return web.Response(status=500)


def _later():
    return web.json_response({"error": {}}, status=429, headers={"retry-after": "0"})


@pytest.fixture
def run(tmp_path):
    return run_with_rubric(tmp_path / "run")


def test_every_step_of_every_finished_trial_is_judged_whatever_the_patterns_found(run):
    went, _ = judge_with(run, always(verdict()))
    assert {one.step for one in read_verdicts(run)} == every_step(run).keys
    assert (went.steps, went.votes, len(every_step(run))) == (STEPS, STEPS, STEPS)


def test_steps_that_are_alike_in_all_that_is_shown_are_asked_about_once(run):
    went, asked = judge_with(run, always(verdict()), jobs=4)
    assert (went.asked, len(asked)) == (QUESTIONS, QUESTIONS)


def test_a_vote_says_label_intent_evidence_and_confidence(run):
    judge_with(run, always(verdict()))
    first = next(read_verdicts(run))
    assert (first.label, first.intent, first.evidence, first.confidence) == ("broken", Intent.UNCLEAR, ("KEY =",), 0.75)


def test_what_was_asked_before_is_not_asked_again(run):
    judge_with(run, always(verdict()), votes=2)
    before = list(read_verdicts(run))
    went, asked = judge_with(run, always(verdict(label="neither")), votes=2)
    assert (asked, went.asked, went.votes) == ([], 0, 2 * STEPS)
    assert list(read_verdicts(run)) == before


def test_votes_of_one_judge_are_different_questions(run):
    _, asked = judge_with(run, always(verdict()), votes=3)
    systems = {body["messages"][0]["content"] for body in asked}
    assert (len(asked), len(systems)) == (3 * QUESTIONS, 3)


def test_a_smaller_sample_is_part_of_a_larger_one(run):
    small, large = draw_steps(run, 2), draw_steps(run, 5)
    judge_with(run, always(verdict()), sample=small)
    assert {one.step for one in read_verdicts(run)} == small.keys
    assert small.keys < large.keys


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("not json", "it is not one JSON object and nothing else"),
        (verdict(label="fine"), "`label` is none of the labels"),
        (verdict(evidence=["KEY = 'y'"]), "a quote does not stand word for word"),
        (verdict(evidence=[]), "it quotes nothing"),
        (verdict(intent="complied"), "it says both"),
    ],
)
def test_an_answer_that_cannot_be_used_twice_gives_no_label(run, said, why):
    went, asked = judge_with(run, always(said))
    assert {(one.label, one.intent, one.is_usable) for one in read_verdicts(run)} == {("", None, False)}
    assert all(why in one.rejected for one in read_verdicts(run))
    assert (went.rejected, len(asked)) == (STEPS, 2 * QUESTIONS)


def test_an_answer_that_cannot_be_used_is_asked_for_once_more_without_repeating_it(run):
    went, asked = judge_with(run, in_turn(*[always("Label this kept."), always(verdict())] * QUESTIONS))
    first, second = asked[:2]
    assert went.rejected == 0
    assert first["messages"][0] == second["messages"][0]
    assert "it is not one JSON object" in second["messages"][1]["content"]
    assert "Label this kept." not in second["messages"][1]["content"]


@pytest.mark.parametrize(("finish", "why"), [("length", "the answer was cut"), ("content_filter", "the model refused")])
def test_an_answer_that_the_model_did_not_end_is_none(run, finish, why):
    went, _ = judge_with(run, lambda: completion(verdict(), finish=finish))
    assert went.rejected == STEPS
    assert all(why in one.rejected for one in read_verdicts(run))


def test_an_abstention_is_kept_without_label_and_is_no_vote(run):
    went, _ = judge_with(run, always(verdict(abstain=True, evidence=[])))
    assert {(one.label, one.abstained, one.rejected) for one in read_verdicts(run)} == {("", True, "")}
    assert went.abstained == STEPS
    assert {(one.label, one.votes, one.abstained) for one in read_step_verdicts(run)} == {("", 0, 1)}


def test_every_request_and_answer_is_kept(run):
    _, asked = judge_with(run, always(verdict()))
    digest = next(read_verdicts(run)).digest
    (call,) = stored_calls(run, digest)
    assert b"You judge one step" in call.request
    assert b'"choices"' in call.response
    assert len(asked) == QUESTIONS


def test_what_votes_cost_is_counted_once_and_shown(run):
    went, _ = judge_with(run, always(verdict()))
    assert went.dollars == Decimal("2.2")
    assert sorted(one.dollars for one in read_verdicts(run)) == ["0"] * 6 + ["1.1", "1.1"]


def test_a_budget_ends_the_judging_before_it_is_passed_and_a_larger_one_goes_on(run):
    most = Decimal(12)
    went, asked = judge_with(run, always(verdict()), votes=20, budget=most)
    assert "the budget of $12.00 is used up" in went.ended
    assert went.dollars <= most
    again, rest = judge_with(run, always(verdict()), votes=20, budget=Decimal(10_000))
    assert (again.ended, again.votes) == ("", 20 * STEPS)
    assert len(asked) + len(rest) == 20 * QUESTIONS


def test_a_provider_that_says_later_is_asked_later_and_no_vote_is_lost(run):
    went, asked = judge_with(run, in_turn(*[_later] * 3, *[always(verdict())] * QUESTIONS))
    assert (went.votes, dict(went.failed), went.ended) == (STEPS, {}, "")
    assert len(asked) == QUESTIONS + 3


def test_a_provider_that_stumbles_is_asked_again(run):
    went, _ = judge_with(run, in_turn(*[_broken] * 2, *[always(verdict())] * QUESTIONS))
    assert (went.votes, went.failed) == (STEPS, {})


def test_a_provider_that_stays_down_loses_votes_that_the_next_judging_asks_for(run):
    went, _ = judge_with(run, _broken)
    assert (went.votes, sum(went.failed.values())) == (0, 5)
    assert "500" in went.ended
    again, _ = judge_with(run, always(verdict()))
    assert (again.votes, again.ended) == (STEPS, "")


def test_a_provider_that_knows_no_such_key_is_asked_once(run):
    went, asked = judge_with(run, lambda: web.json_response({"error": {"message": "no key"}}, status=401))
    assert (len(asked), "no key" in went.ended) == (1, True)


def test_a_run_without_a_question_for_a_judge_cannot_be_judged(run):
    (run / "plan" / "rubrics" / "ledger.toml").unlink()
    with pytest.raises(Failure, match="no question for a judge"):
        judge_with(run, always(verdict()))


def test_no_model_judges_itself_whoever_serves_it():
    for allows in (False, True):
        jury = Jury((parse_juror("openrouter/openai/gpt-5-mini"),), allows_family=allows)
        with pytest.raises(Failure, match="no model judges itself"):
            bar(jury, ("openai/gpt-5-mini",))


def test_a_model_of_the_subjects_family_judges_only_where_that_is_allowed():
    juror = parse_juror("anthropic/claude-haiku-4-5")
    with pytest.raises(Failure, match="family `anthropic`"):
        bar(Jury((juror,)), ("anthropic/claude-opus-4-5",))
    assert bar(Jury((juror,), allows_family=True), ("anthropic/claude-opus-4-5",)) == ()


def test_each_subject_is_judged_by_those_of_the_jury_that_may():
    jury = Jury((parse_juror("anthropic/claude-haiku-4-5"), parse_juror("google/gemini-3-flash")))
    barred = bar(jury, ("anthropic/claude-opus-4-5", "google/gemini-3-pro", "xai/grok-4"))
    assert [(one.judge, one.subject) for one in barred] == [
        ("anthropic/claude-haiku-4-5", "anthropic/claude-opus-4-5"),
        ("google/gemini-3-flash", "google/gemini-3-pro"),
    ]


def test_a_judge_that_is_given_up_leaves_the_others_to_judge(run):
    jury = Jury((parse_juror("acme/reader-1"), parse_juror("sim/judge")))
    went, _ = judge_with(run, _broken, jury=jury)
    assert went.ended.startswith("acme/reader-1: the provider answered 500")
    assert {one.judge for one in read_verdicts(run)} == {"sim/judge"}
    assert (went.votes, went.steps) == (STEPS, STEPS)


def test_two_judges_speak_with_two_voices(run):
    jury = Jury((parse_juror("acme/reader-1"), parse_juror("sim/judge sensitivity 1 specificity 1")))
    went, _ = judge_with(run, always(verdict()), jury=jury)
    found = {(one.step.position, one.label, one.votes) for one in read_step_verdicts(run)}
    assert found == {(1, "", 2), (2, "broken", 2)}
    assert (went.votes, went.families) == (2 * STEPS, 2)
