"""Declarations of tasks → forms: steps, their texts and reference solutions.

In: a declaration. Out: `Tasks`, or None where its repository or a step is broken, which has been said then.
Refuses to do: checks that need a scenario, such as which values need a solution; see `read_scenarios.py`.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from attrs import evolve

from driftlang.diagnostics.diagnostic import Label
from driftlang.diagnostics.suggest import closest, did_you_mean
from driftlang.model.bounds import MOST_LETS, MOST_STEPS
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    AppendText,
    Check,
    Edit,
    FileText,
    Let,
    RemoveFile,
    ReplaceText,
    ReplyText,
    Repo,
    RunCommand,
    Solution,
    Step,
    Tasks,
    Text,
    Value,
    WholeText,
)
from driftlang.model.paths import check_path_text
from driftlang.model.placeholders import RESERVED, check_cycles
from driftlang.model.read_conflicts import report_doubled
from driftlang.model.read_regex import read_regex
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.vocabulary import SOLUTION, STEP, TASKS
from driftlang.model.wording import empty_text, plain_text, text_of
from driftlang.source import Span
from driftlang.syntax.ast import Duration, Entry, Quoted, Slashed, Word

#: Seconds that a check may take where its author names none, and the most that may be named.
_CHECK_SECONDS, _MOST_CHECK_SECONDS = Decimal(60), 3600


def read_tasks(resolver: Resolver, declared: Declared) -> Tasks | None:
    """The steps for one repository, in the order of the source."""
    fields = declared.fields(TASKS)
    for_row = fields.row("for")
    repo = None
    if for_row is not None:
        repo_word = for_row.take(Word, "a repo")
        for_row.end()
        repo = resolver.find(repo_word, Repo)
    lets = read_lets(resolver, fields)
    check_cycles(lets, (), resolver.sink)
    reading = _Steps(resolver, declared, lets)
    for number, (entry, row) in enumerate(fields.rows("step"), start=1):
        if not row.at_most(number, MOST_STEPS, entry.span, " steps"):
            return None
        reading.read(entry, row)
    steps = reading.finish()
    if repo is None:
        return None
    return Tasks(declared.name, repo, lets, steps, declared.doc, declared.span)


def read_lets(resolver: Resolver, fields: Fields) -> tuple[Let, ...]:
    """The `let`s of a block, each name once."""
    found: dict[str, Let] = {}
    for entry, row in fields.rows("let"):
        name = row.take(Word, "a name")
        row.expect("=")
        text = row.take(Quoted)
        row.end()
        if name is None or text is None:
            continue
        if name.text in RESERVED:
            resolver.sink.error(
                "doubled-name",
                f"`{name.text}` has a meaning already: `{{{{ {name.text} }}}}` is put in by itself",
                name.span,
                help="take another name",
            )
        elif name.text in found:
            report_doubled(resolver, "name", name, found[name.text].span)
        else:
            found[name.text] = Let(name.text, text_of(text), entry.span)
        if not row.at_most(len(found), MOST_LETS, entry.span, " names"):
            break
    return tuple(found.values())


class _Steps:
    """The steps of one tasks block."""

    def __init__(self, resolver: Resolver, declared: Declared, lets: tuple[Let, ...]) -> None:
        self._resolver = resolver
        self._sink = resolver.sink
        self._declared = declared
        self._lets = lets
        self._steps: dict[str, Step] = {}
        self._after: dict[str, list[Word]] = {}

    def read(self, entry: Entry, row: Row) -> None:
        """One step."""
        name = row.take(Word, "the step's name")
        title = row.take(Quoted) if row.has(Quoted) else None
        row.end_of_items()
        if not row.failed and not entry.block.is_there:
            row.fail("`{` and the block of the step")
        if name is None:
            return
        fields = Fields(entry.block, entry.span, STEP, self._sink)
        step = self._step(name, title, entry, fields)
        if name.text in self._steps:
            report_doubled(self._resolver, "step", name, self._steps[name.text].span)
            return
        self._steps[name.text] = step
        after = fields.row("after")
        if after is not None:
            self._after[name.text] = after.listed(Word, "a step")
            after.end()

    def _step(self, name: Word, title: Quoted | None, entry: Entry, fields: Fields) -> Step:
        targets = self._targets(fields)
        ask_row = fields.row("ask")
        ask = ask_row.say() if ask_row else None
        if ask_row:
            ask_row.end()
        lets = read_lets(self._resolver, fields)
        check_cycles(lets, self._lets, self._sink)
        filler = fields.row("filler")
        if filler:
            filler.end()
        return Step(
            name.text,
            plain_text(title, self._sink, "a step's title") if title else "",
            targets,
            text_of(ask) if ask else empty_text(entry.span),
            lets,
            self._solutions(fields, len(targets)),
            (),
            filler is not None,
            entry.doc,
            entry.span,
            tuple(self._checks(fields)),
        )

    def _checks(self, fields: Fields) -> Iterator[Check]:
        for entry, row in fields.rows("check"):
            command = row.take(Quoted, "a command, as a text")
            within = row.take(Duration, "a time, as in `within 60s`") if row.keyword("within") else None
            row.end()
            if command is None or row.failed:
                continue
            seconds = within.seconds if within else _CHECK_SECONDS
            if not 0 < seconds <= _MOST_CHECK_SECONDS:
                self._sink.error(
                    "wrong-argument",
                    f"found a time of {seconds:f} s, expected more than 0 and at most {_MOST_CHECK_SECONDS} s",
                    within.span if within else entry.span,
                    help='write `check "command" within 60s`',
                )
                continue
            yield Check(text_of(command), float(seconds), entry.span)

    def _targets(self, fields: Fields) -> tuple[Text, ...]:
        row = fields.row("target")
        if row is None:
            return ()
        targets = tuple(text_of(text) for text in row.listed(Quoted, "a path, as a text"))
        row.end()
        for target in targets:
            check_path_text(target, self._sink)
        return targets

    def _solutions(self, fields: Fields, targets: int) -> tuple[Solution, ...]:
        found: dict[str, Solution] = {}
        for entry, row in fields.rows("solution"):
            word = row.take(Word, "a value")
            value = self._resolver.find(word, Value)
            edits = self._edits(entry, row, targets)
            if word is None or value is None:
                continue
            if value.name in found:
                self._sink.error(
                    "doubled-entry",
                    f"the step has two solutions for `{value.name}`",
                    entry.span,
                    help="remove one of the two",
                    labels=(Label(found[value.name].span, "the first is here"),),
                )
                continue
            found[value.name] = Solution(value, edits, entry.span)
        return tuple(found.values())

    def _edits(self, entry: Entry, row: Row, targets: int) -> tuple[Edit, ...]:
        if entry.block.is_there:
            row.end_of_items()
            block = Fields(entry.block, entry.span, SOLUTION, self._sink)
            edits = [self._edit(inner, inner_row) for inner, inner_row in block.in_order()]
            return tuple(edit for edit in edits if edit is not None)
        text = row.take(Quoted, "the target's whole new text, or a block of edits")
        row.end()
        if text is not None and targets > 1:
            row.fail('a block of `file "path" """text"""`, since the step has several targets', text)
        return (WholeText(text_of(text), text.span),) if text is not None else ()

    def _edit(self, entry: Entry, row: Row) -> Edit | None:
        readers: dict[str, Callable[[Row, Span], Edit | None]] = {
            "file": self._file,
            "append": self._append,
            "replace": self._replace,
            "remove": self._remove,
            "run": self._run,
            "reply": self._reply,
        }
        edit = readers[entry.word.text](row, entry.span)
        row.end()
        return edit

    def _path(self, row: Row) -> Text | None:
        quoted = row.take(Quoted, "a path, as a text")
        if quoted is None:
            return None
        path = text_of(quoted)
        check_path_text(path, self._sink)
        return path

    def _file(self, row: Row, span: Span) -> Edit | None:
        path, text = self._path(row), row.take(Quoted, "the file's text")
        return FileText(path, text_of(text), span) if path and text else None

    def _append(self, row: Row, span: Span) -> Edit | None:
        path, text = self._path(row), row.take(Quoted, "what is added")
        return AppendText(path, text_of(text), span) if path and text else None

    def _replace(self, row: Row, span: Span) -> Edit | None:
        slashed = row.take(Slashed)
        row.expect("in")
        path = self._path(row)
        row.expect("with")
        text = row.take(Quoted, "what takes its place")
        if not (slashed and path and text):
            return None
        return ReplaceText(read_regex(slashed, self._sink), path, text_of(text), span)

    def _remove(self, row: Row, span: Span) -> Edit | None:
        path = self._path(row)
        return RemoveFile(path, span) if path else None

    def _run(self, row: Row, span: Span) -> Edit | None:
        text = row.take(Quoted, "a command, as a text")
        return RunCommand(text_of(text), span) if text else None

    def _reply(self, row: Row, span: Span) -> Edit | None:
        text = row.take(Quoted, "the answer, as a text")
        return ReplyText(text_of(text), span) if text else None

    # ---- what comes after what ----

    def finish(self) -> tuple[Step, ...]:
        """All steps, with those that must come before each."""
        for name, words in self._after.items():
            known = [word for word in words if self._is_step(word)]
            self._steps[name] = evolve(self._steps[name], after=tuple(word.text for word in known))
        self._check_order()
        return tuple(self._steps.values())

    def _is_step(self, word: Word) -> bool:
        if word.text in self._steps:
            return True
        if not self._resolver.unit_of(word.span).ast.may_declare(word.text):
            near = closest(word.text, self._steps)
            labels = (Label(self._steps[near].span, f"`{near}` is declared here"),) if near else ()
            self._sink.error(
                "unknown-name",
                f"unknown step `{word.text}`{did_you_mean(word.text, self._steps)}",
                word.span,
                help="name a step of the same tasks",
                labels=labels,
            )
        return False

    def _check_order(self) -> None:
        """Say so where steps wait for each other in a circle."""
        waiting = {name: set(step.after) for name, step in self._steps.items()}
        while True:
            free = {name for name, before in waiting.items() if not before & waiting.keys()}
            if not free:
                break
            waiting = {name: before for name, before in waiting.items() if name not in free}
        if not waiting:
            return
        start = min(waiting, key=lambda name: self._steps[name].span.start)
        path = [start]
        while path[-1] not in path[:-1]:
            path.append(min(waiting[path[-1]] & waiting.keys(), key=lambda name: self._steps[name].span.start))
        circle = path[path.index(path[-1]) :]
        words = self._after[circle[0]]
        self._sink.error(
            "cyclic-steps",
            f"steps wait for each other: {' after '.join(f'`{name}`' for name in circle)}",
            words[0].span.to(words[-1].span),
            help="leave out one `after`",
        )
