"""`when FACTOR is LEVEL { ... }`: which there are, whether they are well formed, which levels a scenario gives them.

In: the asts of a compilation. Out: `Conditions`; diagnostics for those that no scenario can meet.
Refuses to do: choosing entries; see `overlay.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from attrs import field

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.overlay import Levels, When, read_when
from driftlang.model.row import Row
from driftlang.record import frozen
from driftlang.syntax.ast import Block, Entry, File, Listing, Word

#: How it is written.
USAGE = "when FACTOR is LEVEL { ... }"
#: Combinations of levels that the blocks of one scenario may be read at.
MOST_READINGS = 256


@frozen
class Conditions:
    """Every `when` of a compilation: the levels that are spoken of, by factor, in the order of the source."""

    levels: Mapping[str, tuple[str, ...]] = field(factory=dict)

    @property
    def first(self) -> Levels:
        """The level of each factor that is spoken of first: how a declaration reads that no scenario uses."""
        return {factor: levels[0] for factor, levels in self.levels.items()}

    def others(self) -> Iterator[Levels]:
        """`first` with one factor at another of its levels, for each."""
        for factor, levels in self.levels.items():
            for level in levels[1:]:
                yield {**self.first, factor: level}

    def combinations(self, varied: Mapping[str, tuple[str, ...]]) -> Iterator[Levels]:
        """Every combination of the levels that a scenario varies, of the factors that are spoken of."""
        factors = [factor for factor in varied if factor in self.levels]
        for levels in product(*(varied[factor] for factor in factors)):
            yield dict(zip(factors, levels, strict=True))


def find_conditions(trees: Iterable[File], sink: Sink) -> Conditions:
    """Every `when` in the files; says so of those that are not well formed or that no scenario of the files meets."""
    found: list[When] = []
    varied: dict[str, set[str]] = {}
    is_whole, has_scenario = True, False
    for tree in trees:
        is_whole = is_whole and not tree.lost and not tree.is_cut
        for entry in tree.body.entries:
            if entry.word.text == "scenario":
                has_scenario = True
                for factor, levels in factors_of(entry.block).items():
                    varied.setdefault(factor, set()).update(levels)
            if entry.word.text != "study":
                found += _within(entry.block, sink)
    if has_scenario and is_whole:
        for when in found:
            _check(when, varied, sink)
    spoken: dict[str, dict[str, None]] = {}
    for when in found:
        spoken.setdefault(when.factor.text, {})[when.level.text] = None
    return Conditions({factor: tuple(named) for factor, named in spoken.items()})


def factors_of(block: Block) -> dict[str, tuple[str, ...]]:
    """The factors that a scenario's block varies, with the names of their levels, as far as they are well formed."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in block.entries:
        items = entry.items
        if entry.word.text != "vary" or len(items) < 3 or not isinstance(items[0], Word):
            continue
        listing = items[2]
        if isinstance(listing, Listing):
            names = (element.items[0] for element in listing.elements)
            found[items[0].text] = tuple(name.text for name in names if isinstance(name, Word))
    return found


def _within(block: Block, sink: Sink) -> Iterator[When]:
    for entry in block.entries:
        if entry.word.text == "when":
            found = read_when(entry)
            if found is None:
                _report(entry, sink)
            else:
                yield found
        yield from _within(entry.block, sink)


def _report(entry: Entry, sink: Sink) -> None:
    row = Row(entry, USAGE, sink)
    row.take(Word, "a factor that the scenario varies")
    row.expect("is")
    row.take(Word, "the name of a level")
    row.end_of_items()
    if not row.failed:
        row.fail("`{` and the entries that count at that level")


def _check(when: When, varied: Mapping[str, set[str]], sink: Sink) -> None:
    levels = varied.get(when.factor.text)
    if levels is None:
        sink.error(
            "unknown-name",
            f"no scenario varies `{when.factor.text}`{did_you_mean(when.factor.text, varied)}",
            when.factor.span,
            help=f"name what a scenario varies, or add `vary {when.factor.text} in [...]` to one",
        )
    elif when.level.text not in levels:
        sink.error(
            "unknown-name",
            f"`{when.factor.text}` has no level `{when.level.text}`{did_you_mean(when.level.text, levels)}",
            when.level.span,
            help=f"its levels are {', '.join(f'`{level}`' for level in sorted(levels))}",
        )
