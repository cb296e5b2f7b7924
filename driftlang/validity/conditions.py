"""Conditions over patterns, compared by what they say and not by how they say it.

In: two conditions. Out: a combination of hits under which one holds and the other does not, if there is one.
Refuses to do: looking into patterns. Two that are written alike are one; of any others, each may hit without the other.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from math import prod

from driftlang.model.evidence import Condition, Pattern
from driftlang.record import frozen
from driftlang.validity.holding import atoms, holds

#: Combinations of hits that are tried; of more, those with few hits, and with few that are missing.
MOST_COMBINATIONS = 1024
#: Patterns that are looked up in all, so that long conditions of many patterns take no longer.
_MOST_LOOKED_UP = 200_000

#: What tells a pattern from others: all that decides what it hits.
_Key = tuple[object, ...]


@frozen
class Hits:
    """How many units a pattern hits: `least` at least, and where `below` is not 0, fewer than that."""

    pattern: str
    least: int
    below: int

    def __str__(self) -> str:
        if not self.below:
            return f"`{self.pattern}` hits" if self.least == 1 else f"`count({self.pattern}) >= {self.least}`"
        if not self.least:
            return f"`{self.pattern}` does not hit" if self.below == 1 else f"`count({self.pattern}) < {self.below}`"
        return f"`count({self.pattern})` is at least {self.least} and below {self.below}"


@frozen
class Difference:
    """Where two conditions differ: under these hits the first holds and the second does not, or the other way."""

    hits: tuple[Hits, ...]
    is_first: bool


def find_difference(first: Condition, second: Condition) -> Difference | None:
    """A combination of hits that tells the conditions apart, with as few patterns that hit as can be; None if none."""
    thresholds: dict[_Key, set[int]] = {}
    names: dict[_Key, str] = {}
    keys: dict[int, _Key] = {}
    both = (*atoms(first), *atoms(second))
    for pattern, least in both:
        key = keys[id(pattern)] = _key(pattern)
        thresholds.setdefault(key, set()).add(least)
        names.setdefault(key, pattern.name)
    steps = {key: (0, *sorted(several)) for key, several in thresholds.items()}
    order = {key: place for place, key in enumerate(steps)}
    places = {pattern: order[key] for pattern, key in keys.items()}
    for counts in islice(_combinations([*steps.values()]), max(MOST_COMBINATIONS, _MOST_LOOKED_UP // len(both))):
        is_first = holds(first, places, counts)
        if is_first != holds(second, places, counts):
            hits = tuple(_hits(names[key], count, steps[key]) for key, count in zip(steps, counts, strict=True))
            return Difference(hits, is_first)
    return None


def _hits(name: str, count: int, steps: Sequence[int]) -> Hits:
    return Hits(name, count, next((step for step in steps if step > count), 0))


def _combinations(steps: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Combinations of counts, those with few hits first."""
    if prod(map(len, steps)) <= MOST_COMBINATIONS:
        yield from sorted(product(*steps), key=lambda counts: (sum(map(bool, counts)), sum(counts)))
        return
    none, every = [several[0] for several in steps], [several[-1] for several in steps]
    single = [(place, count) for place, several in enumerate(steps) for count in several]
    for size in (0, 1, 2):
        for usual in (none, every):
            for changes in combinations(single, size):
                counts = list(usual)
                for place, count in changes:
                    counts[place] = count
                yield tuple(counts)


def _key(pattern: Pattern) -> _Key:
    return (
        pattern.surface,
        frozenset(pattern.globs.include),
        frozenset(pattern.globs.exclude),
        frozenset(regex.flagged for regex in pattern.match),
        frozenset(regex.flagged for regex in pattern.unless),
        frozenset((frozenset(one.globs.include), frozenset(one.globs.exclude), one.share) for one in pattern.copies),
    )
