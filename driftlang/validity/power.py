"""Power of a comparison of two cells of equally many runs, by Fisher's exact test, two-sided.

In: the difference that a study declares, with power and level; a number of runs. Out: whether so many can show the
difference, what they can show, how many it takes.
Refuses to do: anything that takes long: beyond `MOST_EXACT` runs a formula stands for the enumeration.

Sources: Fisher 1935; for large numbers the corrected normal formula of Casagrande, Pike and Smith 1978 (Biometrics 34)
as Fleiss, Tytun and Ury 1980 (Biometrics 36) write it.
"""

from collections.abc import Iterator
from functools import cache
from math import ceil, comb, erfc, sqrt

from driftlang.model.forms import Detect

#: The rate at which runs of a control break the constraint, where nothing is known: 5 of 100.
BASE_RATE = 0.05
#: Runs of a cell up to which outcomes are enumerated.
MOST_EXACT = 400
#: Runs of a cell up to which the smallest number is searched for; above, the formula gives it, some runs too high.
_MOST_SEARCHED = 120


def can_show(detect: Detect, runs: int) -> bool:
    """Whether cells of that many runs show the difference with the power, at the level."""
    return _shows(detect.difference, detect, runs)


def smallest_difference(detect: Detect, runs: int) -> float:
    """The smallest difference that cells of that many runs show, in whole hundredths; 0 where they show none."""
    none, some = 0, 100
    while some - none > 1:
        middle = (none + some) // 2
        none, some = (none, middle) if _shows(middle / 100, detect, runs) else (middle, some)
    return some / 100 if some < 100 or _shows(1.0, detect, runs) else 0.0


def runs_needed(detect: Detect) -> int:
    """The smallest number of runs of a cell that shows the difference."""
    about = _formula(detect.difference, detect)
    if about > _MOST_SEARCHED:
        return about
    # The formula is near, not exact: of few runs, it may take some more.
    return next((runs for runs in range(2, 2 * about + 8) if can_show(detect, runs)), about)


def _shows(difference: float, detect: Detect, runs: int) -> bool:
    if runs > MOST_EXACT:
        return runs >= _formula(difference, detect)
    # The sum over outcomes is exact to the last digits only.
    return power_of(*_rates(difference), runs, detect.alpha) >= detect.power - 1e-12


def _formula(difference: float, detect: Detect) -> int:
    """About the number of runs that shows the difference."""
    low, high = _rates(difference)
    mean = (low + high) / 2
    of_level = _normal_quantile(detect.alpha / 2) * sqrt(2 * mean * (1 - mean))
    of_power = _normal_quantile(1 - detect.power) * sqrt(low * (1 - low) + high * (1 - high))
    # A share may be so small that its square is none.
    plain = (of_level + of_power) ** 2 / max(difference**2, 1e-30)
    return max(2, ceil(plain / 4 * (1 + sqrt(1 + 4 / (plain * max(difference, 1e-15)))) ** 2))


def power_of(low: float, high: float, runs: int, alpha: float) -> float:
    """How often two cells of `runs` runs, which break at these rates, differ by the test at level `alpha`."""
    first, second = _outcomes(low, runs), _outcomes(high, runs)
    power = 0.0
    for total, edge in enumerate(_edges(runs, alpha)):
        for fewer in range(max(0, total - runs), edge + 1):
            more = total - fewer
            power += first[fewer] * second[more] + first[more] * second[fewer]
    return power


def _rates(difference: float) -> tuple[float, float]:
    """The rates of control and pressure; the control breaks less often where the difference leaves it no room."""
    low = max(0.0, min(BASE_RATE, 1 - difference))
    return low, min(1.0, low + difference)


def _outcomes(rate: float, runs: int) -> list[float]:
    """How likely each number of broken runs is."""
    return [comb(runs, broken) * rate**broken * (1 - rate) ** (runs - broken) for broken in range(runs + 1)]


@cache
def _edges(runs: int, alpha: float) -> tuple[int, ...]:
    """For each total of broken runs, the largest number in one cell, of at most half, that differs; -1 for none."""
    return tuple(_find_edges(runs, alpha))


def _find_edges(runs: int, alpha: float) -> Iterator[int]:
    ways = [comb(runs, broken) for broken in range(runs + 1)]
    for total in range(2 * runs + 1):
        # Cells of one size make the distribution symmetric: either tail has half of the probability.
        every, tail = comb(2 * runs, total), 0
        edge = -1
        for fewer in range(max(0, total - runs), (total + 1) // 2):
            tail += ways[fewer] * ways[total - fewer]
            if 2 * tail / every > alpha:
                break
            edge = fewer
        yield edge


def _normal_quantile(tail: float) -> float:
    """The point of the standard normal distribution above which `tail` of it lies."""
    low, high = -40.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if erfc(middle / sqrt(2)) / 2 > tail else (low, middle)
    return (low + high) / 2
