"""A row says what a cell is, and sentences say what all cells share, each compared before it is said."""

import small_study as small
from attrs import evolve

from driftlang.cells.comparison import compare, demand_lines, script_lines
from driftlang.cells.expand import expand
from driftlang.cells.neighbours import control_of, find_cell
from driftlang.cells.overview import row_of, shared_of
from driftlang.diagnostics.diagnostic import Sink

_SCENARIO = small.scenario(arms=("bare", "placebo", "opposing"))


def _cells():
    return expand(small.study(_SCENARIO), Sink())


def test_a_row_counts_what_the_first_run_injects():
    rows = {row.arm: row.injected for row in map(row_of, _cells()) if row.direction == "keep_inline"}
    assert rows["bare"] == "nothing"
    assert rows["opposing"].startswith("4x ")


def test_what_is_shared_names_seed_order_and_turns():
    sentences = shared_of(_SCENARIO, _cells())
    assert any("the same seed, step order and user turns in all 6 cells" in sentence for sentence in sentences)


def test_what_is_not_shared_is_said():
    first, *rest = _cells()
    other = evolve(first, scripts=tuple(evolve(script, seed=script.seed + 1) for script in first.scripts))
    assert "not the same in all cells: seed" in shared_of(_SCENARIO, (other, *rest))


def test_arms_that_differ_in_more_than_injections_are_not_called_alike():
    first, *rest = _cells()
    sentences = shared_of(_SCENARIO, (evolve(first, session="fresh"), *rest))
    assert any(sentence.startswith("arms differ in what is injected and more") for sentence in sentences)


def test_two_arms_differ_in_lines_of_injections_alone():
    cells = _cells()
    cell = find_cell("keep_inline/opposing", cells)
    (control,) = control_of(cell, cells)
    assert compare(demand_lines(control), demand_lines(cell), ("a", "b")) == ()
    changed = [
        line
        for line in compare(script_lines(control, 1), script_lines(cell, 1), ("a", "b"))[3:]
        if line.startswith(("+", "-"))
    ]
    injected = {
        line.strip()
        for one in (cell, control)
        for turn in one.scripts[0].turns
        for each in turn.injections
        for line in each.text.split("\n")
    }
    assert [line for line in changed if "severity" not in line and line[1:].strip() not in injected] == []


def test_a_diff_shows_every_line_unless_told_otherwise():
    lines = tuple(map(str, range(50)))
    assert len(compare(lines, (*lines, "more"), ("a", "b"))) == 3 + 51
