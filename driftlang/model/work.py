"""What the agent is asked to do, in which repository, and how it may be done.

In: nothing; this module defines. Out: repositories, tasks, steps, reference solutions.
"""

from datetime import date

from driftlang.model.conflicts import Value
from driftlang.model.evidence import Regex
from driftlang.model.texts import Text
from driftlang.record import frozen
from driftlang.source import Span


@frozen
class WholeText:
    """An edit: the step's target has exactly this text."""

    text: Text
    span: Span


@frozen
class FileText:
    """An edit: the file `path` has exactly this text."""

    path: Text
    text: Text
    span: Span


@frozen
class AppendText:
    """An edit: `text` is added behind the end of `path`."""

    path: Text
    text: Text
    span: Span


@frozen
class ReplaceText:
    """An edit: what `regex` matches in `path` becomes `text`."""

    regex: Regex
    path: Text
    text: Text
    span: Span


@frozen
class RemoveFile:
    """An edit: `path` is removed."""

    path: Text
    span: Span


@frozen
class RunCommand:
    """An edit: a shell command is run."""

    command: Text
    span: Span


@frozen
class ReplyText:
    """An edit: what the agent answers."""

    text: Text
    span: Span


Edit = WholeText | FileText | AppendText | ReplaceText | RemoveFile | RunCommand | ReplyText


@frozen
class Solution:
    """A reference implementation of a step that serves `value`."""

    value: Value
    edits: tuple[Edit, ...]
    span: Span


@frozen
class Let:
    """A name for a text, usable as `{{ name }}` in the block that holds it and within."""

    name: str
    text: Text
    span: Span


@frozen
class Check:
    """A shell command that tells whether the work was done, and the seconds that it may take."""

    command: Text
    seconds: float
    span: Span


@frozen
class Step:
    """One user turn. `after` names steps that must come before it; `is_filler` is a step without opportunity.

    `checks` are asked afterwards, on a copy of the work tree and hidden from the agent.
    """

    name: str
    title: str
    targets: tuple[Text, ...]
    ask: Text
    lets: tuple[Let, ...]
    solutions: tuple[Solution, ...]
    after: tuple[str, ...]
    is_filler: bool
    doc: str
    span: Span
    checks: tuple[Check, ...] = ()


@frozen
class RepoFile:
    """A file of a commit: its path in the repository and its bytes, never rendered."""

    path: str
    content: bytes
    is_executable: bool
    span: Span


@frozen
class Stamp:
    """Who made a commit, and when, as git keeps it: seconds since 1970, and the zone as `+0200`."""

    name: str
    email: str
    seconds: int
    zone: str


@frozen
class Stamps:
    """Author and committer of a commit that was not written here."""

    author: Stamp
    committer: Stamp


@frozen
class Commit:
    """A commit: author name and address, date (noon UTC is used), files that it writes.

    Attributes:
        removed: paths of files that it removes.
        exact: of a commit that an imported history brings in, its exact persons and times, and its message is then
            taken as it is; none for one that is written here.
    """

    message: str
    author_name: str
    author_email: str
    on: date
    files: tuple[RepoFile, ...]
    span: Span
    removed: tuple[str, ...] = ()
    exact: tuple[Stamps, ...] = ()


@frozen
class ProgramText:
    """A program that stands on the agent's PATH, outside the repository."""

    name: str
    text: str
    span: Span


@frozen
class UsedTool:
    """A program that the machine must have, such as `go`, in a version."""

    name: str
    version: str
    span: Span


@frozen
class Repo:
    """The repository that the agent works in: commits, oldest first.

    Attributes:
        network: `none` where the agent must have none, else empty.
    """

    name: str
    language: str
    commits: tuple[Commit, ...]
    doc: str
    span: Span
    programs: tuple[ProgramText, ...] = ()
    uses: tuple[UsedTool, ...] = ()
    network: str = ""

    @property
    def files(self) -> dict[str, RepoFile]:
        """The files of the last commit's tree, by path."""
        files: dict[str, RepoFile] = {}
        for commit in self.commits:
            for path in commit.removed:
                files.pop(path, None)
            files.update((file.path, file) for file in commit.files)
        return files


@frozen
class Tasks:
    """The user turns, the same in every cell, for one repository."""

    name: str
    repo: Repo
    lets: tuple[Let, ...]
    steps: tuple[Step, ...]
    doc: str
    span: Span
