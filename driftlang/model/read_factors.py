"""What a scenario varies → factors, their levels, and which combinations of levels there are.

In: the entries `vary`, `sample`, `pairwise` and `exclude` of a scenario. Out: `Varied` and `Design`.
Refuses to do: making the combinations.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from attrs import field

from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.bounds import LARGEST_SEED
from driftlang.model.fields import Fields
from driftlang.model.forms import (
    HARNESSES,
    PART_FACTORS,
    PLACES,
    STATED,
    AllOf,
    AnyOf,
    Design,
    Exclusion,
    Factor,
    IsLevel,
    Level,
    NotSo,
    Prompt,
    Schedule,
    Session,
)
from driftlang.model.placeholders import RESERVED
from driftlang.model.read_conflicts import report_doubled
from driftlang.model.resolver import F, Resolver
from driftlang.model.row import Row
from driftlang.model.vocabulary import SCENARIO
from driftlang.model.wording import text_of
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.syntax.ast import Element, Group, Listing, Quoted, Word

#: Factors whose levels are words of the language, and what those are in a sentence.
_WORDS: Mapping[str, tuple[Sequence[str], str]] = {
    "place": (PLACES, "place of a constraint"),
    "constraint": (STATED, "way to state a constraint"),
    "harness": (HARNESSES, "harness"),
}


#: What no factor of one's own is called: parts of a scenario that do not vary, and names that mean something already.
_FIXED = frozenset({*RESERVED, *SCENARIO.words, "arm", "direction", "model", "models", "repeat"})


@frozen
class Varied:
    """What a scenario varies, with the parts that its levels name; `is_broken` holds one when a part is not there."""

    factors: list[Factor] = field(factory=list)
    schedules: dict[str, Schedule] = field(factory=dict)
    sessions: dict[str, Session] = field(factory=dict)
    prompts: dict[str, Prompt] = field(factory=dict)
    broken: list[Word] = field(factory=list)


def read_varied(resolver: Resolver, fields: Fields) -> Varied:
    """Every `vary`."""
    reading = _Factors(resolver)
    for entry, row in fields.rows("vary"):
        name = row.take(Word, "what varies")
        row.expect("in")
        listing = row.take(Listing, "the levels, as a list")
        row.end()
        if name is not None and listing is not None:
            reading.read(name, listing, entry.span)
    return reading.varied


class _Factors:
    """The factors of one scenario."""

    def __init__(self, resolver: Resolver) -> None:
        self.varied = Varied()
        self._resolver = resolver
        self._sink = resolver.sink

    def read(self, name: Word, listing: Listing, span: Span) -> None:
        """One factor."""
        if not self._may_vary(name):
            return
        levels = tuple(self._levels(name.text, listing))
        if not listing.elements:
            self._sink.error(
                "wrong-argument", "the list of levels is empty", listing.span, help="name two levels or more"
            )
        speaking = [level for level in levels if level.text]
        for level in levels:
            if speaking and not level.text:
                self._sink.error(
                    "wrong-argument",
                    f"the level `{level.name}` has no text, other levels of `{name.text}` have one",
                    level.span,
                    help=f'write `{level.name} "text"`, or give no level a text where `when` alone needs them',
                )
        self.varied.factors.append(Factor(name.text, levels, span))

    def _may_vary(self, name: Word) -> bool:
        there = next((factor for factor in self.varied.factors if factor.name == name.text), None)
        if there is not None:
            report_doubled(self._resolver, "factor", name, there.span)
            return False
        if name.text in PART_FACTORS or name.text not in _FIXED:
            return True
        known = ", ".join(f"`{factor}`" for factor in PART_FACTORS)
        self._sink.error(
            "unknown-word",
            f"`{name.text}` cannot vary here",
            name.span,
            help=f"vary {known}, or a name of your own",
        )
        return False

    def _levels(self, factor: str, listing: Listing) -> Iterator[Level]:
        names: dict[str, Span] = {}
        for element in listing.elements:
            row = Row(element, f"vary {factor} in [...]", self._sink, end="the end of the level")
            name = row.take(Word, "a level's name")
            if name is None:
                continue
            if name.text in names:
                report_doubled(self._resolver, "level", name, names[name.text])
                continue
            names[name.text] = name.span
            level = self._level(factor, name, row, element)
            row.end()
            if level is not None:
                yield level

    def _level(self, factor: str, name: Word, row: Row, element: Element) -> Level | None:
        parts: Mapping[str, Callable[[], bool]] = {
            "schedule": lambda: self._keep(name, Schedule, self.varied.schedules),
            "session": lambda: self._keep(name, Session, self.varied.sessions),
            "prompt": lambda: self._keep(name, Prompt, self.varied.prompts),
        }
        if factor in parts:
            return Level(name.text, (), element.span) if parts[factor]() else None
        if factor in _WORDS:
            return Level(name.text, (), element.span) if row.known(name.text, name.span, *_WORDS[factor]) else None
        text = row.take(Quoted) if row.has(Quoted) else None
        return Level(name.text, (text_of(text),) if text else (), element.span)

    def _keep(self, name: Word, form: type[F], into: dict[str, F]) -> bool:
        found = self._resolver.find(name, form)
        if found is None:
            self.varied.broken.append(name)
            return False
        into[name.text] = found
        return True


def read_design(resolver: Resolver, fields: Fields, factors: Sequence[Factor]) -> Design:
    """Which combinations of the factors' levels there are."""
    levels = {factor.name: [level.name for level in factor.levels] for factor in factors}
    rows = [row for _, row in fields.rows("exclude") if row.expect("when")]
    found = (_Exclusions(resolver, row, levels).whole() for row in rows)
    exclude = [excluded for excluded in found if excluded is not None]
    sample = fields.row("sample")
    if sample is not None:
        size = sample.whole()
        sample.expect("seed")
        seed = sample.whole(0, LARGEST_SEED)
        sample.end()
        return Design("sample", size, seed, tuple(exclude))
    pairwise = fields.row("pairwise")
    if pairwise is not None:
        pairwise.end()
    return Design("full" if pairwise is None else "pairwise", 0, 0, tuple(exclude))


class _Exclusions:
    """A descent through the items behind `exclude when`; `not` binds closer than `and`, `and` closer than `or`."""

    def __init__(self, resolver: Resolver, row: Row, levels: Mapping[str, Sequence[str]]) -> None:
        self._resolver = resolver
        self._row = row
        self._levels = levels

    def whole(self) -> Exclusion | None:
        """The whole row."""
        found = self._any()
        self._row.end()
        return None if self._row.failed else found

    def _any(self) -> Exclusion | None:
        operands = [self._all()]
        while self._row.keyword("or"):
            operands.append(self._all())
        present = tuple(operand for operand in operands if operand is not None)
        if len(present) < len(operands):
            return None
        return present[0] if len(present) == 1 else AnyOf(present)

    def _all(self) -> Exclusion | None:
        operands = [self._one()]
        while self._row.keyword("and"):
            operands.append(self._one())
        present = tuple(operand for operand in operands if operand is not None)
        if len(present) < len(operands):
            return None
        return present[0] if len(present) == 1 else AllOf(present)

    def _one(self) -> Exclusion | None:
        if self._row.keyword("not"):
            is_negated = True
            while self._row.keyword("not"):
                is_negated = not is_negated
            operand = self._one()
            return NotSo(operand) if operand is not None and is_negated else operand
        if self._row.has(Group):
            group = self._row.take(Group)
            return _Exclusions(self._resolver, self._row.within(group), self._levels).whole() if group else None
        return self._level()

    def _level(self) -> Exclusion | None:
        factor = self._row.take(Word, "a factor of the scenario")
        self._row.expect("is")
        level = self._row.take(Word, "the name of a level")
        if factor is None or level is None:
            return None
        if not self._is_known(factor, "factor of the scenario", self._levels):
            return None
        known = self._levels[factor.text]
        return IsLevel(factor.text, level.text) if self._is_known(level, f"level of `{factor.text}`", known) else None

    def _is_known(self, word: Word, what: str, known: Collection[str]) -> bool:
        if word.text in known:
            return True
        names = ", ".join(f"`{name}`" for name in known) or "none"
        self._resolver.sink.error(
            "unknown-name",
            f"`{word.text}` is no {what}{did_you_mean(word.text, known)}",
            word.span,
            help=f"there are {names}",
        )
        return False
