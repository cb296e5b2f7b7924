"""A cell as lines: the session, the conversation before it and the branches are shown as well."""

import small_study as small
from test_course import at, cells_of

from driftlang.cells.comparison import demand_lines, script_lines
from driftlang.cells.overview import shared_of
from driftlang.model.forms import Fork


def test_the_session_is_shown_with_the_constraint():
    cell = cells_of(mode="fresh")[0]
    assert "session fresh, earlier messages stay" in demand_lines(cell)


def test_a_branch_is_shown_with_its_arm_and_its_turns():
    cell = next(cell for cell in cells_of(Fork(at(2), ("placebo",), small.SPAN)) if cell.arm == "opposing")
    lines = script_lines(cell, 1)
    assert "branch from step 2, as in the arm placebo:" in lines
    assert any(line.startswith("  step 2 ") for line in lines)


def test_the_messages_toward_both_sides_are_counted_side_by_side():
    scenario = small.scenario()
    (line,) = [one for one in shared_of(scenario, ()) if one.startswith("messages toward")]
    assert all(f"`{value.name}`" in line for value in scenario.conflict.values)
