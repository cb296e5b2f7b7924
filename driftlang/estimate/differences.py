"""Differences: signed sums of cell means over the runs that all cells have, with their interval and tests.

In: each cell's fractions by run, with a sign. Out: `Difference`s in the order asked for.
Refuses to do: one at a time. Sums of one shape are computed together, since a report asks for many.
"""

from collections.abc import Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from driftlang.estimate.forms import Difference, Null, NullTest
from driftlang.estimate.fractions import DIGITS, Fractions
from driftlang.estimate.mover import mover, zero_sum_p_values
from driftlang.estimate.offers import INVERTED, MOVER, SIGN_FLIPS
from driftlang.estimate.sign_flips import sign_flip_p_value

#: Fractions of one cell, and 1 or -1 for how its mean counts.
Signed = tuple[Fractions, int]
#: Digits of a p-value that are kept, the first that is not 0 being the first.
_P_DIGITS = 4


def differences_of(sums: Sequence[Sequence[Signed]], level: float) -> tuple[Difference, ...]:
    """Each signed sum of means, over the runs that all of its cells have.

    Args:
        sums: two or four signed cells each.
        level: coverage of each interval by itself.
    """
    found: dict[int, Difference] = {}
    shapes: dict[tuple[tuple[int, ...], int], list[int]] = {}
    runs = [sorted(set.intersection(*(set(cell) for cell, _ in signed))) for signed in sums]
    for place, signed in enumerate(sums):
        shapes.setdefault((tuple(sign for _, sign in signed), len(runs[place])), []).append(place)
    for (signs, pairs), places in shapes.items():
        if pairs == 0:
            widest = len(signs) / 2
            found |= dict.fromkeys(places, Difference(0.0, 0, -widest, widest, MOVER))
            continue
        values = np.array([[[cell[run] for run in runs[place]] for cell, _ in sums[place]] for place in places])
        found |= zip(places, _computed(values.transpose(1, 0, 2), signs, level), strict=True)
    return tuple(found[place] for place in range(len(sums)))


def _computed(values: NDArray[np.float64], signs: tuple[int, ...], level: float) -> list[Difference]:
    """Differences of one shape; `values` is shaped (cells, sums, runs)."""
    lows, highs = (limit.round(DIGITS).tolist() for limit in mover(values, signs, (1 - level) / 2))
    weak = zero_sum_p_values(values, signs).tolist()
    by_run = np.tensordot(np.asarray(signs), values, axes=1)
    return [
        Difference(
            fsum(row),
            len(row),
            low,
            high,
            MOVER,
            (
                NullTest(Null.WEAK, INVERTED, _rounded(p_value)),
                NullTest(Null.SHARP, SIGN_FLIPS, _rounded(sign_flip_p_value(row))),
            ),
        )
        for row, low, high, p_value in zip(by_run.tolist(), lows, highs, weak, strict=True)
    ]


def _rounded(p_value: float) -> float:
    return float(f"{p_value:.{_P_DIGITS}g}")
