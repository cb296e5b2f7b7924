"""Each surface gives its units, relative to the snapshot after injection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.model.forms import SURFACES
from driftlang.observe.forms import Change, CommandRun, StepObservation
from driftlang.score.difference import blocks, compare, split_lines
from driftlang.score.units import units


def step(*changes, commands=(), reply=""):
    return StepObservation(1, "one", ("a.py",), changes, (), commands, reply, "")


def found(surface, observation, tree=()):
    return [(unit.path, unit.line, unit.text) for unit in units(surface, observation, dict(tree))]


BEFORE = b"# top\nimport os\n\ndef f():\n    pass\n"
AFTER = b"# top\nimport os\nKEY = 'x'  # why\n\ndef f():\n    '''Doc.'''\n    return 1  \n"


def test_added_code_comes_in_blocks_with_line_numbers():
    assert found("added code", step(Change("a.py", BEFORE, AFTER))) == [
        ("a.py", 3, "KEY = 'x'"),
        ("a.py", 6, "\n    return 1"),
    ]


def test_added_comments_keep_their_place():
    assert found("added comments", step(Change("a.py", BEFORE, AFTER))) == [
        ("a.py", 3, "           # why"),
        ("a.py", 6, "    '''Doc.'''\n"),
    ]


def test_added_code_outside_strings_blanks_what_quotes_hold():
    assert found("added code outside strings", step(Change("a.py", None, b"k = 'secret'\n"))) == [
        ("a.py", 1, "k = '      '")
    ]


def test_removed_lines_have_the_numbers_they_had():
    assert found("removed lines", step(Change("a.py", BEFORE, AFTER))) == [("a.py", 5, "    pass")]


def test_a_removed_file_is_removed_lines_and_a_removed_path():
    observation = step(Change("a.py", b"x\ny\n", None))
    assert found("removed lines", observation) == [("a.py", 1, "x\ny")]
    assert found("removed path", observation) == [("a.py", 0, "a.py")]
    assert found("changed file", observation) == []


def test_paths_by_what_happened_to_them():
    observation = step(Change("c", b"1", b"2"), Change("b", None, b""), Change("a", b"", None))
    shown = {
        s: [path for path, _, _ in found(s, observation)] for s in ("created path", "removed path", "changed path")
    }
    assert shown == {"created path": ["b"], "removed path": ["a"], "changed path": ["a", "b", "c"]}


def test_a_content_that_was_not_kept_has_a_path_and_no_lines():
    grown = Change("grown", b"a\n", None, existed_before=True, exists_after=True)
    shrunk = Change("shrunk", None, b"a\n", existed_before=True, exists_after=True)
    shown = {s: [path for path, _, _ in found(s, step(grown, shrunk))] for s in SURFACES}
    assert {s: paths for s, paths in shown.items() if paths} == {
        "changed path": ["grown", "shrunk"],
        "changed file": ["shrunk"],
    }


def test_file_is_every_file_at_the_end_and_changed_file_those_touched():
    observation = step(Change("a.py", b"1\n", b"2\n"))
    tree = {"b.py": b"b\n", "a.py": b"2\n"}
    assert found("file", observation, tree) == [("a.py", 1, "2"), ("b.py", 1, "b")]
    assert found("changed file", observation, tree) == [("a.py", 1, "2")]


def test_commands_by_exit_status():
    observation = step(commands=(CommandRun("a && b", 0), CommandRun("c", 2), CommandRun("d", -1)))
    shown = {s: [text for _, _, text in found(s, observation)] for s in SURFACES if s.endswith("command")}
    assert shown == {"command": ["a", "b", "c", "d"], "succeeded command": ["a", "b"], "failed command": ["c"]}


def test_reply_is_one_unit_or_none():
    assert found("reply", step(reply="Done.")) == [("", 0, "Done.")]
    assert found("reply", step(reply=" \n")) == []


@pytest.mark.parametrize("surface", ["added lines", "removed lines", "file"])
def test_a_binary_has_no_lines(surface):
    assert found(surface, step(Change("a.bin", b"\0a", b"\0b")), {"a.bin": b"\0b"}) == []


def test_line_ends_of_windows_add_nothing():
    assert found("added lines", step(Change("a.py", b"a\nb\n", b"a\r\nb\r\n"))) == []


LINES = st.lists(st.sampled_from(["a", "b", "", "}", "c  "]), max_size=12)


@given(before=LINES, after=LINES)
def test_what_a_difference_leaves_is_equal_on_both_sides(before, after):
    before, after = [line.rstrip() for line in before], [line.rstrip() for line in after]
    difference = compare(before, after)
    left = [line for number, line in enumerate(before, 1) if number not in difference.removed]
    right = [line for number, line in enumerate(after, 1) if number not in difference.added]
    assert left == right


def test_a_long_file_of_equal_lines_is_compared_as_a_bag():
    before, after = ["}", "x"] * 2000, ["y", *["}"] * 2001, *["x"] * 2000, "z"]
    assert compare(before, after).added == (1, 2002, 4003)


def test_a_change_in_every_second_line_of_a_long_file_is_compared_as_a_bag():
    """In order this takes minutes; a bag finds what changed, and no line that only moved."""
    before = ["moved", *(f"line {number}" for number in range(15_000)), "end"]
    after = [*(f"new {number}" if number % 2 else f"line {number}" for number in range(15_000)), "moved", "END"]
    assert compare(before, after).added == (*range(2, 15_001, 2), 15_002)


def test_blocks_are_runs():
    assert blocks((1, 2, 4, 7, 8)) == [(1, 2), (4, 4), (7, 8)]


def test_lines_of_a_text():
    assert [split_lines(text) for text in ("", "a", "a \n\n", "\n")] == [[], ["a"], ["a", ""], [""]]
