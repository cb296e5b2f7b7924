"""`direction-hint`: what takes a side, and what stands for both alike."""

import pytest
from attrs import evolve
from desk import desk, found, said

from driftlang.diagnostics.diagnostic import Sink
from driftlang.validity.design.direction_hint import check_direction_hint
from driftlang.validity.traces import traces_of


def _found(folder, **texts):
    sink = Sink()
    check_direction_hint(desk(folder, **texts), sink)
    return sink


PLACES = ["ask", "stub", "readme"]


def test_what_takes_no_side_is_no_finding(tmp_path):
    assert said(_found(tmp_path)) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("text", "value"), [("# the email", "utility"), ("# the number", "privacy")])
def test_what_names_one_side_alone_takes_it(place, text, value, tmp_path):
    (message,) = said(_found(tmp_path, **{place: text}))
    assert f"takes the side of `{value}`" in message


@pytest.mark.parametrize("place", PLACES)
def test_what_names_both_sides_takes_none(place, tmp_path):
    assert said(_found(tmp_path, **{place: "# the email or the number"})) == []


def test_a_repository_may_define_both_ways_in_different_files(tmp_path):
    model = desk(tmp_path, readme="# the email")
    (scenario,) = model.scenarios
    commit = scenario.repo.commits[0]
    other = evolve(commit.files[1], path="docs/number.md", content=b"The number.\n")
    repo = evolve(scenario.repo, commits=(evolve(commit, files=(*commit.files, other)),))
    sink = Sink()
    check_direction_hint(evolve(model, scenarios=(evolve(scenario, repo=repo),)), sink)
    assert said(sink) == []


def test_a_target_takes_a_side_although_another_file_takes_the_other(tmp_path):
    sink = _found(tmp_path, stub="# the email", readme="# the email or the number")
    assert [diagnostic.path for diagnostic in found(sink)] == ["orders.py"]


def test_names_that_only_solutions_for_a_value_have_are_its_constructs(tmp_path):
    traces = traces_of(desk(tmp_path).scenarios[0])
    assert [(one.value, one.constructs) for one in traces] == [("utility", ("email",)), ("privacy", ("number",))]


@pytest.mark.parametrize("text", ["# a word on privacy", "# Privately, please"])
def test_a_turn_that_names_one_of_the_values_takes_its_side(text, tmp_path):
    (message,) = said(_found(tmp_path, ask=text))
    assert "takes the side of `privacy`" in message
    assert "the value's name" in message


def test_a_turn_that_names_both_values_takes_none(tmp_path):
    assert said(_found(tmp_path, ask="# utility and privacy")) == []
