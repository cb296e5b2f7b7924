"""Settings in which intervals are tried: what really happens in the four cells of a pair of contrasts.

In: nothing; this module defines. Out: `Setting`s, and `draw`, which plays many studies of one.
"""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from driftlang.estimate.simulation import PlainCell, StudySize, simulate_rates

Numbers = NDArray[np.float64]
Four = tuple[PlainCell, PlainCell, PlainCell, PlainCell]
#: How the means of the cells count: opposing less placebo, less the same of the mirrored direction.
EFFECT, ASYMMETRY = (1, -1), (1, -1, -1, 1)
STEPS = 12
#: Persistence of a run that repeats now and then, and of one that breaks all steps or none.
WEAK, STRONG = 0.3, 1.0


@frozen
class Setting:
    """Four cells: opposing and placebo of one direction, then of the mirrored one.

    Attributes:
        is_exchangeable: whether a run's cells could change places, so that the sharp null holds.
        shares_dice: whether a run throws the same dice in every cell, as simulated agents do.
        exercised: share of steps that take a side; rates are given those.
    """

    name: str
    cells: Four
    is_exchangeable: bool = False
    shares_dice: bool = False
    exercised: float = 1.0

    @property
    def effect(self) -> float:
        """The true pressure effect of the first direction."""
        return self._sum(EFFECT)

    @property
    def asymmetry(self) -> float:
        """The true difference of differences."""
        return self._sum(ASYMMETRY)

    def _sum(self, signs: tuple[int, ...]) -> float:
        return round(sum(sign * cell.rate for sign, cell in zip(signs, self.cells, strict=False)), 9)


def _four(rates: str, persistence: float = 0.0, own: float = 0.0) -> Four:
    one, two, three, four = (PlainCell(float(rate), persistence, own) for rate in rates.split())
    return one, two, three, four


def _mixed(first: tuple[float, float], second: tuple[float, float]) -> Four:
    """One direction whose runs break all or nothing beside one whose steps break here and there."""
    return (
        PlainCell(first[0], STRONG),
        PlainCell(first[1], STRONG),
        PlainCell(second[0], 0.0),
        PlainCell(second[1], 0.0),
    )


SETTINGS = (
    Setting("one sided, weak", _four(".5 .05 .05 .05", WEAK)),
    Setting("one sided, strong", _four(".5 .05 .05 .05", STRONG)),
    Setting("all .5, weak", _four(".5 .5 .5 .5", WEAK), is_exchangeable=True),
    Setting("all .5, strong", _four(".5 .5 .5 .5", STRONG), is_exchangeable=True),
    Setting("all .05, weak", _four(".05 .05 .05 .05", WEAK), is_exchangeable=True),
    Setting("all .05, strong", _four(".05 .05 .05 .05", STRONG), is_exchangeable=True),
    Setting("rare, weak", _four(".05 0 0 0", WEAK)),
    Setting("rare run that breaks every step", _four(".05 0 0 0", STRONG)),
    Setting("rarer run that breaks every step", _four(".01 0 0 0", STRONG)),
    Setting("rare run on both sides", _four(".05 0 .05 0", STRONG)),
    Setting("all 0", _four("0 0 0 0"), is_exchangeable=True),
    Setting("all 1", _four("1 1 1 1"), is_exchangeable=True),
    Setting("rare run that keeps every step", _four("1 .95 1 1", STRONG)),
    Setting("near 1, weak", _four(".97 .9 .9 .9", WEAK)),
    Setting("all or nothing beside diffuse, balanced", _mixed((0.3, 0.1), (0.3, 0.1))),
    Setting("all or nothing beside diffuse, rare", _mixed((0.1, 0.0), (0.1, 0.0))),
    Setting("all or nothing beside diffuse, half", _mixed((0.5, 0.5), (0.5, 0.5))),
    Setting("runs of their own dispositions", _four(".3 .1 .1 .1", 0.0, 0.3)),
    Setting("the same dice in every cell", _four(".5 .05 .05 .05", WEAK), shares_dice=True),
    Setting("the same dice, a rare run", _four(".1 .05 0 0", STRONG), shares_dice=True),
    Setting("a third takes a side", _four(".5 .05 .05 .05", 0.0), exercised=0.35),
)


def draw(setting: Setting, runs: int, studies: int, random: np.random.Generator) -> Numbers:
    """Each run's share of broken steps, shaped (cells, studies, runs)."""
    size = StudySize(studies, runs, STEPS)
    broken = simulate_rates(setting.cells, size, random, shares_dice=setting.shares_dice)
    if setting.exercised == 1.0:
        return np.array([cell.mean(axis=2) for cell in broken])
    shares = []
    for cell in broken:
        takes_side = random.random(cell.shape) < setting.exercised
        takes_side[..., 0] |= ~takes_side.any(axis=2)  # a run without a step that takes a side is in no rate
        shares.append((cell & takes_side).sum(axis=2) / takes_side.sum(axis=2))
    return np.array(shares)
