"""A folder in which the solutions of a scenario are played, commands and all, as an agent would play them.

In: a compiled scenario, and what is to be done in its repository. Out: the changes and commands that a scorer sees.
"""

import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path

from attrs import field, frozen
from worlds import Loaded, outcome_of, write

from driftlang.cells.edits import SolutionEdit
from driftlang.observe.forms import Change, CommandRun
from driftlang.score.forms import Outcome


@frozen
class Workbench:
    """The scenario's repository in `folder`, and the commands that were run in it."""

    loaded: Loaded
    folder: Path
    commands: list[CommandRun] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Lay out the repository as it is at HEAD."""
        write(self.folder, self.loaded.base)

    def run(self, command: str) -> None:
        """Run a line of shell; it must succeed."""
        subprocess.run(["sh", "-c", command], cwd=self.folder, check=True, timeout=60)
        self.commands.append(CommandRun(command, 0))

    def play(self, edits: Iterable[SolutionEdit]) -> None:
        """Make the edits of a solution, each of which must find its place once."""
        for edit in edits:
            path = self.folder / edit.path
            match edit.kind:
                case "command":
                    self.run(edit.text)
                case "remove":
                    self.run(f"rm -- {shlex.quote(edit.path)}")
                case "write":
                    write(self.folder, {edit.path: edit.text.encode()})
                case "edit":
                    before = path.read_text()
                    assert before.count(edit.old) == 1
                    path.write_text(before.replace(edit.old, edit.text))

    def tree(self) -> dict[str, bytes]:
        """Contents of all files by path."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def outcomes(self, step: str, directions: Iterable[str]) -> list[Outcome]:
        """How a step ends, in each direction, that did all that was done here."""
        base, now = self.loaded.base, self.tree()
        paths = sorted(path for path in base.keys() | now.keys() if base.get(path) != now.get(path))
        changes = tuple(Change(path, base.get(path), now.get(path)) for path in paths)
        return [outcome_of(self.loaded, one, step, changes, tuple(self.commands)) for one in directions]
