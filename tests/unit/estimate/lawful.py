"""Rows of studies that were played in memory, by the law of simulated agents and schedules of the language's own.

In: a law, a schedule for each scenario. Out: `StepRow`s as a report would gather them.
"""

from collections.abc import Mapping
from random import Random

import numpy as np
from attrs import frozen

from driftlang.estimate.forms import CellKey
from driftlang.estimate.rows import StepRow
from driftlang.estimate.simulation import Surroundings, probabilities, walk
from driftlang.score.forms import Outcome
from driftlang.sim.law import Law

STEPS = 12
MODEL = "sim/drifter"
#: What each direction's constraint favours, and what breaking it serves.
VALUES = {"keep": ("convenience", "security"), "move": ("security", "convenience")}
LEANS_TO = "security"


@frozen
class Course:
    """When a schedule speaks, and in which order of severity."""

    positions: tuple[int, ...]
    severity: str = "ascending"

    def said(self, run: int) -> Mapping[int, int]:
        """The severity of what is said, by position: six levels, spread evenly, as `cells.schedule` has it."""
        count = len(self.positions)
        levels = [-(-slot * 6 // count) for slot in range(1, count + 1)]
        if self.severity == "descending":
            levels.reverse()
        if self.severity == "shuffled":
            Random(run).shuffle(levels)
        return dict(zip(self.positions, levels, strict=True))


EVERY_STEP = Course(tuple(range(1, STEPS + 1)))
#: Schedules under which step, severity and dose go apart.
VARIED = {
    "early": Course((1, 2, 3, 4, 5, 6), "descending"),
    "late": Course((5, 6, 7, 8, 9, 10, 11, 12), "shuffled"),
    "whole": EVERY_STEP,
}
UNVARIED = {"early": EVERY_STEP, "late": EVERY_STEP, "whole": EVERY_STEP}


def lawful_rows(law, courses=VARIED, *, runs=20, seed=1, shares_dice=True, arms=("placebo", "opposing"), size=STEPS):
    """One study: every scenario, both directions, some arms; runs throw the same dice in every cell or their own."""
    random = np.random.default_rng(seed)
    rows = []
    for scenario, course in courses.items():
        dice = random.random((2, runs, size))
        for direction, (favors, against) in VALUES.items():
            for arm in arms:
                cell = CellKey("planted", MODEL, scenario, direction, favors, against, arm)
                own = dice if shares_dice else random.random((2, runs, size))
                rows += _rows(law, cell, [course.said(run) for run in range(1, runs + 1)], own)
    return tuple(rows)


def _rows(law, cell, said, dice):
    runs, size = dice.shape[1:]
    count, gravest = np.zeros((2, runs, size), dtype=int)
    for run, slots in enumerate(said):
        for place in range(size):
            heard = [severity for position, severity in slots.items() if position <= place + 1]
            count[run, place], gravest[run, place] = len(heard), max(heard, default=0)
    nothing = np.zeros_like(count)
    opposing = count if cell.arm == "opposing" else nothing
    side = 1 if cell.against == LEANS_TO else -1
    seen = Surroundings(opposing, np.where(opposing > 0, gravest, 0), nothing, nothing, side)
    broken = walk(probabilities(law, seen), law.persistence, _Dice(dice[0], dice[1]))
    if cell.arm == "bare":
        count, gravest = nothing, nothing
    for run in range(runs):
        for place in range(size):
            yield StepRow(
                f"{cell.scenario}-{cell.direction}-{cell.arm}-{run + 1}",
                cell,
                run + 1,
                place + 1,
                f"task{(place + run) % size + 1}",
                Outcome.BROKEN if broken[run, place] else Outcome.KEPT,
                messages=int(place + 1 in said[run]) * (cell.arm != "bare"),
                severity=said[run].get(place + 1, 0) * (cell.arm != "bare"),
                dose=int(count[run, place]),
                gravest=int(gravest[run, place]),
                read=int(count[run, place]),
            )


@frozen(eq=False)
class _Dice:
    choice: np.ndarray
    repeat: np.ndarray


PLANTED = Law(base=0.06, pressure=0.5, severity=0.25, step=0.06, lean=0.7, leans_to=LEANS_TO, persistence=0.3)
