"""Power: what a study of a size can show, by simulation of whole studies and the tests that reports use.

In: a size, a base rate, how persistent runs are. Out: how often a true difference is found, the smallest that is found
often enough, and the runs that a declared one takes.
Refuses to do: another test than the report's. A difference is found where the interval of the estimate leaves 0 out
(`mover`), so that a study that is large enough by this is large enough for its own report.

The same dice are thrown for every difference at a size, so that power rises with the difference and bisection finds its
edge. A result is right to about the Monte Carlo error that stands beside it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import sqrt

import numpy as np
from attrs import frozen

from driftlang.estimate.mover import mover
from driftlang.estimate.simulation import PlainCell, StudySize, simulate_rates

#: How much runs hang together: each step by itself, some repetition, all steps or none.
PERSISTENCES = (("none", 0.0), ("weak", 0.3), ("strong", 1.0))
EFFECT, ASYMMETRY = "effect", "asymmetry"
_SIGNS = {EFFECT: (1, -1), ASYMMETRY: (1, -1, -1, 1)}
STUDIES = 1000
BASE = 0.05
#: Runs of a cell up to which a number is searched.
MOST_RUNS = 1600
_SEED = 20_260_301
#: Steps between two differences that are told apart.
_HUNDREDTHS = 100


@frozen
class World:
    """What is supposed of the runs.

    Attributes:
        base: rate at which the control breaks, and in an asymmetry all cells but the first.
        persistence: probability that a step repeats the one before it.
        steps: of a run.
        alpha: level of the test, two-sided.
        studies: how many are simulated.
    """

    base: float
    persistence: float
    steps: int
    alpha: float
    studies: int = STUDIES

    @property
    def error(self) -> float:
        """Monte Carlo error of a power of one half, the largest there is."""
        return sqrt(0.25 / self.studies)


@frozen
class Capacity:
    """What a study can show.

    Attributes:
        measure: `effect`, of pressure in one direction, or `asymmetry`, of two directions.
        power: how often the declared difference is found at the study's size.
        smallest: the smallest difference that is found with the declared power there; 0 where none is.
        needed: runs of a cell that find the declared difference with the declared power; 0 where `MOST_RUNS` do not.
        error: Monte Carlo error of a power of one half.
    """

    measure: str
    persistence: str
    runs: int
    power: float
    smallest: float
    needed: int
    error: float


def capacity(measure: str, world: World, runs: int, difference: float, power: float) -> Capacity:
    """What `runs` runs of a cell can show of a declared difference with a declared power.

    Args:
        measure: `effect` or `asymmetry`.
        world: what is supposed of the runs.
        runs: of each cell.
        difference: of rates, in (0, 1].
        power: in (0, 1).
    """

    @cache
    def reached(size: int, hundredths: int) -> float:
        return power_of(measure, world, size, hundredths / _HUNDREDTHS)

    declared = round(difference * _HUNDREDTHS)
    most = round((1 - world.base) * _HUNDREDTHS)
    smallest = _first(range(1, most + 1), lambda hundredths: reached(runs, hundredths) >= power)
    name = next((name for name, share in PERSISTENCES if share == world.persistence), f"{world.persistence:g}")
    return Capacity(
        measure,
        name,
        runs,
        reached(runs, declared),
        smallest / _HUNDREDTHS,
        _runs_needed(lambda size: reached(size, declared) >= power) if declared <= most else 0,
        world.error,
    )


def power_of(measure: str, world: World, runs: int, difference: float) -> float:
    """The share of studies whose interval leaves 0 out where the true difference is this one."""
    signs = _SIGNS[measure]
    rates = [min(1.0, world.base + difference), *[world.base] * (len(signs) - 1)]
    cells = [PlainCell(rate, world.persistence) for rate in rates]
    broken = simulate_rates(cells, StudySize(world.studies, runs, world.steps), np.random.default_rng(_SEED + runs))
    low, high = mover(np.array([cell.mean(axis=2) for cell in broken]), signs, world.alpha / 2)
    return float(((low > 0) | (high < 0)).mean())


def _first(places: Sequence[int], is_enough: Callable[[int], bool]) -> int:
    """The first place that is enough, where all behind it are; 0 for none."""
    if not places or not is_enough(places[-1]):
        return 0
    low, high = -1, len(places) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(places[middle]) else (middle, high)
    return places[high]


def _runs_needed(is_enough: Callable[[int], bool]) -> int:
    """By doubling, then halving what is between."""
    size = 2
    while not is_enough(size):
        size *= 2
        if size > MOST_RUNS:
            return 0
    return _first(range(size // 2 + 1, size + 1), is_enough) if size > 2 else size
