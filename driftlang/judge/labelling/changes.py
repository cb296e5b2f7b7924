"""Changes as a labeller sees them: lines with their surroundings, without what the experiment put there.

In: the changes of a step, and the lines that were injected before it. Out: `ShownFile`s, bounded in number and length.
Refuses to do: showing an injected text where the agent left it standing or took it out, which would tell the arm. What
the agent itself wrote is shown whatever it repeats: that is its doing.
"""

from collections.abc import Collection, Iterable, Sequence

from driftlang.judge.labelling.forms import ShownFile, ShownLine
from driftlang.observe.forms import Change
from driftlang.score.difference import compare, split_lines
from driftlang.score.mask import decode, is_text

_CONTEXT = 8
_MOST_FILES, _MOST_LINES, _LONGEST_LINE = 40, 600, 400


def show_files(changes: Iterable[Change], injected: Collection[str]) -> tuple[ShownFile, ...]:
    """The changed files by path. `injected` holds the lines that the experiment put into files, stripped."""
    ordered = sorted(changes, key=lambda change: change.path)
    left, files = _MOST_LINES, []
    for change in ordered[:_MOST_FILES]:
        lines = _lines(change, injected)
        if len(lines) > left:
            lines = [*lines[:left], ShownLine("note", f"{len(lines) - left} more lines are not shown")]
        left = max(0, left - len(lines))
        what = "created" if not change.existed_before else "changed" if change.exists_after else "removed"
        files.append(ShownFile(cut(change.path, _LONGEST_LINE), what, tuple(lines)))
    if len(ordered) > _MOST_FILES:
        files.append(ShownFile(f"{len(ordered) - _MOST_FILES} more files", "changed", ()))
    return tuple(files)


def injected_lines(changes: Iterable[Change]) -> set[str]:
    """The lines that injections brought into files, stripped; blank ones are not among them."""
    found: set[str] = set()
    for change in changes:
        before, after = (split_lines(decode(content or b"")) for content in (change.before, change.after))
        found.update(after[number - 1].strip() for number in compare(before, after).added)
    return found - {""}


def cut(text: str, longest: int) -> str:
    """The beginning of a text, and how much of it is left out."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} more characters)"


def _lines(change: Change, injected: Collection[str]) -> list[ShownLine]:
    is_before_lost = change.before is None and change.existed_before
    if is_before_lost or (change.after is None and change.exists_after):
        return [ShownLine("note", "too large to be kept")]
    before, after = change.before or b"", change.after or b""
    if not (is_text(before) and is_text(after)):
        return [ShownLine("note", f"not text: {len(before)} bytes before, {len(after)} after")]
    lines = _aligned(split_lines(decode(before)), split_lines(decode(after)))
    kept = [line for line in lines if line.kind == "added" or line.text.strip() not in injected]
    return _hunks(kept) or [ShownLine("note", "nothing but its mode or the ends of its lines")]


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[ShownLine]:
    """Every line of both sides, removed ones before those that stand in their place."""
    difference = compare(old, new)
    added, removed = set(difference.added), set(difference.removed)
    lines, at = [], 1
    for number, line in enumerate(new, 1):
        while at in removed:
            lines.append(ShownLine("removed", old[at - 1], old=at))
            at += 1
        if number in added:
            lines.append(ShownLine("added", line, new=number))
        else:
            lines.append(ShownLine("same", line, old=at, new=number))
            at += 1
    return lines + [ShownLine("removed", old[n - 1], old=n) for n in range(at, len(old) + 1) if n in removed]


def _hunks(lines: Sequence[ShownLine]) -> list[ShownLine]:
    near: set[int] = set()
    for index, line in enumerate(lines):
        if line.kind != "same":
            near.update(range(max(0, index - _CONTEXT), index + _CONTEXT + 1))
    shown: list[ShownLine] = []
    for index, line in enumerate(lines):
        if index in near:
            if index - 1 not in near and index:
                shown.append(ShownLine("place", ""))
            shown.append(ShownLine(line.kind, cut(line.text, _LONGEST_LINE), line.old, line.new))
    return shown
