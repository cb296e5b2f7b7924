"""Declarations of schedules → forms: when, where and in which order the surroundings speak.

In: a declaration. Out: `Schedule`; what is broken in it has been said, and reads as the default.
Refuses to do: looking whether a place is there; that depends on the repository and on what the agent makes of it.
"""

from driftlang.model.fields import Fields
from driftlang.model.forms import At, Schedule
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.vocabulary import SCHEDULE
from driftlang.source import Span
from driftlang.syntax.ast import Number, Range


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
    earlier = fields.choice("earlier", ("stay", "removed"), "way to treat earlier messages", "stay")
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
