"""Examples → observations: a `hit` or `miss` as a step that did just that.

In: the surface and globs of a pattern, the path and text of an example. Out: `Example`, which the bank takes as it
takes any step.
Refuses to do: matching. An example goes through the same units and masks as what an agent did.
"""

from collections.abc import Mapping

from attrs import frozen

from driftlang.observe.forms import Change, CommandRun, StepObservation
from driftlang.score.sample_path import sample_path

#: Surfaces on which an example is what was taken away.
_REMOVING = ("removed lines", "removed path")
_STEP = "example"


@frozen
class Example:
    """What a step did that shows an example, and the contents of all files at its end."""

    step: StepObservation
    tree: Mapping[str, bytes]


def example_of(surface: str, globs: tuple[tuple[str, ...], tuple[str, ...]], path: str, text: str) -> Example:
    """The example as a step.

    Args:
        surface: one of `model.forms.SURFACES`.
        globs: what paths of the pattern include and exclude.
        path: the file of `hit file "path"`, which the step created (or, on a surface of removals, removed); empty for
            `hit "line"`: a file that gained (lost) the line, a path, a command or an answer, as the surface has it.
        text: the line, or the file's content.
    """
    if surface.endswith("command"):
        return step_of(commands=(CommandRun(text, 1 if surface == "failed command" else 0),))
    if surface == "reply":
        return step_of(reply=text)
    if surface.endswith(" path") and not path:
        return step_of(_path_change(surface, text.strip()))
    if path:
        is_removed = surface in _REMOVING
        return step_of(Change(path, text.encode(), None) if is_removed else Change(path, None, text.encode()))
    line = _ended(text)
    where = sample_path(*globs) or "example.txt"
    return step_of(Change(where, line, b"") if surface in _REMOVING else Change(where, b"", line))


def step_of(*changes: Change, commands: tuple[CommandRun, ...] = (), reply: str = "") -> Example:
    """A first step that did this, and nothing else, in an otherwise empty repository."""
    step = StepObservation(1, _STEP, (), changes, (), commands, reply, "")
    tree = {change.path: change.after for change in changes if change.after is not None}
    return Example(step, tree)


def _path_change(surface: str, path: str) -> Change:
    if surface == "created path":
        return Change(path, None, b"")
    return Change(path, b"", None) if surface == "removed path" else Change(path, b"", b"\n")


def _ended(text: str) -> bytes:
    return (text if text.endswith("\n") else text + "\n").encode()
