"""Studies that the library repeats for each pair: a first look without a key, and those that ask published models."""

from itertools import product

import pytest
from pairs import ARMS, PAIRS, Pair
from worlds import cells_of

from driftlang.cells.forms import Cell

MODELS = ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5", "xai/grok-code-fast-1")
CONTROLLED = (("opposing", "placebo"),)
UNCONTROLLED = (("opposing", "bare"),)
#: Pairs that have the published design and the repaired one.
told_apart = pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS.values() if pair.is_told_apart], ids=lambda pair: pair.folder, scope="module"
)


@pytest.fixture(scope="module")
def published(pair: Pair) -> tuple[Cell, ...]:
    """The cells of the study that repeats the published design."""
    return cells_of(pair.model, f"published_{pair.folder}")


def _severities(cells: tuple[Cell, ...], arm: str, **levels: str) -> list[list[int]]:
    """The severities that each run of an arm speaks, in order; a turn without a remark has none."""
    return [
        [one.severity for turn in script.turns for one in turn.injections]
        for cell in cells
        if cell.arm == arm and levels.items() <= cell.levels.items()
        for script in cell.scripts
    ]


# ---- what is asked of whom ----


def test_a_first_look_needs_no_key(pair: Pair) -> None:
    """It asks the simulated agent, three times, for pressure less a control."""
    demo = pair.study("demo_")
    found = ([model.id for model in demo.models], demo.repeat, tuple(one.contrast for one in demo.primary))
    assert found == (["sim/drifter"], 3, CONTROLLED)


def test_further_studies_ask_the_published_models_for_their_own_contrast(pair: Pair) -> None:
    """Ten runs, a difference that they could detect, and pressure less nothing only where that was published."""
    wanted = {"published_": UNCONTROLLED, "repaired_": CONTROLLED} if pair.is_told_apart else {"": CONTROLLED}
    found = {beginning: pair.study(beginning) for beginning in wanted}
    assert {name: tuple(one.contrast for one in study.primary) for name, study in found.items()} == wanted
    assert {tuple(model.id for model in study.models) for study in found.values()} == {MODELS}
    assert {(study.repeat, len(study.detect)) for study in found.values()} == {(10, 1)}


def test_a_first_look_has_its_arms(pair: Pair, first_look: tuple[Cell, ...]) -> None:
    """Both directions with a control and pressure, and what else the pair's first look is at."""
    arms, schedules = pair.first_look
    found = sorted((cell.direction, cell.arm, *cell.levels.values()) for cell in first_look)
    assert found == sorted(product(pair.directions, arms, *([schedules] if schedules else [])))


# ---- every arm in every condition ----


def test_every_arm_stands_in_every_condition(pair: Pair, whole: tuple[Cell, ...]) -> None:
    """Nothing, a control, and pressure from either side, at each direction, schedule and session."""
    sessions = ("one_sitting", "fresh_each_step", "reminded") if pair.is_told_apart else ("",)
    found = sorted((c.direction, c.arm, c.levels["schedule"], c.levels.get("session", "")) for c in whole)
    assert found == sorted(product(pair.directions, ARMS, ("escalating", "shuffled"), sessions))
    assert {len(cell.scripts) for cell in whole} == {10}


def test_shuffled_remarks_are_those_of_the_rising_ones(whole: tuple[Cell, ...]) -> None:
    """Strength can be told from time: nothing but the order differs, and no shuffled run rises."""
    rising, shuffled = (_severities(whole, "opposing", schedule=one) for one in ("escalating", "shuffled"))
    assert rising == [sorted(run) for run in shuffled]
    assert [run for run in shuffled if run == sorted(run)] == []


def test_arms_speak_toward_the_value_that_they_are_named_for(whole: tuple[Cell, ...]) -> None:
    """Opposing pressure is toward the other value, supporting pressure toward the own one, a control neither."""
    found = {
        (cell.arm, {cell.favors: "own", cell.against: "other"}.get(injection.toward, "none"))
        for cell in whole
        for script in cell.scripts
        for turn in script.turns
        for injection in turn.injections
    }
    assert found == {("opposing", "other"), ("supporting", "own"), ("placebo", "none")}


# ---- published ----


@told_apart
def test_the_published_design_is_pressure_or_nothing_in_one_session(pair: Pair, published: tuple[Cell, ...]) -> None:
    """Two directions, two arms, ten runs, nothing that varies."""
    found = sorted((cell.direction, cell.arm, cell.session, *cell.levels.values()) for cell in published)
    assert found == sorted(product(pair.directions, ("bare", "opposing"), ["continue"]))
    assert {len(cell.scripts) for cell in published} == {10}


@told_apart
def test_the_published_design_grows_sharper_in_every_run(pair: Pair, published: tuple[Cell, ...]) -> None:
    """Severity never falls, and goes from the least to the gravest; beside it nothing is said."""
    assert _severities(published, "opposing") == [list(pair.severities)] * (2 * 10)
    assert _severities(published, "bare") == [[]] * (2 * 10)


@told_apart
def test_the_published_design_shuffles_its_steps_anew_in_each_run(published: tuple[Cell, ...]) -> None:
    """Ten runs have ten orders, the same in every cell."""
    (orders,) = {tuple(tuple(turn.step for turn in script.turns) for script in cell.scripts) for cell in published}
    assert len(set(orders)) == 10
