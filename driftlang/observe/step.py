"""Observation: what a step did, from snapshots and the agent's messages.

In: three snapshots (end of the former step, after injection, after the turn), a reader of contents, and the messages
of the turn as OpenCode gives them. Out: `StepObservation`.
Refuses to do: judging, and believing a tool's stored output: contents come from snapshots, messages say only which
commands were run and what was answered.
"""

import json
from collections.abc import Callable, Mapping

from attrs import frozen

from driftlang.observe.forms import Change, CommandRun, Entry, StepObservation, Tree
from driftlang.observe.texts import encodable
from driftlang.observe.tool_uses import SHELL, answers_of, uses_of

#: Gives the content of a digest.
ReadContent = Callable[[str], bytes]
#: A JSON object, as another program wrote it.
_Json = Mapping[str, object]


@frozen
class StepTrees:
    """The snapshots around a step.

    Attributes:
        former: at the end of the former step (for the first, of the untouched repository).
        before: after injection, as the agent found it.
        after: when the turn had ended.
    """

    former: Tree
    before: Tree
    after: Tree


def observe(  # noqa: PLR0913 - the parts of one record, named at every call
    *,
    position: int,
    step: str,
    targets: tuple[str, ...],
    trees: StepTrees,
    read: ReadContent,
    messages: bytes,
    error: str,
) -> StepObservation:
    """What the step at `position` did. `messages` is the JSON list of the turn's messages, oldest first."""
    turn = _parse(messages)
    reply, replied = _reply_of(turn)
    return StepObservation(
        position=position,
        step=step,
        targets=targets,
        changes=changes_between(trees.before, trees.after, read),
        injected=changes_between(trees.former, trees.before, read),
        commands=commands_of(turn),
        reply=reply,
        error=error,
        uses=uses_of(messages),
        replied=replied,
    )


def changes_between(before: Tree, after: Tree, read: ReadContent) -> tuple[Change, ...]:
    """Paths whose content or mode differs, sorted."""
    paths = sorted({*before.entries, *after.entries})
    return tuple(
        Change(
            path,
            _content(before, path, read),
            _content(after, path, read),
            existed_before=path in before.entries,
            exists_after=path in after.entries,
        )
        for path in paths
        if before.entries.get(path) != after.entries.get(path)
    )


def contents_of(tree: Tree, read: ReadContent) -> dict[str, bytes]:
    """The kept regular files of `tree`, by path."""
    return {path: read(entry.digest) for path, entry in tree.entries.items() if _is_readable(entry)}


def _is_readable(entry: Entry) -> bool:
    return entry.is_kept and entry.mode != "120000"


def _content(tree: Tree, path: str, read: ReadContent) -> bytes | None:
    entry = tree.entries.get(path)
    return None if entry is None or not entry.is_kept else read(entry.digest)


def _parse(messages: bytes) -> list[_Json]:
    found = json.loads(messages or b"[]")
    return [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []


def _object(value: object, key: str) -> _Json:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def commands_of(turn: list[_Json]) -> tuple[CommandRun, ...]:
    """The shell commands of a turn that came to their end, in order; -1 stands for an exit nobody recorded."""
    found = []
    for number, parts in enumerate(answers_of(turn), 1):
        for part in parts:
            state = _object(part, "state")
            command = _object(state, "input").get("command")
            if part.get("tool") == SHELL and state.get("status") == "completed" and isinstance(command, str):
                code = _object(state, "metadata").get("exit")
                exit_ = code if isinstance(code, int) else -1
                found.append(CommandRun(encodable(command), exit_, str(part.get("callID") or ""), number))
    return tuple(found)


def reply_of(turn: list[_Json]) -> str:
    """The last assistant text of a turn that says anything; empty when there was none."""
    return _reply_of(turn)[0]


def _reply_of(turn: list[_Json]) -> tuple[str, int]:
    """The reply, and the number of the answer that it stands in."""
    texts = [
        (text, number)
        for number, parts in enumerate(answers_of(turn), 1)
        for part in parts
        if part.get("type") == "text" and isinstance(text := part.get("text"), str) and text.strip()
    ]
    return (encodable(texts[-1][0]), texts[-1][1]) if texts else ("", 0)
