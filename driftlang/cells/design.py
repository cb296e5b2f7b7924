"""Which combinations of levels a scenario has: all, a sample, or enough that every two levels meet.

In: factors and a design. Out: combinations, each a level of every factor, in the order of the full product.
Refuses to do: more than `MOST_COMBINATIONS` of them, and searching without end.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice, product
from math import prod

from driftlang.cells.chance import Chance
from driftlang.model.bounds import MOST_COMBINATIONS
from driftlang.model.forms import AllOf, AnyOf, Design, Exclusion, Factor, IsLevel, NotSo

#: Draws for a sample, where most of the product may be excluded: for each combination, and at most in all.
_DRAWS, _MOST_DRAWS = 1_000, 200_000
#: Levels that are tried to complete one combination of a pairwise design, and at most in all.
_TRIES, _MOST_TRIES = 10_000, 200_000

#: A level, by position, of each factor.
Row = tuple[int, ...]
#: Two levels that shall meet: factor and level, twice, by position.
Pair = tuple[tuple[int, int], tuple[int, int]]


def choose(factors: Sequence[Factor], design: Design) -> tuple[Mapping[str, str], ...]:
    """The combinations, as level by factor; one empty combination where nothing varies."""
    return _chosen(tuple(factors), design)


@lru_cache(maxsize=64)
def _chosen(factors: tuple[Factor, ...], design: Design) -> tuple[Mapping[str, str], ...]:
    """The combinations, kept: all variants, directions and arms of a scenario ask for the same."""
    sizes = [len(factor.levels) for factor in factors]
    rows = _RULES[design.kind](_Space(factors, sizes, design))
    return tuple(_named(factors, row) for row in rows)


def _named(factors: Sequence[Factor], row: Row) -> Mapping[str, str]:
    return {factor.name: factor.levels[level].name for factor, level in zip(factors, row, strict=True)}


def holds(exclusion: Exclusion, levels: Mapping[str, str]) -> bool | None:
    """Whether the expression holds of levels; None where that rests on a factor that has no level yet."""
    match exclusion:
        case IsLevel():
            return levels[exclusion.factor] == exclusion.level if exclusion.factor in levels else None
        case NotSo():
            inner = holds(exclusion.operand, levels)
            return None if inner is None else not inner
        case AllOf():
            parts = [holds(operand, levels) for operand in exclusion.operands]
            return False if False in parts else None if None in parts else True
        case AnyOf():
            parts = [holds(operand, levels) for operand in exclusion.operands]
            return True if True in parts else None if None in parts else False


class _Space:
    """The full product, of which some combinations may be excluded."""

    def __init__(self, factors: Sequence[Factor], sizes: Sequence[int], design: Design) -> None:
        self.sizes = sizes
        self.total = prod(sizes)
        self.design = design
        self._factors = factors

    def allows(self, row: Row) -> bool:
        return self.allows_part(dict(enumerate(row)))

    def allows_part(self, levels: Mapping[int, int]) -> bool:
        """Whether no exclusion holds of these levels already, whatever the other factors have."""
        if not self.design.exclude:
            return True
        named = {self._factors[at].name: self._factors[at].levels[level].name for at, level in levels.items()}
        return not any(holds(exclusion, named) for exclusion in self.design.exclude)

    def at(self, number: int) -> Row:
        """The combination of that number, from 0, in the order of the full product."""
        row: list[int] = []
        for size in reversed(self.sizes):
            number, level = divmod(number, size)
            row.append(level)
        return tuple(reversed(row))

    def every(self) -> Iterator[Row]:
        return (row for row in product(*map(range, self.sizes)) if self.allows(row))


def _full(space: _Space) -> list[Row]:
    return list(islice(space.every(), MOST_COMBINATIONS))


def _sample(space: _Space) -> list[Row]:
    """Combinations drawn without replacement, each as likely as any other; all where there are no more."""
    size, chance = space.design.size, Chance(space.design.seed, "sample")
    if space.total <= max(MOST_COMBINATIONS, 4 * size):
        return sorted(chance.shuffled(tuple(space.every()))[:size])
    drawn: set[Row] = set()
    for _ in range(max(min(_DRAWS * size, _MOST_DRAWS), 2 * size)):
        row = space.at(chance.below(space.total))
        if space.allows(row):
            drawn.add(row)
        if len(drawn) == size:
            break
    return sorted(drawn)


def _pairwise(space: _Space) -> list[Row]:
    """Few combinations in which every two levels of different factors meet, where they may.

    Greedy, one combination at a time, each begun with a pair that has not met and completed with the levels that meet
    most: after D. M. Cohen, S. R. Dalal, M. L. Fredman and G. C. Patton, "The AETG system", IEEE Transactions on
    Software Engineering 23 (1997), 437-444; without its random order, so that the result is always the same.
    """
    if len(space.sizes) < 2:
        return _full(space)
    open_pairs: dict[Pair, None] = {
        ((one, a), (other, b)): None
        for one, other in combinations(range(len(space.sizes)), 2)
        for a in range(space.sizes[one])
        for b in range(space.sizes[other])
    }
    rows: list[Row] = []
    tries = 0
    while open_pairs and tries < _MOST_TRIES and len(rows) < MOST_COMBINATIONS:
        pair = next(iter(open_pairs))
        completion = _Completion(space, open_pairs)
        row = completion.complete(dict(pair))
        tries += completion.tries
        open_pairs.pop(pair)
        if row is not None:
            rows.append(row)
            for met in combinations(enumerate(row), 2):
                open_pairs.pop(met, None)
    return sorted(rows)


class _Completion:
    """The search for one combination that holds given levels: depth first, the most useful levels first, bounded."""

    def __init__(self, space: _Space, open_pairs: Mapping[Pair, None]) -> None:
        self._space = space
        self._open = open_pairs
        self.tries = 0

    def complete(self, levels: dict[int, int]) -> Row | None:
        """A combination with these levels that is not excluded; None where none was found."""
        if not self._space.allows_part(levels):
            return None
        missing = next((factor for factor in range(len(self._space.sizes)) if factor not in levels), None)
        if missing is None:
            return tuple(levels[factor] for factor in range(len(self._space.sizes)))
        choices = range(self._space.sizes[missing])
        for level in sorted(choices, key=lambda level: -self._gain(missing, level, levels)):
            self.tries += 1
            if self.tries > _TRIES:
                return None
            completed = self.complete({**levels, missing: level})
            if completed is not None:
                return completed
        return None

    def _gain(self, factor: int, level: int, levels: Mapping[int, int]) -> int:
        """How many pairs that have not met would meet."""
        here = (factor, level)
        met = ((other, here) if other < here else (here, other) for other in levels.items())
        return sum(pair in self._open for pair in met)


_RULES = {"full": _full, "sample": _sample, "pairwise": _pairwise}
