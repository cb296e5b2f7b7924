"""Diffs show what changed with a little around it, and are bounded."""

from driftlang.observe.forms import Change
from driftlang.report.diffs import cut, show_changes


def shown(*changes):
    return [(line.kind, line.text) for line in show_changes(changes)]


def test_a_change_in_the_middle_has_three_lines_around():
    before = "".join(f"{n}\n" for n in range(1, 21))
    lines = shown(Change("a.txt", before.encode(), before.replace("10\n", "ten\n").encode()))
    assert lines == [
        ("file", "a.txt (changed)"),
        ("place", "line 7"),
        *[("same", str(n)) for n in (7, 8, 9)],
        ("removed", "10"),
        ("added", "ten"),
        *[("same", str(n)) for n in (11, 12, 13)],
    ]


def test_created_removed_and_binary_files_say_so():
    lines = shown(Change("b", b"x\n", None), Change("a", None, b"y\n"), Change("c", b"\0", b"\0\0"))
    assert lines == [
        ("file", "a (created)"),
        ("place", "line 1"),
        ("added", "y"),
        ("file", "b (removed)"),
        ("place", "line 1"),
        ("removed", "x"),
        ("file", "c (changed)"),
        ("note", "not text: 1 bytes before, 2 after"),
    ]


def test_a_content_that_was_not_kept_is_no_removed_file():
    grown = Change("a", b"x\n", None, existed_before=True, exists_after=True)
    assert shown(grown) == [("file", "a (changed)"), ("note", "too large to be kept")]


def test_a_long_diff_is_cut_with_a_note():
    lines = shown(Change("a", None, b"x\n" * 1000))
    assert (len(lines), lines[-1]) == (161, ("note", "842 more lines are not shown"))


def test_a_long_line_is_cut_with_a_note():
    assert cut("x" * 250, 240) == "x" * 240 + "… (10 more characters are not shown)"
