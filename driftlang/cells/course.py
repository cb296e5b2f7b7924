"""Session → what happens before each turn of a run, and which constraint is in force then.

In: a session of the model, the cell's constraint and those it may be switched to. Out: events, and a `Demand` a turn.
Refuses to do: anything by chance; events are the same in every run of a session. Where a cell does not state its
constraint, it is neither repeated nor switched.
"""

from collections.abc import Iterator, Mapping

from attrs import frozen

from driftlang.cells.events import (
    CompactEvent,
    ForkEvent,
    Padding,
    PadEvent,
    PrefixTurn,
    ProbeEvent,
    RemindEvent,
    SwitchEvent,
    TurnEvent,
    make_padding,
)
from driftlang.cells.texts import Bindings
from driftlang.model.forms import Compact, Event, Fork, Pad, Probe, Remind, Session, Switch

#: The order of what happens before one turn.
_ORDER: tuple[type[Event], ...] = (Fork, Switch, Compact, Pad, Remind, Probe)


@frozen
class Demand:
    """A constraint as a cell says it: its text, empty where the cell does not state it, and the prompt with it."""

    constraint: str
    favors: str
    text: str
    instructions: str


@frozen
class Course:
    """How one run of a cell goes on.

    Attributes:
        session: the session.
        steps: number of turns.
        first: the cell's own constraint.
        others: the constraints that it may be switched to, by name.
        bindings: what names stand for in what a session says, beside `constraint`.
    """

    session: Session
    steps: int
    first: Demand
    others: Mapping[str, Demand]
    bindings: Bindings

    @property
    def forks(self) -> tuple[tuple[int, str], ...]:
        """Position and arm of every branch, in their order."""
        found = {
            (position, arm)
            for event in self.session.events
            if isinstance(event, Fork)
            for position in self._positions(event)
            for arm in event.arms
        }
        return tuple(sorted(found))

    @property
    def paddings(self) -> tuple[Padding, ...]:
        """The filler of every `pad`, each text once, by id."""
        made = (make_padding(event.text, event.tokens) for event in self.session.events if isinstance(event, Pad))
        return tuple({padding.id: padding for padding in sorted(made, key=lambda one: one.id)}.values())

    @property
    def prefix(self) -> tuple[PrefixTurn, ...]:
        """The conversation before the first turn."""
        return tuple(PrefixTurn(turn.role, turn.text) for prefix in self.session.prefix for turn in prefix.turns)

    def demand(self, position: int) -> Demand:
        """The constraint that is in force at a turn, after what happens before it."""
        switched = [
            (at, event.constraint)
            for event in self.session.events
            if isinstance(event, Switch)
            for at in self._positions(event)
            if at <= position and event.constraint in self.others
        ]
        return self.others[max(switched)[1]] if switched else self.first

    def events(self, position: int, *, forks: bool) -> tuple[TurnEvent, ...]:
        """What happens before a turn, in its order; without forks on a branch, which goes on to the end."""
        there = [event for event in self.session.events if position in self._positions(event)]
        there.sort(key=lambda event: _ORDER.index(type(event)))
        return tuple(
            made
            for event in there
            if forks or not isinstance(event, Fork)
            for made in self._planned(event, self.demand(position))
        )

    def _positions(self, event: Event) -> frozenset[int]:
        return frozenset(position for stretch in event.at for position in stretch.positions(self.steps))

    def _planned(self, event: Event, demand: Demand) -> Iterator[TurnEvent]:
        bindings = self.bindings.having(constraint=demand.text)
        match event:
            case Fork():
                yield ForkEvent(event.arms)
            case Switch() if demand.text:
                yield SwitchEvent(demand.constraint, demand.favors, demand.text, demand.instructions)
            case Compact():
                yield CompactEvent()
            case Pad():
                yield PadEvent(event.tokens, make_padding(event.text, event.tokens).id)
            case Remind() if event.text or demand.text:
                yield RemindEvent(bindings.render(event.text[0]).strip() if event.text else demand.text)
            case Probe():
                yield ProbeEvent(event.name, bindings.render(event.ask).strip())
