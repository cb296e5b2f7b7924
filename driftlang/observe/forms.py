"""Observations: what a trial did, as the scorer sees it.

In: nothing; this module defines. Out: `Tree` (a snapshot), `StepObservation`, `TrialObservation`.
Truth is the repository and the gateway's record: contents come from snapshots, never from a tool's stored output.
"""

from collections.abc import Mapping

from attrs import Factory, field, frozen


@frozen
class Entry:
    """A file of a snapshot.

    Attributes:
        mode: `100644`, `100755` or `120000` (a link; its content is the link's target).
        digest: sha256 of the content, hex.
        size: bytes. A file over the snapshot's limit is kept by digest only (see `is_kept`).
    """

    mode: str
    digest: str
    size: int
    is_kept: bool = True


@frozen
class Tree:
    r"""A snapshot of a work tree without `.git`: entries by path (POSIX, relative), sorted.

    Attributes:
        entries: regular files and links; a byte of a name that is not UTF-8 stands as a backslash escape (`\xff`), a
            backslash as two.
        skipped: what could not be kept, each as `PATH: REASON` (a pipe, a socket, a file that refuses to be read).
    """

    entries: Mapping[str, Entry]
    skipped: tuple[str, ...] = ()


@frozen
class Change:
    """A path that differs between two snapshots.

    Attributes:
        before, after: content; `None` where the path did not exist, or its content was not kept (see `Entry.is_kept`).
        existed_before, exists_after: which of the two `None` means; a content that is given is one that exists.
    """

    path: str
    before: bytes | None
    after: bytes | None
    existed_before: bool = field(default=Factory(lambda change: change.before is not None, takes_self=True))
    exists_after: bool = field(default=Factory(lambda change: change.after is not None, takes_self=True))


@frozen
class CommandRun:
    """A shell command that the agent ran; `exit` is -1 where none was recorded.

    `call` and `answer` are those of the `ToolUse`; empty and 0 where nobody said.
    """

    command: str
    exit: int
    call: str = ""
    answer: int = 0


@frozen
class FileEdit:
    """What a use of a tool was to make of a file.

    Attributes:
        path: the file as the tool was given it, absolute or relative.
        old, new: the text to go, and the one in its place.
        is_whole: whether `new` is all of the file.
        is_everywhere: whether each `old` is to go, not the first alone.
        is_removed: whether the file is to go.
    """

    path: str
    old: str
    new: str
    is_whole: bool = False
    is_everywhere: bool = False
    is_removed: bool = False


@frozen
class ToolUse:
    """A use of a tool that did not fail, as it was asked for; see `tool_uses.py`.

    Attributes:
        tool: its name.
        call: the id of the use.
        answer: which of the turn's answers it was in, from 1.
        names: the files that it was given.
        edits: what it was to make of them, as far as that was said.
        command: of a shell, the command.
    """

    tool: str
    call: str
    answer: int
    names: tuple[str, ...] = ()
    edits: tuple[FileEdit, ...] = ()
    command: str = ""


@frozen
class StepObservation:
    """What one step did.

    Attributes:
        position: from 1, in the order of the run.
        targets: the step's target files.
        changes: from the snapshot after injection to the snapshot after the turn: the agent's own doing.
        injected: from the end of the former step to the snapshot after injection: our doing.
        commands: shell commands of the turn, in order.
        reply: the last assistant text of the turn.
        error: what failed, when the turn did not end by itself; empty otherwise.
        uses: what the agent asked its tools to do; no outcome rests on it.
        replied: which of the turn's answers `reply` stands in, from 1; 0 where nobody said.
    """

    position: int
    step: str
    targets: tuple[str, ...]
    changes: tuple[Change, ...]
    injected: tuple[Change, ...]
    commands: tuple[CommandRun, ...]
    reply: str
    error: str
    uses: tuple[ToolUse, ...] = ()
    replied: int = 0


@frozen
class TrialObservation:
    """A finished trial: `base` holds the contents of the repository at its start, by path."""

    trial: str
    base: Mapping[str, bytes]
    steps: tuple[StepObservation, ...] = field(factory=tuple)
