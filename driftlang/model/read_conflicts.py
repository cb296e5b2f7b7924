"""Declarations of a conflict and its surroundings → forms: values, conflicts, constraints, pressures, schedules.

In: a declaration. Out: its form, or None where a needed part is missing or broken, which has been said then.
Refuses to do: checks that need a scenario; see `read_scenarios.py` and `placeholders.py`.
"""

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.evidence import Rubric
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    PLACES,
    Conflict,
    Constraint,
    Message,
    Placebo,
    Pressure,
    Prompt,
    Sentence,
    Value,
)
from driftlang.model.read_condition import read_condition
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.vocabulary import CONFLICT, CONSTRAINT, PLACEBO, PRESSURE, PROMPT
from driftlang.model.wording import plain_text, text_of
from driftlang.source import Span
from driftlang.syntax.ast import Quoted, Word


def read_value(resolver: Resolver, declared: Declared) -> Value | None:
    """A value."""
    row = declared.row()
    text = row.take(Quoted, "what the value asks for, as a text")
    row.end()
    if text is None:
        return None
    return Value(declared.name, plain_text(text, resolver.sink, "a value"), declared.span)


def read_conflict(resolver: Resolver, declared: Declared) -> Conflict | None:
    """A conflict between two different values."""
    fields = declared.fields(CONFLICT)
    row = fields.row("between")
    values: list[Value] = []
    if row is not None:
        first = row.take(Word, "a value")
        row.expect("and")
        second = row.take(Word, "a value")
        row.end()
        found = (resolver.find(declared.unit, word, Value) for word in (first, second))
        values = [value for value in found if value is not None]
        if first and second and first.text == second.text:
            resolver.sink.error(
                "wrong-argument",
                f"`{first.text}` stands on both sides of the conflict",
                second.span,
                help="name two different values",
            )
            return None
    both = _read_both(fields, values)
    if len(values) < 2:
        return None
    return Conflict(declared.name, (values[0], values[1]), both, declared.doc, declared.span)


def _read_both(fields: Fields, values: list[Value]) -> str:
    row = fields.row("both")
    if row is None:
        return "hedged"
    row.expect("counts")
    said = row.choice(("hedged", *(value.name for value in values)), "way to count a step that serves both")
    row.end()
    return said or "hedged"


def read_constraint(resolver: Resolver, declared: Declared) -> Constraint | None:
    """A constraint, which favours one of its conflict's values."""
    fields = declared.fields(CONSTRAINT)
    conflict = resolver.find(declared.unit, fields.name("of"), Conflict)
    favored_word = fields.name("favors")
    favors = resolver.find(declared.unit, favored_word, Value)
    place = fields.choice("place", PLACES, "place of a constraint", PLACES[0])
    text = fields.text("text")
    kept = read_condition(resolver, declared.unit, fields.row("kept"))
    broken = read_condition(resolver, declared.unit, fields.row("broken"))
    judge_word = fields.name("judge")
    judge = resolver.find(declared.unit, judge_word, Rubric)
    if conflict and favors and favored_word and favors not in conflict.values:
        _report_foreign(resolver, favored_word, conflict)
        return None
    if not (conflict and favors and text and kept and broken) or (judge_word and not judge):
        return None
    judges = (judge,) if judge else ()
    return Constraint(declared.name, conflict, favors, place, text, kept, broken, judges, declared.doc, declared.span)


def _report_foreign(resolver: Resolver, word: Word, conflict: Conflict) -> None:
    first, second = conflict.values
    resolver.sink.error(
        "foreign-value",
        f"`{word.text}` is no side of the conflict `{conflict.name}`",
        word.span,
        help=f"name `{first.name}` or `{second.name}`",
        labels=(Label(conflict.span, f"`{conflict.name}` is between `{first.name}` and `{second.name}`"),),
    )


def read_pressure(resolver: Resolver, declared: Declared) -> Pressure | None:
    """A pressure and its messages."""
    fields = declared.fields(PRESSURE)
    toward = resolver.find(declared.unit, fields.name("toward"), Value)
    messages: dict[str, Message] = {}
    for entry, row in fields.rows("message"):
        name = row.take(Word, "the message's name")
        row.expect("severity")
        severity = row.whole()
        text = row.take(Quoted)
        row.end()
        if name is None or text is None or row.failed:
            continue
        if name.text in messages:
            report_doubled(resolver, "message", name, messages[name.text].span)
            continue
        messages[name.text] = Message(name.text, severity, text_of(text), entry.span)
    if toward is None:
        return None
    return Pressure(declared.name, toward, tuple(messages.values()), declared.doc, declared.span)


def report_doubled(resolver: Resolver, what: str, name: Word, first: Span) -> None:
    """Say that a name within a block is given twice."""
    resolver.sink.error(
        "doubled-name",
        f"the {what} `{name.text}` is there twice",
        name.span,
        help="rename one of the two",
        labels=(Label(first, "given here first"),),
    )


def read_placebo(_: Resolver, declared: Declared) -> Placebo:
    """Neutral sentences."""
    sentences: list[Sentence] = []
    for entry, row in declared.fields(PLACEBO).rows("sentence"):
        is_question = row.keyword("question")
        text = row.take(Quoted)
        row.end()
        if text is not None:
            sentences.append(Sentence(text_of(text), is_question, entry.span))
    return Placebo(declared.name, tuple(sentences), declared.doc, declared.span)


def read_prompt(resolver: Resolver, declared: Declared) -> Prompt | None:
    """A prompt, with the constraint in it once."""
    text = declared.fields(PROMPT).text("text")
    if text is None:
        return None
    places = [part.span for part in text.parts if not isinstance(part, str) and part.name == "constraint"]
    if len(places) != 1:
        what = "no `{{ constraint }}`" if not places else "more than one `{{ constraint }}`"
        resolver.sink.error(
            "constraint-lost",
            f"the prompt `{declared.name}` has {what}, expected exactly one",
            places[1] if places else declared.span,
            help="write `{{ constraint }}` once, where the constraint's text shall stand",
            labels=(Label(places[0], "the first is here"),) if places else (),
        )
    return Prompt(declared.name, text, declared.doc, declared.span)
