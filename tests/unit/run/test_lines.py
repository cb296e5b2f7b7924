"""A branch knows what the line before it knew, and keeps what it learns to itself."""

from driftlang.build.plan import PlannedScript
from driftlang.cells.forms import Branch, Injection, Turn
from driftlang.inject.forms import GONE, INTACT
from driftlang.run.line import Line, branch_name
from driftlang.run.records import EarlierText


def turn(*texts: str) -> Turn:
    """A turn that says these at the top of a file."""
    injections = tuple(Injection("a.py", "comment top", text, "notes.note", 1, "security") for text in texts)
    return Turn(1, "one", "Do it.", ("a.py",), injections)


def test_a_branch_goes_on_from_where_its_line_was_and_tells_it_nothing():
    line = Line("", "Keep it.")
    line.paths.add("a.py")
    line.note_injected(turn("one", "gone"), ("placed", "the file is gone"))
    branch = line.branch_off("placebo")
    branch.paths.add("b.py")
    branch.note_injected(turn("two"), ("placed",))
    branch.instructions = "Drop it."
    assert (branch.branch, branch.session, [text for _, text in branch.said]) == ("placebo", "", ["one", "two"])
    assert branch.paths == {"a.py", "b.py"}
    assert (line.branch, line.instructions, line.paths) == ("", "Keep it.", {"a.py"})
    assert [text for _, text in line.said] == ["one"]


def test_the_fate_of_older_texts_is_told_where_they_stand_still():
    line = Line("", "")
    line.note_injected(turn("one", "two"), ("placed", "placed"))
    line.note_injected(turn("three"), ("placed",))
    fates = [EarlierText(GONE, "a.py", "one"), EarlierText(INTACT, "a.py", "two"), EarlierText(GONE, "a.py", "three")]
    assert [one.text for one in line.tell_earlier(fates)] == ["two", "three"]


def test_a_branch_is_named_after_its_arm_and_where_need_be_its_step():
    branches = (Branch("bare", 2, ()), Branch("placebo", 2, ()), Branch("placebo", 4, ()))
    script = PlannedScript("s/keep/opposing#1", "s/keep/opposing", 1, 7, (), branches)
    assert [branch_name(one, script) for one in branches] == ["bare", "placebo@2", "placebo@4"]
