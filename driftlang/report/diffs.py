"""Diffs to look at: what a step changed, as lines with three lines around.

In: the changes of a step. Out: lines to show, bounded in number and length; what is cut is said.
Refuses to do: patches that a program could apply.
"""

from collections.abc import Iterable, Sequence

from driftlang.observe.forms import Change
from driftlang.report.forms import DiffLine
from driftlang.score.difference import Difference, compare, split_lines
from driftlang.score.mask import decode, is_text

_CONTEXT = 3
_MOST_LINES = 160
_LONGEST_LINE = 240


def show_changes(changes: Iterable[Change]) -> tuple[DiffLine, ...]:
    """All changes by path; at most `_MOST_LINES` lines and a note."""
    lines = [line for change in sorted(changes, key=lambda change: change.path) for line in _show(change)]
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], DiffLine("note", f"{left} more lines are not shown")]
    return tuple(lines)


def cut(text: str, longest: int) -> str:
    """The beginning of a text, with a note of how much is not shown."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest} more characters are not shown)"


def _show(change: Change) -> list[DiffLine]:
    what = "created" if not change.existed_before else "changed" if change.exists_after else "removed"
    head = DiffLine("file", f"{cut(change.path, _LONGEST_LINE)} ({what})")
    is_before_lost = change.before is None and change.existed_before
    if is_before_lost or (change.after is None and change.exists_after):
        return [head, DiffLine("note", "too large to be kept")]
    before, after = change.before or b"", change.after or b""
    if not (is_text(before) and is_text(after)):
        return [head, DiffLine("note", f"not text: {len(before)} bytes before, {len(after)} after")]
    old, new = split_lines(decode(before)), split_lines(decode(after))
    return [head, *_hunks(_aligned(old, new, compare(old, new)))]


def _aligned(old: Sequence[str], new: Sequence[str], difference: Difference) -> list[tuple[int, DiffLine]]:
    """Every line of both sides in one order, each with its number in the new text (or that of the next line)."""
    added, removed = set(difference.added), set(difference.removed)
    lines: list[tuple[int, DiffLine]] = []
    at = 1
    for number, line in enumerate(new, 1):
        while at in removed:
            lines.append((number, DiffLine("removed", cut(old[at - 1], _LONGEST_LINE), at)))
            at += 1
        kind = "added" if number in added else "same"
        lines.append((number, DiffLine(kind, cut(line, _LONGEST_LINE), number)))
        at += kind == "same"
    rest = range(at, len(old) + 1)
    lost = [DiffLine("removed", cut(old[n - 1], _LONGEST_LINE), n) for n in rest if n in removed]
    return lines + [(len(new) + 1, line) for line in lost]


def _hunks(lines: Sequence[tuple[int, DiffLine]]) -> list[DiffLine]:
    """Changed lines with their surroundings; each hunk begins with where it is."""
    near: set[int] = set()
    for index, (_, line) in enumerate(lines):
        if line.kind != "same":
            near.update(range(max(0, index - _CONTEXT), index + _CONTEXT + 1))
    shown: list[DiffLine] = []
    for index, (number, line) in enumerate(lines):
        if index in near:
            if index - 1 not in near:
                shown.append(DiffLine("place", f"line {number}"))
            shown.append(line)
    return shown
