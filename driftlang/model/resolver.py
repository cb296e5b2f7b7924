"""Looking names up: from a word to the form of what it names.

In: units. Out: forms, each made once, on first use.
Refuses to do: reading entries; each kind of declaration has its own reader, registered by kind.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import TypeVar

from attrs import evolve

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import closest, did_you_mean
from driftlang.model.bounds import MOST_LIKE
from driftlang.model.conditions import Conditions
from driftlang.model.declarations import Declaration
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    Conflict,
    Constraint,
    Pattern,
    Placebo,
    Pressure,
    Prompt,
    Repo,
    Rubric,
    Rule,
    Scenario,
    Schedule,
    Session,
    Study,
    Tasks,
    Value,
)
from driftlang.model.frontier import ModelList
from driftlang.model.library import find_shipped
from driftlang.model.overlay import Levels, lay_over, specialise, without_allowances
from driftlang.model.row import Row
from driftlang.model.units import Unit
from driftlang.model.vocabulary import BLOCKS, DECLARATIONS, NOUNS, STUDY, Vocabulary
from driftlang.source import Span
from driftlang.syntax.ast import Block, Word

Form = (
    Conflict
    | Constraint
    | ModelList
    | Pattern
    | Placebo
    | Pressure
    | Prompt
    | Repo
    | Rubric
    | Rule
    | Scenario
    | Schedule
    | Session
    | Study
    | Tasks
    | Value
)
#: What makes the form of a declaration; None where it cannot be made, which has been said then.
Reader = Callable[["Resolver", "Declared"], Form | None]
F = TypeVar("F", bound=Form)

_KINDS: Mapping[type[object], str] = {
    Conflict: "conflict",
    Constraint: "constraint",
    ModelList: "models",
    Pattern: "pattern",
    Placebo: "placebo",
    Pressure: "pressure",
    Prompt: "prompt",
    Repo: "repo",
    Rubric: "rubric",
    Rule: "rule",
    Scenario: "scenario",
    Schedule: "schedule",
    Session: "session",
    Study: "study",
    Tasks: "tasks",
    Value: "value",
}


class Declared:
    """A declaration, the file that it stands in, and its block: with what it builds on, at some levels."""

    def __init__(self, declaration: Declaration, unit: Unit, block: Block, sink: Sink) -> None:
        self.unit = unit
        self.name = declaration.name.text
        self.doc = declaration.entry.doc
        self.span = declaration.entry.span
        self.entry = declaration.entry
        self.block = block
        self._sink = sink

    def fields(self, vocabulary: Vocabulary) -> Fields:
        """The declaration's block, read against its vocabulary."""
        return Fields(self.block, self.span, vocabulary, self._sink)

    def row(self) -> Row:
        """What stands behind the name."""
        row = Row(self.entry, DECLARATIONS[self.entry.word.text], self._sink)
        row.take(Word)
        return row


class Resolver:
    """Forms by declaration, at some levels of the factors that `when` speaks of.

    Attributes:
        conditions: every `when` of the compilation.
        extra: bytes beside the source files that the forms were made from, by what brought them in.
    """

    def __init__(
        self, units: Sequence[Unit], readers: Mapping[str, Reader], sink: Sink, conditions: Conditions | None = None
    ) -> None:
        self.sink = sink
        self.units = units
        self.conditions = conditions or Conditions()
        self.extra: dict[str, bytes] = {}
        self._readers = readers
        self._levels = self.conditions.first
        self._homes = {declaration: unit for unit in units for declaration in unit.declared.values()}
        self._by_file = {unit.file: unit for unit in units}
        self._forms: dict[Declaration, Form | None] = {}
        self._under: dict[tuple[tuple[str, str], ...], Resolver] = {}

    def under(self, levels: Levels) -> "Resolver":
        """The same declarations, their blocks read at these levels; findings go to the same sink."""
        key = tuple(sorted(levels.items()))
        if key not in self._under:
            made = copy(self)
            made._levels, made._forms = levels, {}  # noqa: SLF001 - a copy of this very object
            self._under[key] = made
        return self._under[key]

    def at(self, declared: Declared, levels: Levels) -> "tuple[Resolver, Declared]":
        """A declaration as it reads at these levels."""
        other = self.under(levels)
        declaration = declared.unit.declared[declared.name]
        return other, Declared(declaration, declared.unit, other.block(declaration), self.sink)

    def unit_of(self, span: Span) -> Unit:
        """The file in which something stands, whose names and paths it speaks of."""
        return self._by_file[span.file]

    def all(self, form: type[F]) -> list[F]:
        """Every declaration of this kind, in the order of files and lines, that could be made."""
        kind = _KINDS[form]
        found = [self._form(declaration) for declaration in self._homes if declaration.kind == kind]
        return [made for made in found if isinstance(made, form)]

    def count(self, form: type[F]) -> int:
        """Number of declarations of this kind, whether they could be made or not."""
        return sum(declaration.kind == _KINDS[form] for declaration in self._homes)

    def visible(self, unit: Unit, form: type[F]) -> list[F]:
        """Every declaration of this kind that a unit may speak of, in the order of files and lines."""
        kind = _KINDS[form]
        found = [self._form(declaration) for declaration in unit.names.values() if declaration.kind == kind]
        made = [one for one in found if isinstance(one, form)]
        return sorted(made, key=lambda one: (one.span.file, one.span.start))

    def find(self, word: Word | None, form: type[F]) -> F | None:
        """What `word` names where it stands; None where it is unknown, of another kind or broken, which was said."""
        if word is None or not self.names(word, _KINDS[form]):
            return None
        made = self._form(self.unit_of(word.span).names[word.text])
        return made if isinstance(made, form) else None

    def names(self, word: Word, kind: str) -> bool:
        """Whether `word` names a declaration of this kind where it stands; if not, says so."""
        unit = self.unit_of(word.span)
        declaration = unit.names.get(word.text)
        if declaration is None:
            self._report_unknown(unit, word, kind)
            return False
        if declaration.kind == kind:
            return True
        self.sink.error(
            "wrong-kind",
            f"`{word.text}` is {NOUNS[declaration.kind]}, expected {NOUNS[kind]}",
            word.span,
            help=f"name {NOUNS[kind]}",
            labels=(Label(declaration.name.span, f"declared here, as {NOUNS[declaration.kind]}"),),
        )
        return False

    def _report_unknown(self, unit: Unit, word: Word, kind: str) -> None:
        if any(reached.ast.may_declare(word.text) for reached in self.units):
            # It may well be declared in a line that could not be read; that has been said.
            return
        same = {name: found for name, found in unit.names.items() if found.kind == kind}
        near = closest(word.text, same)
        labels = (Label(unit.names[near].name.span, f"`{near}` is declared here"),) if near else ()
        advice = f"declare it with `{DECLARATIONS[kind]}`, or import it"
        shipped = find_shipped(kind, word.text)
        if shipped:
            advice = f'bring it in by `import "{shipped}": {word.text}` at the top of the file'
        elif near:
            advice = f"write `{near}`, or {advice}"
        elsewhere = self._elsewhere(word.text)
        if not near and elsewhere is not None:
            labels = (Label(elsewhere.name.span, "declared here, in a file that does not bring it in"),)
        self.sink.error(
            "unknown-name",
            f"unknown {kind} `{word.text}`{did_you_mean(word.text, same)}",
            word.span,
            help=advice,
            labels=labels,
        )

    def _elsewhere(self, name: str) -> Declaration | None:
        return next((unit.declared[name] for unit in self.units if name in unit.declared), None)

    def _form(self, declaration: Declaration) -> Form | None:
        if declaration not in self._forms:
            # Kinds refer to others in one direction only, so nothing asks for itself.
            declared = Declared(declaration, self._homes[declaration], self.block(declaration), self.sink)
            self._forms[declaration] = self._readers[declaration.kind](self, declared)
        return self._forms[declaration]

    def block(self, declaration: Declaration) -> Block:
        """The block of a declaration, laid over those that it builds on."""
        block = declaration.entry.block
        vocabulary = BLOCKS.get(declaration.kind)
        if vocabulary is None or declaration.kind == "study":
            return self._laid_over_bases(declaration, without_allowances(block), STUDY)
        return self._laid_over_bases(declaration, specialise(block, vocabulary, self._levels), vocabulary)

    def _laid_over_bases(self, declaration: Declaration, block: Block, vocabulary: Vocabulary) -> Block:
        bases = self._bases(declaration)
        if bases is None:
            return evolve(block, is_damaged=True)
        for base in bases:
            below = without_allowances(base.entry.block)
            if declaration.kind != "study":
                below = specialise(below, vocabulary, self._levels)
            block = lay_over(below, block, vocabulary)
        return block

    def _bases(self, declaration: Declaration) -> list[Declaration] | None:
        """What a declaration builds on, nearest first; None where that cannot be had, which has been said then."""
        seen = [declaration]
        while seen[-1].like:
            word = seen[-1].like[0]
            if not self.names(word, declaration.kind):
                return None
            base = self.unit_of(word.span).names[word.text]
            if base in seen:
                self._report_circle((*seen, base), word)
                return None
            if len(seen) > MOST_LIKE:
                self.sink.error(
                    "too-deep",
                    f"more than {MOST_LIKE} declarations build on each other in a row",
                    word.span,
                    help="build on one of the first directly",
                )
                return None
            seen.append(base)
        return seen[1:]

    def _report_circle(self, path: Sequence[Declaration], word: Word) -> None:
        names = " like ".join(f"`{declaration.name.text}`" for declaration in path)
        self.sink.error(
            "cyclic-like",
            f"declarations build on each other in a circle: {names}",
            word.span,
            help="write one of them out, without `like`",
        )

    def make_all(self) -> None:
        """Make every form, so that a mistake in what nothing uses is found as well."""
        for declaration in self._homes:
            self._form(declaration)
        for levels in self.conditions.others():
            other = self.under(levels)
            for declaration in self._homes:
                if declaration.kind not in {"scenario", "study"}:
                    other._form(declaration)  # noqa: SLF001 - another of the same class
