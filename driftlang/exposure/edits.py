"""Which call of a step made its first edit.

In: the step's messages as the agent's server gives them, the paths that the step changed, and its calls. Out: the
number of the first call whose answer changed a file.
Refuses to do: believing that a tool did what it was asked to. What failed is no edit; what no editing tool has named
was changed by a command, and then by the first that may have: of commands, only those that plainly read are innocent.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from driftlang.exposure.forms import CALL
from driftlang.exposure.requests import Asked
from driftlang.observe.tool_uses import EDITING, SHELL, is_named, uses_of
from driftlang.score.reading_commands import only_reads

#: Folders that programs keep for themselves: nobody's edit.
_KEPT_BY_PROGRAMS = ("__pycache__", "node_modules")
#: A provider's package may spell ids of calls otherwise than its server did.
_ODD = re.compile(r"[^\w-]")


def first_edit(messages: bytes, changed: Mapping[str, bool], asked: Sequence[Asked]) -> int:
    """The number of the first call that changed a file, from 1; 0 when none did.

    Args:
        messages: JSON list of the turn's messages.
        changed: see `StepFacts.changed`.
        asked: the step's calls.
    """
    paths = {path: stood for path, stood in changed.items() if not _is_programs_own(path)}
    if not paths:
        return 0
    uses = uses_of(messages)
    edits = [use for use in uses if use.tool in EDITING]
    named = [name for use in edits for name in use.names]
    made = [use for use in edits if any(is_named(path, use.names) for path in paths)]
    if any(not is_named(path, named) for path in paths):
        made += [use for use in uses if use.tool == SHELL and not only_reads(use.command)][:1]
    told = _told(asked)
    # An id that a former step has used tells nothing, nor does one that no call tells of.
    return min((told.get(_ODD.sub("_", use.call)) or min(use.answer, len(asked)) for use in made), default=0)


def _is_programs_own(path: str) -> bool:
    folders = PurePosixPath(path).parts[:-1]
    return any(one.startswith(".") or one in _KEPT_BY_PROGRAMS for one in folders)


def _told(asked: Sequence[Asked]) -> Mapping[str, int]:
    """By a tool call's id, how many calls had been made when it was first told of: that many were answered by then."""
    told: dict[str, int] = {}
    for number, one in enumerate(asked):
        for segment in one.segments():
            if segment.kind == CALL:
                told.setdefault(_ODD.sub("_", segment.call), number)
    return told
