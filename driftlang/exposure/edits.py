"""Which call of a step made its first edit.

In: the step's messages as the agent's server gives them, the paths that the step changed, and its calls. Out: the
number of the first call whose answer changed a file.
Refuses to do: believing that a tool did what it was asked to. What failed is no edit; what no editing tool has named
was changed by a command, and then by the first that may have: of commands, only those that plainly read are innocent.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from attrs import frozen

from driftlang.exposure.forms import CALL
from driftlang.exposure.requests import Asked
from driftlang.score.commands import simple_commands

#: OpenCode's tools that write files, and the one that runs commands.
_EDITING = ("edit", "write", "apply_patch", "patch", "multiedit")
_SHELL = "bash"
#: Programs that only read, whatever their arguments; with what makes of one of them a writer.
_READING = {
    **dict.fromkeys(
        ("cat", "cd", "cut", "date", "diff", "du", "echo", "env", "file", "grep", "head", "ls", "nl", "printf"), ""
    ),
    **dict.fromkeys(
        ("printenv", "pwd", "rg", "stat", "tail", "test", "tr", "tree", "true", "type", "uniq", "wc", "which"), ""
    ),
    "find": r"\s-(?:delete|exec|execdir|ok|okdir|fprint\w*|fls)\b",
    "sed": r"\s(?:-[a-zA-Z]*i|--in-place|-f)|\bw\s",
    "sort": r"\s(?:-[a-zA-Z]*o|--output)",
    "git": r"\bgit\s+(?!(?:--no-pager\s+)?(?:log|show|status|diff|blame|branch|ls-files|rev-parse|grep)\b)|--output\b",
}
_INTO_FILE = re.compile(r"\d*>{1,2}\|?\s*(?!&|/dev/null|>)")
#: Folders that programs keep for themselves: nobody's edit.
_KEPT_BY_PROGRAMS = ("__pycache__", "node_modules")
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$", re.MULTILINE)
#: A provider's package may spell ids of calls otherwise than its server did.
_ODD = re.compile(r"[^\w-]")

_Json = Mapping[str, object]


@frozen
class _ToolUse:
    """A use of a tool that came to its end: `answer` counts the turn's answers, from 1."""

    tool: str
    call: str
    answer: int
    given: _Json


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
    uses = list(_uses(messages))
    edits = [use for use in uses if use.tool in _EDITING]
    named = [name for use in edits for name in _named(use.given)]
    made = [use for use in edits if any(_is_named(path, _named(use.given)) for path in paths)]
    if any(not _is_named(path, named) for path in paths):
        commands = [use for use in uses if use.tool not in _EDITING]
        writers = [use for use in commands if use.tool == _SHELL and not _only_reads(str(use.given.get("command", "")))]
        made += writers[:1]
    told = _told(asked)
    # An id that a former step has used tells nothing, nor does one that no call tells of.
    return min((told.get(_ODD.sub("_", use.call)) or min(use.answer, len(asked)) for use in made), default=0)


def _is_programs_own(path: str) -> bool:
    folders = PurePosixPath(path).parts[:-1]
    return any(one.startswith(".") or one in _KEPT_BY_PROGRAMS for one in folders)


def _uses(messages: bytes) -> Iterator[_ToolUse]:
    """The uses of tools in a turn that did not fail, in their order."""
    try:
        turn = json.loads(messages or b"[]")
    except ValueError:
        return
    answers = [one for one in turn if isinstance(one, dict)] if isinstance(turn, list) else []
    spoken = [one for one in answers if _inner(one, "info").get("role") == "assistant"]
    for number, message in enumerate((one for one in spoken if not _inner(one, "info").get("summary")), 1):
        parts = message.get("parts")
        for part in parts if isinstance(parts, list) else ():
            state = _inner(part, "state")
            if _inner(part, "").get("type") == "tool" and state.get("status") != "error":
                yield _ToolUse(str(part.get("tool")), str(part.get("callID")), number, _inner(state, "input"))


def _inner(value: object, key: str) -> _Json:
    """The object under a key, or the object itself for no key."""
    inner = value.get(key) if key and isinstance(value, dict) else value if not key else None
    return inner if isinstance(inner, dict) else {}


def _named(given: _Json) -> list[str]:
    """The files that an editing tool was given."""
    path, patch = given.get("filePath"), given.get("patchText")
    return [*([path] if isinstance(path, str) else []), *(_PATCHED.findall(patch) if isinstance(patch, str) else [])]


def _is_named(path: str, names: Sequence[str]) -> bool:
    """Whether one of the names, absolute or relative, is that of a path."""
    return any(name.strip() == path or name.strip().endswith(f"/{path}") for name in names)


def _only_reads(line: str) -> bool:
    """Whether a shell line plainly writes nothing."""
    return all(map(_is_reading, simple_commands(line)))


def _is_reading(command: str) -> bool:
    program = command.split(maxsplit=1)[0] if command.split() else ""
    if program not in _READING or _INTO_FILE.search(command):
        return False
    writing = _READING[program]
    return not (writing and re.search(writing, command))


def _told(asked: Sequence[Asked]) -> Mapping[str, int]:
    """By a tool call's id, how many calls had been made when it was first told of: that many were answered by then."""
    told: dict[str, int] = {}
    for number, one in enumerate(asked):
        for segment in one.segments():
            if segment.kind == CALL:
                told.setdefault(_ODD.sub("_", segment.call), number)
    return told
