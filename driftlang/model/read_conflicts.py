"""Declarations of a conflict and its surroundings → forms: values, conflicts, constraints, pressures, schedules.

In: a declaration. Out: its form, or None where a needed part is missing or broken, which has been said then.
Refuses to do: checks that need a scenario; see `read_scenarios.py` and `placeholders.py`.
"""

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.evidence import Rubric
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    PLACES,
    At,
    Conflict,
    Constraint,
    Message,
    Placebo,
    Pressure,
    Prompt,
    Schedule,
    Sentence,
    Session,
    Value,
)
from driftlang.model.read_condition import read_condition
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.texts import Text
from driftlang.model.vocabulary import CONFLICT, CONSTRAINT, PLACEBO, PRESSURE, PROMPT, SCHEDULE, SESSION
from driftlang.model.wording import plain_text, text_of
from driftlang.source import Span
from driftlang.syntax.ast import Number, Quoted, Range, Word


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
    conflict = resolver.find(declared.unit, _one_name(fields, "of"), Conflict)
    favored_word = _one_name(fields, "favors")
    favors = resolver.find(declared.unit, favored_word, Value)
    place = _choice(fields, "place", PLACES, "place of a constraint", PLACES[0])
    text = _text(fields, "text")
    kept = read_condition(resolver, declared.unit, fields.row("kept"))
    broken = read_condition(resolver, declared.unit, fields.row("broken"))
    judge_word = _one_name(fields, "judge")
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
    toward = resolver.find(declared.unit, _one_name(fields, "toward"), Value)
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


def read_schedule(resolver: Resolver, declared: Declared) -> Schedule:
    """A schedule; what is broken in it has been said, and reads as the default."""
    fields = declared.fields(SCHEDULE)
    severity, constant = _read_severity(fields.row("severity"))
    draw = "without replacement"
    draw_row = fields.row("draw")
    if draw_row is not None:
        word = draw_row.choice(("with", "without"), "way to draw")
        draw_row.expect("replacement")
        draw_row.end()
        draw = f"{word or 'without'} replacement"
    copies_row = fields.row("copies")
    copies = copies_row.whole() if copies_row else 1
    if copies_row:
        copies_row.end()
    _read_place(resolver, fields)
    earlier = _choice(fields, "earlier", ("stay", "removed"), "fate of earlier messages", "stay")
    at = _read_at(fields.row("at"), declared.span)
    return Schedule(
        declared.name, at, severity, constant, draw, copies, "top of target", earlier, declared.doc, declared.span
    )


def _read_severity(row: Row | None) -> tuple[str, int]:
    if row is None:
        return "ascending", 0
    word = row.choice(("ascending", "descending", "shuffled", "constant"), "order of severities")
    constant = row.whole() if word == "constant" else 0
    row.end()
    return word or "ascending", constant


def _read_place(resolver: Resolver, fields: Fields) -> None:
    """`comment top of target`, the one place there is."""
    row = fields.row("comment")
    if row is None:
        return
    if not row.keyword("top", "of", "target"):
        item = row.peek()
        resolver.sink.error(
            "unknown-word",
            "this place of a comment is not known here, expected `top of target`",
            item.span if item else row.span,
            help="write `comment top of target`",
        )
        return
    row.end()


def _read_at(row: Row | None, span: Span) -> At:
    if row is None:
        return At(1, 0, 1, span)
    first, last, stride = 1, 0, 1
    if row.keyword("every", "step"):
        pass
    elif row.keyword("start"):
        last = 1
    elif row.keyword("step"):
        first = last = row.whole()
    elif row.keyword("steps"):
        steps = row.take(Range, "a range such as `3..9`")
        first, last = (steps.first, steps.last) if steps else (1, 0)
        if steps and steps.first < 1:
            row.fail("a range of steps, which are counted from 1", steps)
    elif row.keyword("every") and row.has(Number):
        stride = row.whole()
        row.expect("steps")
        first = row.whole() if row.keyword("from") else 1
    else:
        row.fail("`every step`, `start`, `step N`, `steps N..N` or `every N steps`")
    row.end()
    return At(first, last, stride, row.span)


def read_prompt(resolver: Resolver, declared: Declared) -> Prompt | None:
    """A prompt, with the constraint in it once."""
    text = _text(declared.fields(PROMPT), "text")
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


def read_session(_: Resolver, declared: Declared) -> Session:
    """A session."""
    mode = _choice(declared.fields(SESSION), "mode", ("continue", "fresh"), "mode of a session", "continue")
    return Session(declared.name, mode, declared.doc, declared.span)


def _one_name(fields: Fields, word: str) -> Word | None:
    """The one name behind `word`."""
    row = fields.row(word)
    if row is None:
        return None
    name = row.take(Word)
    row.end()
    return name


def _text(fields: Fields, word: str) -> Text | None:
    """The one text behind `word`."""
    row = fields.row(word)
    if row is None:
        return None
    quoted = row.take(Quoted)
    row.end()
    return text_of(quoted) if quoted else None


def _choice(fields: Fields, word: str, choices: tuple[str, ...], what: str, default: str) -> str:
    """The one word behind `word`, out of `choices`; `default` where there is none or a wrong one."""
    row = fields.row(word)
    if row is None:
        return default
    said = row.choice(choices, what)
    row.end()
    return said or default
