"""Declarations of sessions → forms: how the turns of a run follow each other, and what happens between them.

In: a declaration. Out: `Session`; what is broken in it has been said, and is left out.
Refuses to do: checks that need a scenario, such as whether a step is there; see `session_checks.py`.
"""

from collections.abc import Callable, Iterator, Mapping

from driftlang.diagnostics.diagnostic import Label
from driftlang.model.bounds import MOST_EVENTS, MOST_PAD_TOKENS, MOST_STRETCHES
from driftlang.model.fields import Fields
from driftlang.model.forms import ARMS, Compact, Event, Fork, Pad, Prefix, Probe, Remind, Session, Stretch, Switch
from driftlang.model.read_conflicts import report_doubled
from driftlang.model.read_prefix import read_prefix_turns
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.row import Row
from driftlang.model.text_files import read_text_beside
from driftlang.model.vocabulary import PROBE, SESSION
from driftlang.model.wording import text_of
from driftlang.source import Span
from driftlang.syntax.ast import Entry, Number, Quoted, Range, Word

#: Events that mean nothing where each step has a session of its own.
_OF_ONE_SESSION: Mapping[type[Event | Prefix], tuple[str, str]] = {
    Compact: ("compact", "there is nothing to compact in a session that is new at each step"),
    Pad: ("pad", "what fills one session is gone from that of the next step"),
    Prefix: ("prefix", "no step goes on with an earlier conversation"),
}


def read_session(resolver: Resolver, declared: Declared) -> Session:
    """A session with its events."""
    fields = declared.fields(SESSION)
    mode = fields.choice("mode", ("continue", "fresh"), "mode of a session", "continue")
    events = tuple(_Events(resolver).read(fields))
    prefix = _read_prefix(resolver, fields)
    if mode == "fresh":
        _check_fresh(resolver, fields, (*events, *prefix))
    return Session(declared.name, mode, declared.doc, declared.span, events, prefix)


def _read_prefix(resolver: Resolver, fields: Fields) -> tuple[Prefix, ...]:
    row = fields.row("prefix")
    if row is None:
        return ()
    row.expect("from")
    said = row.take(Quoted, "a file, as a text")
    row.end()
    text = read_text_beside(resolver, said) if said and not row.failed else None
    if said is None or text is None:
        return ()
    turns = read_prefix_turns(text, said, resolver.sink)
    return (Prefix(turns, row.span),) if turns else ()


def _check_fresh(resolver: Resolver, fields: Fields, found: tuple[Event | Prefix, ...]) -> None:
    mode = fields.entry("mode")
    for event in found:
        if type(event) in _OF_ONE_SESSION:
            word, reason = _OF_ONE_SESSION[type(event)]
            resolver.sink.error(
                "event-without-session",
                f"`{word}` contradicts `mode fresh`: {reason}",
                event.span,
                help=f"write `mode continue`, or leave out `{word}`",
                labels=(Label(mode.span, "the mode is given here"),) if mode else (),
            )


class _Events:
    """The events of one session."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._sink = resolver.sink
        self._probes: dict[str, Span] = {}

    def read(self, fields: Fields) -> Iterator[Event]:
        """Every event that could be read, in the order of the source."""
        readers: dict[str, Callable[[Entry, Row], Event | None]] = {
            "compact": self._compact,
            "remind": self._remind,
            "fork": self._fork,
            "switch": self._switch,
            "probe": self._probe,
            "pad": self._pad,
        }
        events = ((entry, row) for entry, row in fields.in_order() if entry.word.text in readers)
        for number, (entry, row) in enumerate(events, start=1):
            if row.at_most(number, MOST_EVENTS, entry.span, " events"):
                event = readers[entry.word.text](entry, row)
                if event is not None and not row.failed:
                    yield event

    def _compact(self, entry: Entry, row: Row) -> Event:
        row.expect("before")
        at = read_steps(row)
        row.end()
        return Compact(at, entry.span)

    def _remind(self, entry: Entry, row: Row) -> Event | None:
        row.expect("at")
        at = read_steps(row)
        if row.keyword("verbatim"):
            row.end()
            return Remind(at, (), entry.span)
        text = row.say("`verbatim` or a text")
        row.end()
        return Remind(at, (text_of(text),), entry.span) if text else None

    def _fork(self, entry: Entry, row: Row) -> Event:
        row.expect("at")
        at = _read_step(row)
        row.expect("into")
        arms: list[str] = []
        for word in row.listed(Word, "an arm"):
            if word.text in arms:
                self._sink.error(
                    "doubled-entry", f"`{word.text}` is named twice in `fork`", word.span, help="name it once"
                )
            elif row.known(word.text, word.span, ARMS, "arm"):
                arms.append(word.text)
        row.end()
        return Fork(at, tuple(arms), entry.span)

    def _switch(self, _: Entry, row: Row) -> Event | None:
        row.expect("constraint", "at")
        at = _read_step(row)
        row.expect("to")
        name = row.take(Word, "a constraint of the conflict")
        row.end()
        return Switch(at, name.text, name.span) if name else None

    def _probe(self, entry: Entry, row: Row) -> Event | None:
        name = row.take(Word, "the probe's name")
        row.expect("at")
        at = _read_step(row)
        row.end_of_items()
        if not row.failed and not entry.block.is_there:
            row.fail('`{ ask "..." }`')
        ask = Fields(entry.block, entry.span, PROBE, self._sink).text("ask")
        if name is None or ask is None:
            return None
        if name.text in self._probes:
            report_doubled(self._resolver, "probe", name, self._probes[name.text])
            return None
        self._probes[name.text] = name.span
        return Probe(at, name.text, ask, entry.span)

    def _pad(self, entry: Entry, row: Row) -> Event | None:
        tokens = row.whole(most=MOST_PAD_TOKENS)
        row.expect("tokens", "before")
        at = read_steps(row)
        row.expect("from")
        said = row.take(Quoted, "a file, as a text")
        row.end()
        if said is None or row.failed:
            return None
        text = read_text_beside(self._resolver, said)
        return Pad(at, tokens, text, entry.span) if text else None


def read_steps(row: Row) -> tuple[Stretch, ...]:
    """`step N`, `steps N, N..N` or `every N steps from N`."""
    if row.keyword("step"):
        return (_position(row),)
    if row.keyword("every"):
        start = row.peek()
        stride = row.whole()
        row.expect("steps")
        first = row.whole() if row.keyword("from") else 1
        return (Stretch(first, 0, stride, start.span if start else row.span),)
    if not row.expect("steps"):
        return ()
    stretches: list[Stretch] = []
    while not row.failed:
        stretches.append(_range(row) if row.has(Range) else _position(row))
        if not row.keyword(",") or not row.at_most(len(stretches), MOST_STRETCHES, row.span, " stretches"):
            break
    return tuple(stretches)


def _read_step(row: Row) -> tuple[Stretch, ...]:
    """`step N`."""
    row.expect("step")
    return (_position(row),)


def _position(row: Row) -> Stretch:
    item = row.peek()
    position = row.whole()
    return Stretch(position, position, 1, item.span if isinstance(item, Number) else row.span)


def _range(row: Row) -> Stretch:
    steps = row.take(Range)
    if steps is None or not 1 <= steps.first <= steps.last:
        row.fail("a range of steps, which are counted from 1", steps)
        return Stretch(1, 1, 1, row.span)
    return Stretch(steps.first, steps.last, 1, steps.span)
