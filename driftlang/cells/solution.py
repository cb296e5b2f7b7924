"""Model → solutions: the reference solutions of a scenario as edits that an agent can make.

In: a scenario. Out: `edits.Solutions`; findings in the sink.
Refuses to do: solutions that differ between directions or arms. They are rendered with a step's own names and the
texts of levels alone.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from attrs import evolve, field, frozen

from driftlang.cells.edits import PlannedSolution, SolutionEdit, Solutions
from driftlang.cells.hunks import edit_between
from driftlang.cells.texts import StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.bounds import LARGEST_FILE
from driftlang.model.forms import (
    AppendText,
    Factor,
    FileText,
    Level,
    RemoveFile,
    ReplaceText,
    ReplyText,
    RunCommand,
    Scenario,
    Solution,
    Step,
    WholeText,
)
from driftlang.model.paths import check_path
from driftlang.source import Span

_NO_LEVELS: Mapping[Factor, Level] = MappingProxyType({})

FileEdit = WholeText | FileText | AppendText | ReplaceText | RemoveFile


def make_solutions(
    scenario: Scenario, files: Mapping[str, bytes], sink: Sink, levels: Mapping[Factor, Level] = _NO_LEVELS
) -> Solutions:
    """The reference solutions of a scenario, by step and value in source order.

    Args:
        scenario: where the steps and their solutions stand.
        files: the untouched repository, contents by path.
        sink: gets an error for an edit of a file that is not there or is not text.
        levels: those of the cells that the solutions are for.
    """
    cell = bind_cell(levels, scenario.tasks)
    return Solutions(
        scenario=scenario.name,
        values=tuple(value.name for value in scenario.conflict.values),
        solutions=tuple(
            PlannedSolution(
                step.name, solution.value.name, make_edits(step, bind_step(step, cell), solution, files, sink)
            )
            for step in scenario.tasks.steps
            for solution in step.solutions
        ),
    )


@frozen
class _Desk:
    """The files while a solution is played: what was there, and what is there now (`None`: removed)."""

    step: Step
    texts: StepTexts
    base: Mapping[str, bytes]
    sink: Sink
    now: dict[str, str | None] = field(factory=dict)

    def edit(self, edit: FileEdit) -> None:
        """Make an edit of a file."""
        path, render = self._path(edit), self.texts.bindings.render
        if not path:
            return
        match edit:
            case WholeText() | FileText():
                self.now[path] = render(edit.text)
            case AppendText():
                self.now[path] = (self._read(path, edit.span) if self._exists(path) else "") + render(edit.text)
            case ReplaceText():
                self.now[path] = self._replaced(edit, path, render(edit.text))
            case RemoveFile():
                self._read(path, edit.span)
                self.now[path] = None

    def _path(self, edit: FileEdit) -> str:
        if not isinstance(edit, WholeText):
            path = self.texts.bindings.render(edit.path)
            # Checked once more: a name in it may have brought in what the text itself does not show.
            return path if check_path(path, edit.path.span, self.sink) else ""
        if self.texts.targets:
            return self.texts.targets[0]
        self._complain(
            f"gives its target's text, but the step `{self.step.name}` has none",
            edit.span,
            'give the step a `target`, or name the file: `file "PATH" ...`',
        )
        return ""

    def _replaced(self, edit: ReplaceText, path: str, text: str) -> str:
        import re2

        before = self._read(path, edit.span)
        pattern = edit.regex.flagged
        if not re2.search(pattern, before):
            self._complain(
                f"replaces `/{edit.regex.source}/` in `{path}`, which does not match there",
                edit.span,
                "mend the expression: it must match the text as the step finds it, after any solution before",
            )
        # Not more of the file is made than is kept of it; the count ends with the first that is too much.
        most = (LARGEST_FILE - len(before)) // max(1, len(text))
        if sum(1 for _ in islice(re2.finditer(pattern, before), most + 2)) > most + 1:
            self.sink.error(
                "too-large",
                f"the solution replaces `/{edit.regex.source}/` in `{path}` so often that the file would have more "
                f"than {LARGEST_FILE:,} characters",
                edit.span,
                help="write a pattern that matches less often",
            )
            return before
        after: str = re2.sub(pattern, lambda _: text, before)
        return after

    def _exists(self, path: str) -> bool:
        return self.now[path] is not None if path in self.now else path in self.base

    def _read(self, path: str, span: Span) -> str:
        """The text of a file; empty, with a finding, where there is none."""
        if not self._exists(path):
            self._complain(
                f"edits `{path}`, which does not exist then",
                span,
                "mend the path, write the file with `file`, or put the step `after` the one that writes it",
            )
            return ""
        text = self.now.get(path)
        if text is None:
            text = _decoded(self.base[path])
        if text is None:
            self._complain(
                f"edits `{path}`, which is not text in UTF-8", span, "edit another file, or give this one's whole text"
            )
        return text or ""

    def _complain(self, what: str, span: Span, action: str) -> None:
        self.sink.error("solution-without-file", f"the solution {what}", span, help=action)

    def flush(self) -> tuple[SolutionEdit, ...]:
        """The edits that make what is there now of what was there."""
        return tuple(edit for path, after in self.now.items() for edit in self._difference(path, after))

    def _difference(self, path: str, after: str | None) -> Iterator[SolutionEdit]:
        content = self.base.get(path)
        before = None if content is None else _decoded(content)
        if after is None:
            yield SolutionEdit("remove", path, "", "")
        elif before:
            yield from (SolutionEdit("edit", path, old, new) for old, new in edit_between(before, after))
        elif content is None or content != after.encode():
            yield SolutionEdit("write", path, "", after)

    def settled(self) -> "_Desk":
        """A desk on which what is there now was there before."""
        left = {path: content for path, content in self.base.items() if path not in self.now}
        new = {path: text.encode() for path, text in self.now.items() if text is not None}
        return evolve(self, base={**left, **new}, now={})


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def make_edits(
    step: Step, texts: StepTexts, solution: Solution, files: Mapping[str, bytes], sink: Sink
) -> tuple[SolutionEdit, ...]:
    """The solution's edits of `files` in order; those of files between two commands are merged, a file at a time."""
    desk = _Desk(step, texts, files, sink)
    made: tuple[SolutionEdit, ...] = ()
    render = desk.texts.bindings.render
    for edit in solution.edits:
        match edit:
            case RunCommand():
                made += (*desk.flush(), SolutionEdit("command", "", "", render(edit.command)))
                desk = desk.settled()
            case ReplyText():
                made += (*desk.flush(), SolutionEdit("reply", "", "", render(edit.text)))
                desk = desk.settled()
            case _:
                desk.edit(edit)
    return made + desk.flush()
