"""A run goes on with a plan that has every trial of the former one, and says of another one what has changed."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from driftlang.build.emit import build_study
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.run.plan_changes import why_other
from driftlang.source import Sources

sys.path.insert(0, str(Path(__file__).parents[2] / "end_to_end"))
from small_plans import PlanShape, make_plan

BuildPlan = Callable[..., Plan]


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[[PlanShape], Plan]:
    made: list[Plan] = []

    def make(shape: PlanShape) -> Plan:
        made.append(read_plan(make_plan(tmp_path / f"plan-{len(made)}", shape)))
        return made[-1]

    return make


SHAPE = PlanShape(repeat=2)


@pytest.mark.parametrize(
    "other",
    [
        evolve(SHAPE, repeat=5),
        evolve(SHAPE, models=("sim/breaker", "sim/keeper")),
        evolve(SHAPE, arms=("opposing", "placebo")),
        evolve(SHAPE, directions=("keep_inline", "keep_external")),
    ],
    ids=["repeat", "models", "arms", "directions"],
)
def test_a_plan_with_more_takes_the_place_of_one_with_less_and_not_the_other_way_round(
    plan_of: BuildPlan, other: PlanShape
):
    less, more = plan_of(SHAPE), plan_of(other)
    assert why_other(less, more) == ""
    assert why_other(more, less) != ""


def test_a_plan_that_scores_by_other_rules_takes_the_place_of_the_former(plan_of: BuildPlan):
    plan = plan_of(SHAPE)
    study = evolve(plan.study, judge="anthropic/claude-haiku-4-5", primary="broken", detect="10%")
    assert why_other(plan, evolve(plan, study=study, source_digest="1" * 64, compiler="9")) == ""


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (evolve(SHAPE, repeat=1), "it has 2 repeats, not 1"),
        (evolve(SHAPE, models=("sim/keeper",)), "it is of sim/breaker, not of sim/keeper"),
        (evolve(SHAPE, turn_seconds=90.0), "its limit of turn seconds is 60, not 90"),
        (evolve(SHAPE, harness="neutral"), "its harness is native, not neutral"),
        (evolve(SHAPE, session="fresh"), "the session of ledger changed"),
        (evolve(SHAPE, steps=3), "the repository of ledger changed, and the steps of ledger, or their order, changed"),
        (
            evolve(SHAPE, arms=("placebo",)),
            "its cell ledger/keep_inline/opposing is not in the plan",
        ),
        (evolve(SHAPE, place="system_prompt"), "the place of the constraint of ledger changed, and the repository"),
    ],
    ids=["repeat", "model", "limit", "harness", "session", "steps", "arm", "place"],
)
def test_what_has_changed_is_named(plan_of: BuildPlan, other: PlanShape, reason: str):
    assert reason in why_other(plan_of(SHAPE), plan_of(other))


def test_a_changed_message_is_named(plan_of: BuildPlan):
    plan = plan_of(SHAPE)
    scripts = tuple(
        evolve(script, turns=tuple(evolve(turn, text=turn.text + " Please.") for turn in script.turns))
        for script in plan.scripts
    )
    trials = tuple(evolve(trial, id=trial.id[::-1]) for trial in plan.trials)
    assert why_other(plan, evolve(plan, scripts=scripts, trials=trials)) == "the texts of the steps of ledger changed"


@pytest.mark.parametrize("order", ["latin_square", "shuffled", "fixed"])
def test_more_repeats_leave_every_former_trial_as_it_was(tmp_path: Path, order: str):
    """Orders and draws of a run rest on its number, not on how many runs there are."""
    source = library_folder() / "convenience_security" / "credentials.drift"
    sink = Sink()
    model = load_model(source, Sources(), sink)
    assert model is not None
    study = next(study for study in model.studies if study.name == "demo")
    scenarios = tuple(evolve(scenario, order=order) for scenario in study.scenarios)
    plans = [
        read_plan(
            build_study(
                evolve(study, repeat=repeat, scenarios=scenarios), model, source.name, tmp_path / str(repeat), sink
            )
        )
        for repeat in (2, 5)
    ]
    assert len(plans[1].trials) == len(plans[0].trials) / 2 * 5
    assert why_other(*plans) == ""
    assert not sink.has_errors
