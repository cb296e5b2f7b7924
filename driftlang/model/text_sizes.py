"""How long texts become with their names filled in, without filling them in.

In: a scenario. Out: whether each of its texts stays within `bounds`; the characters that one of its runs says.
Refuses to do: rendering. A name stands for the longest text that it may have; one that stands for itself, or for
nothing here, counts as what is written. An empty text counts as one character, since putting it in takes time as well.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import field

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.model.bounds import LONGEST_TEXT, MOST_NAMES_DEEP, spoken
from driftlang.model.sessions import Fork, Pad
from driftlang.model.studies import Scenario
from driftlang.model.texts import Text
from driftlang.model.work import AppendText, FileText, ReplaceText, ReplyText, RunCommand, Step, WholeText
from driftlang.record import frozen

#: Characters of a token of filler, rounded up.
_TOKEN = 4


@frozen
class Sizes:
    """Lengths of texts in characters.

    Attributes:
        texts: the texts that a name may stand for; of a factor's level, one is chosen.
        values: lengths of names that stand for finished strings.
    """

    texts: Mapping[str, Sequence[Text]]
    values: Mapping[str, int] = field(factory=dict)
    _known: dict[str, tuple[int, int]] = field(factory=dict, repr=False)

    def of(self, text: Text) -> int:
        """The characters of a text."""
        return self._of_parts(text, 0)[0]

    def depth(self, text: Text) -> int:
        """How many names stand within each other in a text; one more than is allowed where they are not counted."""
        return self._of_parts(text, 0)[1]

    def _of_parts(self, text: Text, above: int) -> tuple[int, int]:
        size = depth = 0
        for part in text.parts:
            if isinstance(part, str):
                size += len(part)
            else:
                inner, levels = self._of_name(part.name, above)
                size, depth = size + max(1, inner), max(depth, levels + 1)
        return size, depth

    def _of_name(self, name: str, above: int) -> tuple[int, int]:
        if name in self.values:
            return self.values[name], 0
        if name not in self.texts or above > MOST_NAMES_DEEP:
            return len(name), 0
        if name not in self._known:
            self._known[name] = (len(name), 0)  # for a name that leads back to itself, which is said elsewhere
            found = [self._of_parts(text, above + 1) for text in self.texts[name]]
            self._known[name] = (max(size for size, _ in found), max(depth for _, depth in found))
        return self._known[name]


def sizes_of_cell(scenario: Scenario) -> Sizes:
    """The names that texts of cells know."""
    texts: dict[str, Sequence[Text]] = {let.name: (let.text,) for let in scenario.tasks.lets}
    for factor in scenario.factors:
        levels = [level.text[0] for level in factor.levels if level.text]
        if levels:
            texts[factor.name] = levels
    return Sizes(texts)


def sizes_of_step(step: Step, cell: Sizes) -> Sizes:
    """The names that texts of a step know."""
    named = Sizes({**cell.texts, **{let.name: (let.text,) for let in step.lets}})
    targets = [named.of(target) for target in step.targets]
    return Sizes(named.texts, {"target": sum(targets[:1]), "targets": sum(targets) + 2 * len(targets)})


def check_texts(scenario: Scenario, sink: Sink) -> bool:
    """Whether every text of the scenario stays within its bound; says so of the first that does not."""
    cell = sizes_of_cell(scenario)
    for text, sizes in _texts(scenario, cell):
        size, depth = sizes.of(text), sizes.depth(text)
        if depth > MOST_NAMES_DEEP:
            found = f"names stand within each other more than {MOST_NAMES_DEEP} deep in this text"
        elif size > LONGEST_TEXT:
            found = f"this text has {spoken(size)} characters with its names filled in, {LONGEST_TEXT:,} are the most"
        else:
            continue
        places = {let.name: let.span for let in scenario.tasks.lets}
        names = [name for name in dict.fromkeys(text.names) if name in places]
        labels = tuple(Label(places[name], f"`{name}` is given here") for name in names[:3])
        return not sink.error("too-large", found, text.span, help="let fewer names stand for others", labels=labels)
    return True


def _texts(scenario: Scenario, cell: Sizes) -> Iterator[tuple[Text, Sizes]]:
    """Every text that a build renders, with the names that it knows."""
    for constraint in scenario.constraints:
        yield constraint.text, cell
    for rule in scenario.rules:
        yield rule.text, cell
    demand = _of_demand(scenario, cell)
    for prompt in scenario.prompts.values():
        yield prompt.text, demand
    for session in scenario.sessions.values():
        for text in session.texts:
            yield text, demand
    messages = [message.text for pressure in scenario.pressures for message in pressure.messages]
    sentences = [sentence.text for placebo in scenario.placebo for sentence in placebo.sentences]
    places = [
        text for one in scenario.schedules.values() for place in one.places for text in (*place.symbol, *place.files)
    ]
    for step in scenario.tasks.steps:
        own = sizes_of_step(step, cell)
        for text in (*step.targets, *_texts_of(step), *messages, *sentences, *places):
            yield text, own


def _texts_of(step: Step) -> Iterator[Text]:
    yield step.ask
    for check in step.checks:
        yield check.command
    for solution in step.solutions:
        for edit in solution.edits:
            match edit:
                case WholeText() | ReplyText():
                    yield edit.text
                case FileText() | AppendText() | ReplaceText():
                    yield edit.path
                    yield edit.text
                case RunCommand():
                    yield edit.command
                case _:
                    yield edit.path


def _of_demand(scenario: Scenario, cell: Sizes) -> Sizes:
    constraint = max((cell.of(one.text) for one in scenario.constraints), default=0)
    rules = sum(cell.of(rule.text) + 1 for rule in scenario.rules)
    return Sizes(cell.texts, {"constraint": constraint, "rules": rules})


def said_in_a_run(scenario: Scenario) -> int:
    """The most characters that the turns of one run say, with what is injected, and with its branches."""
    cell = sizes_of_cell(scenario)
    steps = scenario.tasks.steps
    asked, loudest = 0, 0
    messages = [message.text for pressure in scenario.pressures for message in pressure.messages]
    for step in steps:
        own = sizes_of_step(step, cell)
        asked += own.of(step.ask)
        loudest = max(loudest, *(own.of(text) for text in messages), 0)
    speaking = max((one.copies * len(one.at.positions(len(steps))) for one in scenario.schedules.values()), default=0)
    if set(scenario.arms) <= {"bare"}:
        speaking = 0
    return (asked + _demanded(scenario, cell) + loudest * speaking) * (1 + forks_of(scenario)) + _filled(scenario)


def _demanded(scenario: Scenario, cell: Sizes) -> int:
    """Characters of the instructions, as often as turns have them."""
    demand = _of_demand(scenario, cell)
    prompts = (demand.of(prompt.text) for prompt in scenario.prompts.values())
    whole = max(prompts, default=sum(demand.values.values()))
    places = {one.place for one in scenario.constraints}
    places |= {level.name for factor in scenario.factors if factor.name == "place" for level in factor.levels}
    is_fresh = any(session.mode == "fresh" for session in scenario.sessions.values())
    is_in_turns = not places.isdisjoint({"every_turn", "reminder"}) or (is_fresh and "first_turn" in places)
    return whole * (len(scenario.tasks.steps) if is_in_turns else 1)


def forks_of(scenario: Scenario) -> int:
    """Branches that one run has at most."""
    steps = len(scenario.tasks.steps)
    return max(
        sum(
            len(stretch.positions(steps)) * len(event.arms)
            for event in session.events
            if isinstance(event, Fork)
            for stretch in event.at
        )
        for session in scenario.sessions.values()
    )


def _filled(scenario: Scenario) -> int:
    """Characters of filler that one cell holds at most."""
    return max(
        sum(event.tokens * _TOKEN for event in session.events if isinstance(event, Pad))
        for session in scenario.sessions.values()
    )
