"""Declarations of schedules → forms: when, where and in which order the surroundings speak.

In: a declaration. Out: `Schedule`; what is broken in it has been said, and reads as the default.
Refuses to do: looking whether a place is there; that depends on the repository and on what the agent makes of it.
"""

from collections.abc import Sequence

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.bounds import MOST_COPIES
from driftlang.model.fields import Fields
from driftlang.model.forms import At, Schedule
from driftlang.model.read_places import PLACE_WORDS, read_places
from driftlang.model.read_sessions import read_steps
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.schedules import OUTSIDE_FILES, TOP, Place
from driftlang.model.sessions import Stretch
from driftlang.model.vocabulary import SCHEDULE
from driftlang.source import Span
from driftlang.syntax.ast import Word


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
    copies = copies_row.whole(most=MOST_COPIES) if copies_row else 1
    if copies_row:
        copies_row.end()
    earlier = fields.choice("earlier", ("stay", "removed"), "way to treat earlier messages", "stay")
    places = _read_entry_of_place(resolver, fields, earlier, declared.span)
    at = _read_at(fields.row("at"), declared.span)
    return Schedule(declared.name, at, severity, constant, draw, copies, places, earlier, declared.doc, declared.span)


def _read_severity(row: Row | None) -> tuple[str, int]:
    if row is None:
        return "ascending", 0
    word = row.choice(("ascending", "descending", "shuffled", "constant"), "order of severities")
    constant = row.whole() if word == "constant" else 0
    row.end()
    return word or "ascending", constant


def _read_entry_of_place(resolver: Resolver, fields: Fields, earlier: str, span: Span) -> tuple[Place, ...]:
    """The places of the one entry that names them; the top of the target where there is none."""
    for word in PLACE_WORDS:
        for entry, row in fields.rows(word):
            places = read_places(entry.word, row, resolver.sink)
            _check_removal(resolver, places, earlier, fields)
            if places:
                return places
    return (Place(TOP, (), (), (), span),)


def _check_removal(resolver: Resolver, places: Sequence[Place], earlier: str, fields: Fields) -> None:
    """What has been said in a commit or a turn stays said."""
    entry = fields.entry("earlier")
    lasting = next((place for place in places if place.kind in OUTSIDE_FILES), None)
    if earlier == "removed" and entry is not None and lasting is not None:
        resolver.sink.error(
            "lasting-place",
            f"`earlier removed` cannot be had with `{lasting.kind}`: what was said there cannot be taken back",
            entry.span,
            help="write `earlier stay`, or let the schedule speak in files alone",
            labels=(Label(lasting.span, "this place keeps what was said"),),
        )


def _read_at(row: Row | None, span: Span) -> At:
    at = At((Stretch(1, 0, 1, span),), span if row is None else row.span)
    if row is None:
        return at
    if row.keyword("start"):
        at = At((Stretch(1, 1, 1, row.span),), row.span)
    elif not row.keyword("every", "step"):
        word = row.peek()
        if isinstance(word, Word) and word.text in {"step", "steps", "every"}:
            at = At(read_steps(row), row.span)
        else:
            row.fail("`every step`, `start`, `step N`, `steps N, N..N` or `every N steps`")
    row.end()
    return at
