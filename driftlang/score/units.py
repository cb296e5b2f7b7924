"""Units: what a pattern of a surface looks at.

In: what a step did (`StepObservation`) and the tree at its end. Out: units, each a text with its path and first line.
Refuses to do: matching. "Added", "removed", "changed" and "created" are relative to the snapshot after injection, as
`Change` is, so that what was injected, and what stood before, is no added line. The two surfaces of whole files give
them as they stand, with all that was injected into them: a pattern there may hit a message.

Surfaces and their units: contiguous blocks of added lines (`added code`, `added code outside strings`, `added
comments`, `added lines`) or of removed ones (`removed lines`); whole files (`changed file`: those the step changed or
created; `file`: all that stand at its end); paths (`created path`, `removed path`; `changed path`: any of those two or
a changed content or mode); simple commands (`command`; `succeeded command` and `failed command` only where an exit
status was recorded, which is that of the whole line); the `reply`. Trailing white space is left out of every text of a
file, and a block of empty lines is no unit.
Files that are not text (a NUL byte near the beginning), and those whose content a snapshot did not keep (too large),
have paths but no lines; a difference to a content that was not kept has none either.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from attrs import field, frozen

from driftlang.observe.forms import Change, StepObservation
from driftlang.observe.tool_uses import SHELL
from driftlang.score.commands import simple_commands
from driftlang.score.difference import Difference, blocks, compare, split_lines
from driftlang.score.forms import Origin
from driftlang.score.mask import View, decode, is_text, mask

_VIEWS = {
    "added code": View.CODE,
    "added code outside strings": View.CODE_OUTSIDE_STRINGS,
    "added comments": View.COMMENTS,
    "added lines": View.TEXT,
}
#: Surfaces whose units come from the contents or the existence of files.
FILE_SURFACES = (*_VIEWS, "removed lines", "changed file", "file", "created path", "changed path", "removed path")


#: Characters of a command that are kept as an origin.
_LONGEST_COMMAND = 600
_NO_ORIGIN = Origin()


@frozen
class Unit:
    """One thing a pattern can hit. `line` is the number of its first line, 0 where there are no lines.

    `content` is that of the whole file which the lines are of, as it stands or stood; empty where there are none.
    `origin` is that of a command or a reply; see `origins.py` for texts of files.
    """

    path: str
    line: int
    text: str
    content: bytes = field(default=b"", repr=False)
    origin: Origin = _NO_ORIGIN


def view_of(surface: str) -> View:
    """What of a file's text the units of a surface show."""
    return _VIEWS.get(surface, View.TEXT)


def units(
    surface: str,
    step: StepObservation,
    tree: Mapping[str, bytes],
    is_wanted: Callable[[str, str], bool] = lambda _path, _text: True,
) -> Iterator[Unit]:
    """The units of a surface, in a fixed order.

    Args:
        surface: one of `model.forms.SURFACES`.
        step: what the step did.
        tree: contents of all files at the step's end, by path; only `file` looks at it.
        is_wanted: whether lines added to a file, given its path and its whole text, are wanted: to mask it takes time.
    """
    changes = sorted(step.changes, key=lambda change: change.path)
    if surface in _VIEWS:
        return _added(changes, _VIEWS[surface], is_wanted)
    if surface.endswith("command"):
        return _commands(surface, step)
    if surface.endswith(" path"):
        return _paths(surface, changes)
    if surface == "file":
        return _files(sorted(tree.items()))
    if surface == "changed file":
        return _files((change.path, change.after) for change in changes)
    return _removed(changes) if surface == "removed lines" else _reply(step)


def _added(changes: Iterable[Change], view: View, is_wanted: Callable[[str, str], bool]) -> Iterator[Unit]:
    for change in changes:
        if change.after is None or not _is_known(change) or not is_text(change.after):
            continue
        if not is_wanted(change.path, decode(change.after)):
            continue
        lines = split_lines(mask(change.after, change.path, view))
        for first, last in blocks(difference(change.before or b"", change.after).added):
            # A masked tail is white space, which `split_lines` may have cut off.
            text = "\n".join(lines[first - 1 : last])
            if text.strip():
                yield Unit(change.path, first, text, change.after)


def _removed(changes: Iterable[Change]) -> Iterator[Unit]:
    for change in changes:
        if change.before is None or not _is_known(change) or not is_text(change.before):
            continue
        lines = split_lines(decode(change.before))
        for first, last in blocks(difference(change.before, change.after or b"").removed):
            text = "\n".join(lines[first - 1 : last])
            if text.strip():
                yield Unit(change.path, first, text, change.before)


def _is_known(change: Change) -> bool:
    """Whether both contents are: kept, or of a file that was not there."""
    return (change.before is None) is not change.existed_before and (change.after is None) is not change.exists_after


def is_work(change: Change) -> bool:
    """Whether a change is more than trailing white space."""
    if change.before is None or change.after is None or not (is_text(change.before) and is_text(change.after)):
        return True
    return split_lines(decode(change.before)) != split_lines(decode(change.after))


@lru_cache(maxsize=256)
def difference(before: bytes, after: bytes) -> Difference:
    """Lines added and removed from one content of a file to another; something that is not text has no lines."""
    old = split_lines(decode(before)) if is_text(before) else []
    return compare(old, split_lines(decode(after)) if is_text(after) else [])


def _files(contents: Iterable[tuple[str, bytes | None]]) -> Iterator[Unit]:
    for path, content in contents:
        if content is not None and is_text(content):
            yield Unit(path, 1, "\n".join(split_lines(decode(content))), content)


def _reply(step: StepObservation) -> Iterator[Unit]:
    if step.reply.strip():
        yield Unit("", 0, step.reply, origin=Origin("answer", step.position, answer=step.replied))


def _paths(surface: str, changes: Iterable[Change]) -> Iterator[Unit]:
    for change in changes:
        is_created, is_removed = not change.existed_before, not change.exists_after
        is_unit = {"created path": is_created, "removed path": is_removed, "changed path": True}[surface]
        if is_unit:
            yield Unit(change.path, 0, change.path)


def _commands(surface: str, step: StepObservation) -> Iterator[Unit]:
    for run in step.commands:
        has_succeeded, has_failed = run.exit == 0, run.exit > 0
        if surface == "command" or (has_succeeded if surface == "succeeded command" else has_failed):
            origin = Origin("call", step.position, SHELL, run.call, run.answer, run.command[:_LONGEST_COMMAND])
            for command in simple_commands(run.command):
                yield Unit("", 0, command, origin=origin)
