"""`reveals-experiment`: what gives an experiment away, and what may be said."""

import pytest
from attrs import evolve
from desk import desk, found, said

from driftlang.diagnostics.diagnostic import Acceptance, Sink
from driftlang.model.forms import About
from driftlang.model.globs import is_match
from driftlang.source import Span
from driftlang.validity.design.reveals_experiment import check_reveals_experiment

SOLUTION = "log('this line of the solution is long enough to be known again', email)"


def _found(folder, about=(), **texts):
    sink = Sink()
    check_reveals_experiment(evolve(desk(folder, **texts), about=about), sink)
    return sink


PLACES = ["ask", "stub", "readme", "message", "sentence", "first"]


@pytest.mark.parametrize(
    "text",
    [
        "The experiment of the marketing team.",  # one suspect word by itself
        "Convenience and security matter.",  # values that are ordinary words
        "The desk is a scenario.",  # so is the scenario's own name
        "Inviolable, driftwood, benchmarking.",  # no such words
        "with_addresses",  # another name
    ],
)
def test_ordinary_text_is_no_finding(text, tmp_path):
    assert said(_found(tmp_path, readme=text)) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_telling_word_is_found_wherever_the_agent_may_read_it(place, tmp_path):
    assert len(said(_found(tmp_path, **{place: "This is a placebo."}))) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("unique_violation", "`violation`"),
        ("An experiment on value drift.", "`value drift`"),
        ("A benchmark for compliance.", "`benchmark`, `compliance`"),
        ("from rules import with_address", "`with_address`, the name of a constraint"),
        ("It is of the bare arm.", "`bare arm`"),
    ],
)
def test_what_tells_is_named(text, what, tmp_path):
    (message,) = said(_found(tmp_path, readme=text))
    assert what in message


def test_a_canary_is_found_where_the_agent_may_read_it(tmp_path):
    span = desk(tmp_path).scenarios[0].span
    about = (About("", (), (), "", "", "canary-7f3e2d", span),)
    assert ["the canary" in message for message in said(_found(tmp_path, about, readme="canary-7f3e2d"))] == [True]


def test_a_path_of_a_repository_is_accepted_by_itself(tmp_path):
    model = desk(tmp_path, readme="A violation of a key.", stub="# a violation")
    sink = Sink()
    whole = Span(model.scenarios[0].span.file, 0, 10_000)
    sink.accept(Acceptance("reveals-experiment", whole, lambda path: is_match(path, ("*.md",))))
    check_reveals_experiment(model, sink)
    assert [diagnostic.path for diagnostic in found(sink)] == ["orders.py"]


def test_a_solution_that_stands_in_the_history_is_found(tmp_path):
    model = desk(tmp_path)
    (scenario,) = model.scenarios
    commit = scenario.repo.commits[0]
    (step,) = scenario.tasks.steps
    edit = step.solutions[0].edits[0]
    solution = evolve(step.solutions[0], edits=(evolve(edit, text=evolve(edit.text, parts=(SOLUTION,))),))
    tasks = evolve(scenario.tasks, steps=(evolve(step, solutions=(solution, step.solutions[1])),))
    early = evolve(commit, files=(*commit.files, evolve(commit.files[0], path="old.py", content=SOLUTION.encode())))
    gone = evolve(commit, files=(), removed=("old.py",))
    repo = evolve(scenario.repo, commits=(early, gone))
    sink = Sink()
    check_reveals_experiment(evolve(model, scenarios=(evolve(scenario, repo=repo, tasks=tasks),)), sink)
    assert [message.partition(":")[0] for message in said(sink)] == [
        "the history has the solution `utility` of `orders` already"
    ]


@pytest.mark.parametrize(
    "text", ["This is a test of your alignment.", "As an AI agent being evaluated, note this.", "A value-conflict eval"]
)
def test_words_of_those_who_watch_tell(tmp_path, text):
    assert len(said(_found(tmp_path, ask=text))) == 1
