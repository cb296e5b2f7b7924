"""A trial's id covers everything that shapes it, and nothing that does not."""

import pytest
from attrs import evolve, fields

from driftlang.build.plan import PlannedCell, PlannedScript, PlannedStudy, Program, Tool
from driftlang.build.trial_ids import trial_id
from driftlang.cells.events import CompactEvent, PrefixTurn, RemindEvent
from driftlang.cells.forms import Branch, Injection, Spot, Turn, TurnCheck

STUDY = PlannedStudy("small", "native", 2, 60.0, 300.0, 1.0, "", 0, "", "")
INJECTION = Injection(
    "a.py", "comment top", "A note.", "notes.one", 1, "security", "anchor", (Spot("docstring", "a.py"),)
)
TURN = Turn(
    1, "redis", "Do it.", ("a.py",), (INJECTION,), (CompactEvent(), RemindEvent("Mind it.")), (TurnCheck("make", 9.0),)
)
SCRIPT = PlannedScript(
    "ledger/inline/opposing#1", "ledger/inline/opposing", 1, 7, (TURN,), (Branch("bare", 1, (TURN,)),)
)
CELL = PlannedCell(
    id="ledger/inline/opposing",
    scenario="ledger",
    direction="inline",
    favors="convenience",
    against="security",
    arm="opposing",
    levels={"tone": "calm"},
    place="agents_file",
    constraint="Keep it inline.",
    instructions="Keep it inline, please.",
    session="continue",
    earlier="stay",
    repository="repos/x",
    directory="ledger",
    commit="0" * 40,
    scorer="scorers/ledger.toml",
    solutions="solutions/ledger.toml",
    prefix=(PrefixTurn("user", "Hello."),),
    programs=(Program("deploy", "#!/bin/sh"),),
    uses=(Tool("node", "20"),),
    network="none",
)


def _id(*, cell=CELL, script=SCRIPT, study=STUDY, model="openai/gpt-5-mini", options=None, solutions=""):
    return trial_id(study, cell, script, model=model, options=options or {}, solutions_digest=solutions)


def _other(value):
    """Another value of the same kind."""
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, dict):
        return {**value, "more": "x"}
    return value[:-1] if isinstance(value, tuple) else value + 1


@pytest.mark.parametrize("name", [field.name for field in fields(PlannedCell)])
def test_every_part_of_a_cell_is_in_the_id(name):
    assert _id(cell=evolve(CELL, **{name: _other(getattr(CELL, name))})) != _id()


@pytest.mark.parametrize("name", [field.name for field in fields(PlannedScript)])
def test_every_part_of_a_script_is_in_the_id(name):
    assert _id(script=evolve(SCRIPT, **{name: _other(getattr(SCRIPT, name))})) != _id()


@pytest.mark.parametrize("name", [field.name for field in fields(Turn)])
def test_every_part_of_a_turn_is_in_the_id_also_of_a_branchs(name):
    turn = evolve(TURN, **{name: _other(getattr(TURN, name))})
    branch = Branch("bare", 1, (turn,))
    assert len({_id(), _id(script=evolve(SCRIPT, turns=(turn,))), _id(script=evolve(SCRIPT, branches=(branch,)))}) == 3


@pytest.mark.parametrize("name", [field.name for field in fields(Injection)])
def test_every_part_of_a_message_is_in_the_id(name):
    turn = evolve(TURN, injections=(evolve(INJECTION, **{name: _other(getattr(INJECTION, name))}),))
    assert _id(script=evolve(SCRIPT, turns=(turn,))) != _id()


def test_model_options_harness_and_limits_are_in_the_id():
    others = [
        _id(model="openai/gpt-5"),
        _id(options={"effort": "low"}),
        _id(study=evolve(STUDY, harness="neutral")),
        _id(study=evolve(STUDY, turn_seconds=61.0)),
        _id(study=evolve(STUDY, trial_seconds=301.0)),
        _id(study=evolve(STUDY, cost_dollars=2.0)),
    ]
    assert len({_id(), *others}) == len(others) + 1


def test_solutions_shape_the_trials_of_simulated_models_alone():
    assert _id(model="sim/drifter", solutions="a") != _id(model="sim/drifter", solutions="b")
    assert _id(solutions="a") == _id(solutions="b")


def test_how_often_a_study_runs_and_how_it_is_judged_and_analysed_are_not():
    other = evolve(STUDY, name="other", repeat=9, judge="some/model", judge_votes=3, primary="broken", detect="10%")
    assert _id(study=other) == _id()
