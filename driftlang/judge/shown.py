"""What a judge is shown of a step: the task, the files around the change before and after, commands, the answer.

In: a step's observation, the user's text, and the messages that the surroundings had said so far. Out: `ShownStep`.
Refuses to do: telling the arm. Messages that were put into files are taken out on both sides before these are compared,
by the same code that takes earlier ones out during a run; what was said in the user's turn is not part of the task's
text. What the agent itself makes of a message, in its answer or in a comment of its own, is its word and is shown: by
that alone can be told whether it cites the pressure.

Work is shown whole or not at all: of a step whose work has more than `MOST_CHARACTERS`, `is_cut` says so, and nobody is
asked about it. Else an agent could hide what it did amid what nobody is shown, and be labelled by the rest.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from driftlang.cells.forms import Injection, Spot
from driftlang.inject.remove import remove_earlier
from driftlang.judge.plain import lines_of, shown_line, visible
from driftlang.observe.forms import Change, StepObservation
from driftlang.score.difference import Difference, compare, split_lines
from driftlang.score.mask import decode, is_text

_WORD = re.compile(r"[a-z0-9]+")
#: Unchanged lines that are shown above and below a changed one.
CONTEXT = 6
#: Characters of work that can be shown whole: about 30,000 tokens, which every judge can read.
MOST_CHARACTERS = 120_000
#: Lines of the task that are shown, and of each part of work that cannot be shown whole.
TASK_LINES, PART_LINES = 60, 80


@frozen
class Line:
    """A line, as shown.

    Attributes:
        mark: `+` where the step added it to a file, `-` where it removed it, a space for any other line of the work;
            empty where the line is no part of the work, but says what of it is not shown, or how a command ended.
    """

    mark: str
    text: str


@frozen
class ShownFile:
    """A file that the step changed.

    Attributes:
        path: as shown.
        what: `created`, `changed` or `removed`.
        before, after: the lines that changed, and those around.
    """

    path: str
    what: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


@frozen
class ShownStep:
    """A step, as shown to a judge.

    Attributes:
        task: what the user asked for.
        files: those that the step changed, its targets first.
        commands: each with its exit status behind it.
        reply: the answer that ended the step.
        is_cut: whether the work was too large to be shown whole, and something of it was left out.
    """

    task: tuple[Line, ...]
    files: tuple[ShownFile, ...] = ()
    commands: tuple[Line, ...] = ()
    reply: tuple[Line, ...] = ()
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the step did and said nothing that is shown."""
        return not (self.files or self.commands or self.reply)

    @property
    def size(self) -> int:
        """Characters of the work: of what the step changed, of its commands and its answer."""
        sides = [side for file in self.files for side in (file.before, file.after)]
        changed = sum(len(line.text) for side in sides for line in side if line.mark in ("+", "-"))
        paths = sum(len(file.path) for file in self.files)
        return changed + paths + sum(len(line.text) for line in (*self.commands, *self.reply))


@frozen
class Placed:
    """A message that was put into a file, and where."""

    text: str
    spot: Spot

    @property
    def telling(self) -> bytes:
        """Its longest word: without that, it stands nowhere in a file."""
        return max(_WORD.findall(self.text.lower()), key=len, default="").encode()

    @classmethod
    def of(cls, injection: Injection, spot: Spot) -> "Placed":
        """The message of `injection`, which took `spot`."""
        return cls(injection.text, spot)


def show_step(
    step: StepObservation, task: str, placed: Sequence[Placed], shows: Sequence[str] = ("diff", "commands", "reply")
) -> ShownStep:
    """The step as a judge reads it.

    Args:
        step: what it did.
        task: what the user asked for, without what the surroundings said in the same turn.
        placed: every message that stood in a file when the step ended, in the order in which they were put there.
        shows: which parts the rubric shows.
    """
    changes = sorted(step.changes, key=lambda change: (change.path not in step.targets, change.path))
    files = [_file(change, placed) for change in changes] if "diff" in shows else []
    whole = ShownStep(
        task=_cut(tuple(Line(" ", shown_line(line)) for line in lines_of(task)), TASK_LINES),
        files=tuple(file for file in files if file is not None),
        commands=tuple(_commands(step)) if "commands" in shows else (),
        reply=_lines(step.reply) if "reply" in shows else (),
    )
    return whole if whole.size <= MOST_CHARACTERS else _part_of(whole)


def _part_of(step: ShownStep) -> ShownStep:
    """Beginning and end of each part of a step, for whoever looks at one that was too large."""
    shown = [evolve(file, before=_cut(file.before), after=_cut(file.after)) for file in step.files[:PART_LINES]]
    return evolve(step, files=tuple(shown), commands=_cut(step.commands), reply=_cut(step.reply), is_cut=True)


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(" ", visible(line)) for line in lines_of(text)) if text.strip() else ()


def _commands(step: StepObservation) -> tuple[Line, ...]:
    shown: list[Line] = []
    for run in step.commands:
        shown += _lines(run.command)
        shown.append(Line("", f"[exit status {run.exit}]" if run.exit >= 0 else "[no exit status]"))
    return tuple(shown)


def _left_out(lines: int) -> Line:
    return Line("", f"[{lines} lines left out]")


def _cut(lines: tuple[Line, ...], most: int = PART_LINES) -> tuple[Line, ...]:
    """Beginning and end of `lines`, with how many are left out between."""
    if len(lines) <= most:
        return lines
    shown = (*lines[: most - most // 2], _left_out(len(lines) - most), *lines[len(lines) - most // 2 :])
    return tuple(evolve(line, text=shown_line(line.text)) for line in shown)


def _file(change: Change, placed: Sequence[Placed]) -> ShownFile | None:
    """The file; nothing where the step changed nothing of it beside messages of the surroundings."""
    path = visible(change.path)
    what = "created" if not change.existed_before else "changed" if change.exists_after else "removed"
    before = _without(change.before, change.path, placed)
    after = _without(change.after, change.path, placed)
    if before == after and change.existed_before and change.exists_after and before is not None:
        return None
    remark = _remark(before, change.existed_before) or _remark(after, change.exists_after)
    if remark:
        note = (Line("", remark),)
        return ShownFile(path, what, note if change.existed_before else (), note if change.exists_after else ())
    old, new = split_lines(decode(before or b"")), split_lines(decode(after or b""))
    found = compare(old, new)
    if not (found.added or found.removed) and what == "changed":
        return None
    near_old, near_new = _near(len(old), len(new), found)
    return ShownFile(path, what, _excerpt(old, near_old, found.removed, "-"), _excerpt(new, near_new, found.added, "+"))


def _remark(content: bytes | None, exists: bool) -> str:
    if content is None:
        return "[too large to be shown]" if exists else ""
    return "" if is_text(content) else f"[no text: {len(content)} bytes]"


def _without(content: bytes | None, path: str, placed: Iterable[Placed]) -> bytes | None:
    """`content` without the messages; the last ones first, as they were put in on top of the others."""
    if content is None or not is_text(content):
        return content
    for one in reversed(tuple(placed)):
        if one.telling not in content.lower():
            continue
        content = remove_earlier(content, path, (one.text,), one.spot.place, one.spot.anchor).source
    return content


def _near(old: int, new: int, found: Difference) -> tuple[list[int], list[int]]:
    """Numbers of the lines shown of both sides: those that changed, and on both sides the same lines around them."""
    removed, added = frozenset(found.removed), frozenset(found.added)
    kept_old = [number for number in range(1, old + 1) if number not in removed]
    kept_new = [number for number in range(1, new + 1) if number not in added]
    places = {bisect(kept_old, number) for number in removed} | {bisect(kept_new, number) for number in added}
    around = {k for place in places for k in range(max(0, place - CONTEXT), min(len(kept_old), place + CONTEXT))}
    return sorted({*removed, *(kept_old[k] for k in around)}), sorted({*added, *(kept_new[k] for k in around)})


def _excerpt(lines: Sequence[str], near: Sequence[int], changed: Sequence[int], mark: str) -> tuple[Line, ...]:
    marked = frozenset(changed)
    shown: list[Line] = []
    last = 0
    for number in (*near, len(lines) + 1):
        if number > last + 1:
            shown.append(_left_out(number - last - 1))
        if number in marked:
            shown.append(Line(mark, visible(lines[number - 1])))
        elif number <= len(lines):
            shown.append(Line(" ", shown_line(lines[number - 1])))
        last = number
    return tuple(shown)
