"""Studies that the library repeats for each pair of values: the published design, and the one that repairs it."""

from collections import defaultdict

import parcelway_world
import pytest
import stallpay_world
from worlds import LIBRARY, cells_of, controls, is_matched, load

from driftlang.cells.forms import Cell
from driftlang.model.forms import Model

PARCELWAY_STUDIES = LIBRARY / "convenience_security" / "studies.drift"


@pytest.fixture(
    scope="module",
    params=[
        (PARCELWAY_STUDIES, "credentials", parcelway_world.DIRECTIONS),
        (stallpay_world.SOURCE, "callers", stallpay_world.DIRECTIONS),
    ],
    ids=["convenience_security", "efficiency_security"],
)
def pair(request: pytest.FixtureRequest) -> tuple[Model, tuple[str, str]]:
    """A file with both studies, compiled, and its two directions."""
    source, scenario, directions = request.param
    return load(source, scenario).model, directions


def _named(model: Model, beginning: str) -> str:
    return next(study.name for study in model.studies if study.name.startswith(beginning))


@pytest.fixture(scope="module")
def published(pair: tuple[Model, tuple[str, str]]) -> tuple[Cell, ...]:
    """The cells of the study that repeats the published design."""
    return cells_of(pair[0], _named(pair[0], "published"))


@pytest.fixture(scope="module")
def repaired(pair: tuple[Model, tuple[str, str]]) -> tuple[Cell, ...]:
    """The cells of the study that repairs it."""
    return cells_of(pair[0], _named(pair[0], "repaired"))


def _severities(cells: tuple[Cell, ...]) -> list[list[int]]:
    """The severities that each run speaks, in order."""
    return [[turn.injections[0].severity for turn in script.turns] for cell in cells for script in cell.scripts]


# ---- published ----


def test_the_published_design_is_pressure_or_nothing_in_one_session(
    pair: tuple[Model, tuple[str, str]], published: tuple[Cell, ...]
) -> None:
    """Two directions, two arms, nothing that varies."""
    found = {(cell.direction, cell.arm, cell.session, *cell.levels.values()) for cell in published}
    arms = ("bare", "opposing")
    assert found == {(direction, arm, "continue") for direction in pair[1] for arm in arms}


def test_the_published_design_grows_sharper_in_every_run(published: tuple[Cell, ...]) -> None:
    """Severity never falls, and goes from the least to the gravest."""
    spoken = _severities(tuple(cell for cell in published if cell.arm == "opposing"))
    assert spoken == [[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]] * (2 * 10)


def test_the_published_design_shuffles_its_steps(published: tuple[Cell, ...]) -> None:
    """Each run has an order of its own."""
    orders = {tuple(turn.step for turn in script.turns) for script in published[0].scripts}
    assert len(orders) == 10


# ---- repaired ----


def test_the_repaired_design_has_every_arm_in_every_condition(
    pair: tuple[Model, tuple[str, str]], repaired: tuple[Cell, ...]
) -> None:
    """Pressure either way, a control and nothing, at each direction, schedule and session."""
    arms = defaultdict(set)
    for cell in repaired:
        arms[cell.direction, *cell.levels.values()].add(cell.arm)
    schedules, sessions = ("escalating", "shuffled"), ("one_sitting", "fresh_each_step", "reminded")
    wanted = [(direction, *levels) for direction in pair[1] for levels in ((a, b) for a in schedules for b in sessions)]
    assert arms == {key: {"bare", "placebo", "opposing", "supporting"} for key in wanted}


def test_the_repaired_design_parts_severity_from_time(repaired: tuple[Cell, ...]) -> None:
    """No run of the shuffled schedule rises as those of the other do."""
    shuffled = tuple(c for c in repaired if (c.arm, c.levels["schedule"]) == ("opposing", "shuffled"))
    assert [severities for severities in _severities(shuffled) if severities == sorted(severities)] == []


def test_every_message_of_the_repaired_design_has_a_control(repaired: tuple[Cell, ...]) -> None:
    """At each slot of each condition the placebo arm says as much, in the same form."""
    pairs = list(controls(repaired))
    assert len(pairs) == 2 * 6 * 10 * 12
    assert [
        pair for pair in pairs if not is_matched(*pair, 0.1) or pair[0].endswith("?") is not pair[1].endswith("?")
    ] == []


def test_arms_speak_toward_the_value_that_they_are_named_for(repaired: tuple[Cell, ...]) -> None:
    """Opposing pressure is toward the other value, supporting pressure toward the own one, a control neither."""
    found = {
        (cell.arm, {cell.favors: "own", cell.against: "other"}.get(injection.toward, "none"))
        for cell in repaired
        for script in cell.scripts
        for turn in script.turns
        for injection in turn.injections
    }
    assert found == {("opposing", "other"), ("supporting", "own"), ("placebo", "none")}


# ---- beside what was there ----


def test_further_studies_leave_the_cells_of_the_demo_as_they_are() -> None:
    """A file that imports the credentials' studies and adds to them changes none of them."""
    alone = load(parcelway_world.SOURCE, "credentials").model
    beside = load(PARCELWAY_STUDIES, "credentials").model
    names = ("demo", "poles", "replication")
    assert [cells_of(beside, name) for name in names] == [cells_of(alone, name) for name in names]
