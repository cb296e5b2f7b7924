"""Uses of tools: what a turn's messages say that the agent asked its tools to do.

In: the messages of a turn, as the agent's server gives them. Out: `ToolUse`s, in their order.
Refuses to do: taking them for what happened. They tell which of the turn's calls may have brought a change that the
snapshots show, and nothing else. Uses that failed are left out.

Source: OpenCode 1.18.33. `write` takes a whole file, `edit` one text in the place of another (in that of nothing, it
is the whole file), `apply_patch` a patch of the form `*** Begin Patch`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from driftlang.observe.forms import FileEdit, ToolUse
from driftlang.observe.texts import encodable

#: OpenCode's tools that write files, and the one that runs commands.
EDITING = ("edit", "write", "apply_patch", "patch", "multiedit")
SHELL = "bash"
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$", re.MULTILINE)
_BEGINS_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)$")

_Json = Mapping[str, object]


def uses_of(messages: bytes) -> tuple[ToolUse, ...]:
    """The uses of tools in a turn that did not fail; none where the messages are no JSON."""
    try:
        turn = json.loads(messages or b"[]")
    except ValueError:
        return ()
    told = [one for one in turn if isinstance(one, dict)] if isinstance(turn, list) else []
    return tuple(_uses(told))


def _uses(turn: Sequence[_Json]) -> Iterator[ToolUse]:
    for number, parts in enumerate(answers_of(turn), 1):
        for part in parts:
            state = _object(part, "state")
            if part.get("type") == "tool" and state.get("status") != "error":
                given = _object(state, "input")
                command = given.get("command")
                yield ToolUse(
                    encodable(str(part.get("tool") or "")),
                    encodable(str(part.get("callID") or "")),
                    number,
                    tuple(_named(given)),
                    tuple(_edits(given)),
                    encodable(command) if isinstance(command, str) else "",
                )


def answers_of(turn: Sequence[_Json]) -> list[list[_Json]]:
    """The parts of each answer of a turn, in order; summaries that compaction has the model write are none."""
    spoken = [one for one in turn if _object(one, "info").get("role") == "assistant"]
    lists = [one.get("parts") for one in spoken if not _object(one, "info").get("summary")]
    return [[part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else [] for parts in lists]


def _object(value: object, key: str) -> _Json:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _named(given: _Json) -> list[str]:
    """The files that an editing tool was given."""
    path, patch = given.get("filePath"), given.get("patchText")
    return [*([path] if isinstance(path, str) else []), *(_PATCHED.findall(patch) if isinstance(patch, str) else [])]


def is_named(path: str, names: Sequence[str]) -> bool:
    """Whether one of the names, absolute or relative, is that of a path."""
    return any(name.strip() == path or name.strip().endswith(f"/{path}") for name in names)


def _edits(given: _Json) -> Iterator[FileEdit]:
    path, patch = given.get("filePath"), given.get("patchText")
    if isinstance(path, str):
        several = given.get("edits")
        for one in (given, *(several if isinstance(several, list) else ())):
            yield from _edit(path, one)
    if isinstance(patch, str):
        yield from _patched(patch)


def _edit(path: str, given: object) -> Iterator[FileEdit]:
    if not isinstance(given, dict):
        return
    whole, old, new = given.get("content"), given.get("oldString"), given.get("newString")
    if isinstance(whole, str):
        yield FileEdit(path, "", whole, is_whole=True)
    elif isinstance(old, str) and isinstance(new, str):
        yield FileEdit(path, old, new, is_whole=not old, is_everywhere=bool(given.get("replaceAll")))


def _patched(patch: str) -> Iterator[FileEdit]:
    """The edits of a patch. Of a file that it moves the old one goes; what the new one holds is not in the patch."""
    kind, path, lines = "", "", list[str]()
    for line in (*patch.split("\n"), "*** End Patch"):
        begins = _BEGINS_FILE.match(line)
        if begins or line.startswith("*** End Patch"):
            yield from _patched_file(kind, path, lines)
            kind, path, lines = (begins[1], begins[2].strip(), []) if begins else ("", "", [])
        else:
            lines.append(line)


def _patched_file(kind: str, path: str, lines: Sequence[str]) -> Iterator[FileEdit]:
    if kind == "Delete" or (kind and any(line.startswith("*** Move to") for line in lines)):
        yield FileEdit(path, "", "", is_removed=True)
    elif kind == "Add":
        yield FileEdit(path, "", "\n".join(line[1:] for line in lines if line.startswith("+")), is_whole=True)
    elif kind:
        hunks: list[list[str]] = [[]]
        for line in lines:
            if line.startswith("@@"):
                hunks.append([])
            elif not line.startswith("*** "):
                hunks[-1].append(line)
        for hunk in filter(None, hunks):
            old = "\n".join(line[1:] for line in hunk if not line.startswith("+"))
            yield FileEdit(path, old, "\n".join(line[1:] for line in hunk if not line.startswith("-")))
