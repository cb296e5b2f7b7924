"""`driftlang judge run`: its defaults, what it refuses, and how it ends."""

import json

import pytest
from judged_runs import run_with_rubric

from driftlang.cli import group, status_of
from driftlang.diagnostics.failure import ExitStatus


@pytest.fixture
def run(tmp_path):
    return run_with_rubric(tmp_path / "run")


@pytest.fixture
def call(capsys):
    """Calls `driftlang judge run`: exit status, standard output, standard error."""

    def judge(*arguments):
        words = ["judge", "run", *map(str, arguments)]
        status = status_of(lambda: group.main(words, prog_name="driftlang", standalone_mode=False))
        said = capsys.readouterr()
        return status, said.out, said.err

    return judge


def _declare(run, judge, votes):
    plan = run / "plan" / "plan.toml"
    text = plan.read_text("utf-8")
    text = text.replace('judge = ""', f'judge = "{judge}"').replace("judge_votes = 0", f"judge_votes = {votes}")
    plan.write_text(text, encoding="utf-8")


def test_a_judge_that_is_named_votes_on_every_step(run, call):
    status, said, _ = call(run, "--judge", "sim/judge sensitivity 1 specificity 1", "--quiet")
    assert status == ExitStatus.OK
    assert said.splitlines() == ["8 votes on 8 steps, 8 asked for now", "labels: 4 broken, 4 kept"]


def test_without_a_name_the_judge_that_the_study_declares_votes_as_often_as_it_says(run, call):
    _declare(run, "sim/judge", 3)
    status, said, _ = call(run, "--json", "--quiet")
    told = json.loads(said)
    assert (status, told["judges"], told["votes_each"], told["votes"]) == (0, ["sim/judge"], 3, 24)


def test_labels_are_told_of_the_judges_that_were_named_alone(run, call):
    call(run, "--judge", "sim/judge sensitivity 0 specificity 0", "--quiet")
    _, said, _ = call(run, "--judge", "sim/judge sensitivity 1 specificity 1", "--json", "--quiet")
    assert json.loads(said)["labels"] == {"broken": 4, "kept": 4}


def test_that_one_family_judged_is_said(run, call):
    _, _, complained = call(run, "--judge", "sim/judge", "--quiet")
    assert "one family of models judged" in complained


def test_how_far_votes_agree_is_said(run, call):
    judge = "sim/judge persistence 0"
    _, said, _ = call(run, "--judge", judge, "--votes", 2, "--json", "--quiet")
    assert 0 < json.loads(said)["agreement"] <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "declares no judge"),
        (("--judge", "gpt-5"), "is no judge"),
        (("--judge", "nobody/model"), "no provider of `nobody/model`"),
        (("--judge", "sim/judge", "--all", "--sample", "3"), "all steps are no sample"),
        (("--judge", "sim/judge", "--budget", "much"), "no amount of dollars"),
        (("--judge", "lmstudio/drifter", "--judge", "sim/juge"), "there is no simulated judge"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(run, call, arguments, message):
    status, _, complained = call(run, *arguments)
    assert (status, message in complained) == (ExitStatus.MISUSE, True), complained


def test_a_judge_without_its_key_is_refused(run, call, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    _declare(run, "google/gemini-3-flash", 3)
    status, _, complained = call(run)
    assert (status, "GEMINI_API_KEY" in complained) == (ExitStatus.MISUSE, True)


def test_a_judge_whose_price_is_not_known_is_refused_under_a_budget(run, call, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "k")
    status, _, complained = call(run, "--judge", "google/gemini-3-flash", "--budget", "1")
    assert (status, "the price of `google/gemini-3-flash` is not known" in complained) == (ExitStatus.MISUSE, True)


def test_a_folder_that_holds_no_run_is_refused(tmp_path, call):
    status, _, complained = call(tmp_path, "--judge", "sim/judge")
    assert (status, "error:" in complained) == (ExitStatus.MISUSE, True)


def test_what_a_judging_would_take_is_told_without_asking_anybody(run, call):
    (run / "prices.toml").write_text('["google/gemini-3-flash"]\ninput = 0.5\noutput = 3\n', "utf-8")
    options = ("--judge", "google/gemini-3-flash", "--votes", 3, "--prices", run / "prices.toml", "--dry-run", "--json")
    status, said, _ = call(run, *options)
    told = json.loads(said)
    assert (status, told["steps"], told["votes"], told["questions"]) == (0, 8, 24, 6)
    assert 0 < float(told["dollars"][0]) < float(told["dollars"][1]) < 0.1
    assert not (run / "judge" / "votes.sqlite3").exists()


def test_what_is_answered_is_no_part_of_what_a_judging_would_take(run, call):
    call(run, "--judge", "sim/judge", "--sample", 3, "--quiet")
    _, said, _ = call(run, "--judge", "sim/judge", "--dry-run", "--json")
    assert json.loads(said)["questions"] == 5
