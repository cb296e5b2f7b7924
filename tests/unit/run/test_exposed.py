"""What is known of a step beside its calls, from the forms of the plan and the journal."""

from attrs import evolve

from driftlang.build.plan import PlannedCell
from driftlang.cells.events import RemindEvent, SwitchEvent
from driftlang.cells.forms import Injection, Spot, Turn
from driftlang.exposure.forms import Demand, SaidMessage
from driftlang.observe.forms import Entry, Tree
from driftlang.run.exposed import demand_on, facts_of

NOTE = Injection("a.py", "comment top", "Ines asks.", "notes.ines", 1, "security")
SPOKEN = evolve(NOTE, message="notes.omar", text="Omar adds.", otherwise=(Spot("user turn"),))
TURN = Turn(2, "b", "Write b.", ("b.py",), (NOTE, SPOKEN), (RemindEvent("Mind the rule."),))
DEMAND = Demand("agents_file", "Inline.", "Small. Inline.")
EMPTY = Tree({})


def _cell(constraint: str = "Inline.", instructions: str = "Small. Inline.") -> PlannedCell:
    return PlannedCell(
        *("ledger/a/bare", "ledger", "a", "x", "y", "bare", {}, "agents_file", constraint, instructions),
        *("continue", "stay", "repos/r", "ledger", "0" * 40, "s.toml", "l.toml"),
    )


def _tree(**files: str) -> Tree:
    return Tree({name.replace("_", "."): Entry("100644", digest, 1) for name, digest in files.items()})


def test_the_cells_constraint_is_in_force_until_a_switch_and_its_own_behind_it():
    switch = SwitchEvent("outline", "y", "Outline.", "Small. Outline.")
    turns = [Turn(position, "s", "", (), (), (switch,) if position == 2 else ()) for position in (1, 2, 3)]
    assert [demand_on(_cell(), turns, position) for position in (1, 2, 3)] == [
        Demand("agents_file", "Inline.", "Small. Inline."),
        Demand("agents_file", "Outline.", "Small. Outline.", former="Small. Inline."),
        Demand("agents_file", "Outline.", "Small. Outline."),
    ]


def test_a_cell_that_does_not_state_its_constraint_demands_nothing():
    assert demand_on(_cell(instructions=""), [], 1) == Demand("agents_file", "", "")


def test_what_was_placed_is_told_by_what_the_journal_says_of_it():
    facts = facts_of(TURN, ("the file is gone", "placed: user turn"), DEMAND, "ses_1", (EMPTY, EMPTY), b"[]")
    assert facts.placed == (SaidMessage(2, 1, "notes.omar", "Omar adds."),)
    assert facts.said == ("Mind the rule.", "Write b.\n\nOmar adds.")


def test_changes_are_those_between_the_snapshots():
    trees = _tree(a_py="1", b_py="1", AGENTS_md="1"), _tree(a_py="2", c_py="1", AGENTS_md="2")
    facts = facts_of(TURN, ("placed", "placed"), DEMAND, "ses_1", trees, b"[]")
    assert facts.changed == {"AGENTS.md": True, "a.py": True, "b.py": True, "c.py": False}
    assert facts.agents_file == ("1", "2")
