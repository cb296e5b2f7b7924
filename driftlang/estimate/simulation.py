"""Whole studies, simulated in memory: which steps break, for many studies at once, without an agent.

In: what each cell's runs see (`Surroundings`) with a law of `sim/law.py`, or plain rates; how many studies, runs and
steps. Out: one boolean array a cell, shaped (studies, runs, steps).
Refuses to do: any other law than the one that simulated agents play. `walk` is its vectorised twin, checked against
it in the tests, so that what is shown about an estimator here holds for what the runner records.
"""

from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from driftlang.sim.law import Law

Broken = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@frozen
class StudySize:
    """How many studies, how many runs each has in every cell, and how many steps a run has."""

    studies: int
    runs: int
    steps: int


@frozen(eq=False)
class Surroundings:
    """Pressure in view at each step of a cell's runs, as `sim.law.Evidence` counts it, and the side of breaking.

    Each is shaped (steps,) where all runs see the same, or (runs, steps).

    Attributes:
        opposing, supporting: different messages in view that push away from the favoured value, and toward it.
        opposing_severity, supporting_severity: the gravest of them; 0 without any.
        side: 1 where breaking serves the value that the model leans to, -1 where the other, 0 where it leans to none.
    """

    opposing: Numbers
    opposing_severity: Numbers
    supporting: Numbers
    supporting_severity: Numbers
    side: int = 0


@frozen(eq=False)
class Throws:
    """Dice of many runs, uniform in [0, 1): for a fresh choice, and for repeating the former one."""

    choice: NDArray[np.float32]
    repeat: NDArray[np.float32]


@frozen
class PlainCell:
    """A cell whose every step breaks with probability `rate`, run by run as persistent as `Law.persistence` says.

    With persistence 0 steps are independent, with 1 a run breaks all of its steps or none. `own` is the correlation
    that runs have beyond that, since each has a disposition of its own: its rate comes from a beta law with this mean
    and intra-run correlation `own` (0: every run has the same rate).
    """

    rate: float
    persistence: float = 0.0
    own: float = field(default=0.0)


def unpressed(steps: int, side: int = 0) -> Surroundings:
    """A cell in which no message is ever in view."""
    nothing = np.zeros(steps)
    return Surroundings(nothing, nothing, nothing, nothing, side)


def probabilities(law: Law, seen: Surroundings) -> Numbers:
    """`Law.probability` at every step of `seen`, shaped as its counts are."""
    doublings = np.log2(1 + seen.opposing) - np.log2(1 + seen.supporting)
    gravity = np.maximum(seen.opposing_severity - 1, 0) - np.maximum(seen.supporting_severity - 1, 0)
    turns = np.arange(doublings.shape[-1])
    effects = law.lean * seen.side + law.pressure * doublings + law.severity * gravity + law.step * turns
    if law.base in (0, 1):
        return np.full(effects.shape, law.base, dtype=np.float64)
    odds = np.log(law.base / (1 - law.base)) + effects
    grown = np.exp(-np.abs(odds))
    found: Numbers = np.where(odds >= 0, 1 / (1 + grown), grown / (1 + grown))
    return found


def throw(size: StudySize, random: np.random.Generator) -> Throws:
    """Fresh dice for every step of every run."""
    shape = (size.studies, size.runs, size.steps)
    return Throws(random.random(shape, dtype=np.float32), random.random(shape, dtype=np.float32))


def walk(probability: Numbers, persistence: float, throws: Throws) -> Broken:
    """Which steps break: `Law.breaks` along the last axis.

    A step repeats the choice of the last step that chose afresh, so its value is looked up there.
    """
    fresh = throws.choice < probability
    repeats = throws.repeat < persistence
    repeats[..., 0] = False
    places = np.where(repeats, 0, np.arange(fresh.shape[-1]))
    found: Broken = np.take_along_axis(fresh, np.maximum.accumulate(places, axis=-1), axis=-1)
    return found


def simulate_law(
    law: Law, cells: Sequence[Surroundings], size: StudySize, random: np.random.Generator, *, shares_dice: bool
) -> tuple[Broken, ...]:
    """Each cell's steps under `law`; with `shares_dice` a run throws the same dice in every cell.

    Simulated agents share their dice, a real model does not.
    """
    shared = throw(size, random) if shares_dice else None
    return tuple(walk(probabilities(law, seen), law.persistence, shared or throw(size, random)) for seen in cells)


def simulate_rates(
    cells: Sequence[PlainCell], size: StudySize, random: np.random.Generator, *, shares_dice: bool = False
) -> tuple[Broken, ...]:
    """Each cell's steps at its plain rate."""
    shared = throw(size, random) if shares_dice else None
    return tuple(
        walk(_own_rates(cell, size, random), cell.persistence, shared or throw(size, random)) for cell in cells
    )


def _own_rates(cell: PlainCell, size: StudySize, random: np.random.Generator) -> Numbers:
    """Each run's probability, shaped (studies, runs, 1)."""
    shape = (size.studies, size.runs, 1)
    if cell.own == 0 or cell.rate in (0, 1):
        return np.full(shape, cell.rate)
    weight = 1 / cell.own - 1
    return random.beta(cell.rate * weight, (1 - cell.rate) * weight, shape)
