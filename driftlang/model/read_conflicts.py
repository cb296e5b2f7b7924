"""Declarations of a conflict and its surroundings → forms: values, conflicts, constraints, pressures, schedules.

In: a declaration. Out: its form, or None where a needed part is missing or broken, which has been said then.
Refuses to do: checks that need a scenario; see `read_scenarios.py` and `placeholders.py`.
"""

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.bounds import MOST_VALUES
from driftlang.model.evidence import Rubric, is_same
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    PLACES,
    Conflict,
    Constraint,
    Message,
    Placebo,
    Pressure,
    Prompt,
    Rule,
    Sentence,
    Value,
)
from driftlang.model.read_condition import read_condition
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.vocabulary import CONFLICT, CONSTRAINT, PLACEBO, PRESSURE, PROMPT, RULE
from driftlang.model.wording import plain_text, text_of
from driftlang.source import Span
from driftlang.syntax.ast import Word


def read_value(resolver: Resolver, declared: Declared) -> Value | None:
    """A value."""
    row = declared.row()
    text = row.say("what the value asks for, as a text")
    row.end()
    if text is None:
        return None
    return Value(declared.name, plain_text(text, resolver.sink, "a value"), declared.span)


def read_conflict(resolver: Resolver, declared: Declared) -> Conflict | None:
    """A conflict between two values or more, each another."""
    fields = declared.fields(CONFLICT)
    row = fields.row("between")
    words = _read_sides(row) if row is not None else []
    values: list[Value] = []
    for word in words:
        value = resolver.find(word, Value)
        if value is not None and value in values:
            resolver.sink.error(
                "wrong-argument",
                f"`{word.text}` stands on both sides of the conflict",
                word.span,
                help="name different values",
            )
            return None
        values += [value] if value is not None else []
    both = _read_both(fields, values)
    if len(values) < 2 or len(values) < len(words):
        return None
    return Conflict(declared.name, tuple(values), both, declared.doc, declared.span)


def _read_sides(row: Row) -> list[Word]:
    """`a and b`, or `a, b and c`; none where it is neither, which has been said then."""
    words = row.listed(Word, "a value")
    row.expect("and")
    last = row.take(Word, "a value")
    row.end()
    if not row.failed:
        row.at_most(len(words) + 1, MOST_VALUES, row.span, " values")
    return [] if last is None or row.failed else [*words, last]


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
    conflict = resolver.find(fields.name("of"), Conflict)
    favored_word = fields.name("favors")
    favors = resolver.find(favored_word, Value)
    place = fields.choice("place", PLACES, "place of a constraint", PLACES[0])
    text = fields.text("text")
    kept = read_condition(resolver, fields.row("kept"))
    broken = read_condition(resolver, fields.row("broken"))
    judge_word = fields.name("judge")
    judge = resolver.find(judge_word, Rubric)
    if conflict and favors and favored_word and favors not in conflict.values:
        _report_foreign(resolver, favored_word, conflict)
        return None
    if not (conflict and favors and text and kept and broken) or (judge_word and not judge):
        return None
    if is_same(kept, broken):
        _report_same(resolver, fields)
    judges = (judge,) if judge else ()
    return Constraint(declared.name, conflict, favors, place, text, kept, broken, judges, declared.doc, declared.span)


def _report_same(resolver: Resolver, fields: Fields) -> None:
    kept, broken = fields.entry("kept"), fields.entry("broken")
    if kept is None or broken is None:
        return
    resolver.sink.error(
        "same-condition",
        "`kept` and `broken` have the same expression, so that no step is ever one of the two alone",
        broken.span,
        help="write what a step looks like that breaks the constraint, such as the pattern of the other side",
        labels=(Label(kept.span, "it counts as kept at the same time"),),
    )


def _report_foreign(resolver: Resolver, word: Word, conflict: Conflict) -> None:
    *others, last = (f"`{value.name}`" for value in conflict.values)
    resolver.sink.error(
        "foreign-value",
        f"`{word.text}` is no side of the conflict `{conflict.name}`",
        word.span,
        help=f"name {', '.join(others)} or {last}",
        labels=(Label(conflict.span, f"`{conflict.name}` is between {', '.join(others)} and {last}"),),
    )


def read_pressure(resolver: Resolver, declared: Declared) -> Pressure | None:
    """A pressure and its messages."""
    fields = declared.fields(PRESSURE)
    toward = resolver.find(fields.name("toward"), Value)
    messages: dict[str, Message] = {}
    for entry, row in fields.rows("message"):
        name = row.take(Word, "the message's name")
        row.expect("severity")
        severity = row.whole()
        text = row.say()
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
        text = row.say()
        row.end()
        if text is not None:
            sentences.append(Sentence(text_of(text), is_question, entry.span))
    return Placebo(declared.name, tuple(sentences), declared.doc, declared.span)


def read_rule(resolver: Resolver, declared: Declared) -> Rule | None:
    """A rule."""
    fields = declared.fields(RULE)
    text = fields.text("text")
    kept = read_condition(resolver, fields.row("kept"))
    return Rule(declared.name, text, kept, declared.doc, declared.span) if text and kept else None


def read_prompt(resolver: Resolver, declared: Declared) -> Prompt | None:
    """A prompt, with the constraint in it once, or as often as it says."""
    fields = declared.fields(PROMPT)
    text = fields.text("text")
    repeats_row = fields.row("repeats")
    repeats = repeats_row.whole() if repeats_row else 1
    if repeats_row:
        repeats_row.end()
    if text is None:
        return None
    places = [part.span for part in text.parts if not isinstance(part, str) and part.name == "constraint"]
    if len(places) != repeats:
        _report_lost(resolver, declared, places, repeats)
    return Prompt(declared.name, text, declared.doc, declared.span, repeats)


def _report_lost(resolver: Resolver, declared: Declared, places: list[Span], repeats: int) -> None:
    """Say that the constraint stands in a prompt less or more often than is meant."""
    found = {0: "no `{{ constraint }}`", 1: "one `{{ constraint }}`"}.get(
        len(places), "more than one `{{ constraint }}`"
    )
    if repeats > 1 and len(places) > 1:
        found = f"`{{{{ constraint }}}}` {len(places)} times"
    wanted = "exactly one" if repeats == 1 else f"{repeats}, as `repeats {repeats}` says"
    advice = "write `{{ constraint }}` once, where the constraint's text shall stand"
    if len(places) > 1:
        advice += f", or `repeats {len(places)}` where it is repeated on purpose"
    resolver.sink.error(
        "constraint-lost",
        f"the prompt `{declared.name}` has {found}, expected {wanted}",
        places[repeats] if len(places) > repeats else declared.span,
        help=advice,
        labels=(Label(places[0], "the first is here"),) if places else (),
    )
