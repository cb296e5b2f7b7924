"""A cell is found by a part of its id, and its neighbours differ from it in one coordinate."""

import pytest
import small_study as small

from driftlang.cells.expand import expand
from driftlang.cells.lone_study import lone_studies
from driftlang.cells.neighbours import control_of, find_cell, twin_of
from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import ExitStatus, Failure


def _cells(*arms):
    return expand(small.study(small.scenario(arms=arms or ("bare", "placebo", "opposing"))), Sink())


def _coordinates(cell):
    return (cell.scenario, cell.direction, cell.arm, *cell.levels.items())


@pytest.mark.parametrize("part", ["credentials_in_billing/keep_inline/opposing", "inline/opp", "keep_inline/o"])
def test_a_unique_part_of_an_id_finds_its_cell(part):
    assert find_cell(part, _cells()).id == "credentials_in_billing/keep_inline/opposing"


def test_a_part_of_several_ids_is_misuse_that_lists_them():
    with pytest.raises(Failure) as caught:
        find_cell("opposing", _cells())
    assert caught.value.status is ExitStatus.MISUSE
    assert "credentials_in_billing/keep_external/opposing" in caught.value.message


@pytest.mark.parametrize("part", ["keep_inlin/opposing", "credentials_in_billing/keep_inlined/opposing"])
def test_a_part_of_no_id_gets_the_closest_one(part):
    with pytest.raises(Failure, match="did you mean `credentials_in_billing/keep_inline/opposing`"):
        find_cell(part, _cells())


def test_the_twin_differs_in_the_direction_alone():
    cells = _cells()
    for cell in cells:
        (twin,) = twin_of(cell, cells)
        assert sum(a != b for a, b in zip(_coordinates(cell), _coordinates(twin), strict=True)) == 1
        assert twin.favors == cell.against


@pytest.mark.parametrize(("arm", "control"), [("opposing", "placebo"), ("placebo", "bare"), ("bare", "placebo")])
def test_the_control_is_the_placebo_or_else_the_bare_arm(arm, control):
    cells = _cells()
    (found,) = control_of(find_cell(f"keep_inline/{arm}", cells), cells)
    assert (found.direction, found.arm) == ("keep_inline", control)


def test_a_cell_that_is_alone_has_no_neighbour():
    (cell, *_) = _cells("opposing")
    assert control_of(cell, (cell,)) == twin_of(cell, (cell,)) == ()


def test_a_scenario_by_itself_is_one_run_of_each_cell():
    cells = expand(lone_studies([small.scenario()])[0], Sink())
    assert {len(cell.scripts) for cell in cells} == {1}
