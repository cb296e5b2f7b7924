"""Intervals that hold at any sample size and never have zero width.

In: counts or means with their sample size, and the coverage asked for. Out: lower and upper limits.
Refuses to do: approximations by a normal law, which fail at ten runs and at rates near 0, where this field works.
"""

from functools import lru_cache
from math import log

#: Halvings of an interval of width 1; beyond that a float has nothing left to halve.
_HALVINGS = 54


@lru_cache(maxsize=65536)
def clopper_pearson(count: int, of: int, level: float) -> tuple[float, float]:
    """The exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26).

    Args:
        count: successes, 0 to `of`.
        of: independent trials; with none the interval is (0, 1).
        level: coverage, such as 0.95; half of what is left goes to either side.
    """
    if of == 0:
        return 0.0, 1.0
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high


@lru_cache(maxsize=65536)
def bounded_mean(mean: float, size: int, level: float) -> tuple[float, float]:
    """An interval for the mean of independent values in [0, 1], whatever their law.

    All q with size * kl(mean, q) <= ln(2 / (1 - level)), where kl is the relative entropy of two Bernoulli laws:
    Theorem 1 of Hoeffding 1963, J. Amer. Statist. Assoc. 58, turned into limits. It covers at every size, also where
    one run in ten breaks every step; for values of 0 and 1 alone it is a little wider than Clopper-Pearson.

    Args:
        mean: of the values.
        size: how many; with none the interval is (0, 1).
        level: coverage.
    """
    if size == 0:
        return 0.0, 1.0
    mean = min(1.0, max(0.0, mean))
    bound = log(2 / (1 - level)) / size
    return _edge(mean, 0.0, bound), _edge(mean, 1.0, bound)


def _edge(mean: float, end: float, bound: float) -> float:
    """The value farthest from `mean` toward `end` that is still within `bound`; on the outer side of rounding."""
    inside, outside = mean, end
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if _relative_entropy(mean, middle) <= bound:
            inside = middle
        else:
            outside = middle
    return outside


def _relative_entropy(p: float, q: float) -> float:
    total = 0.0
    for here, there in ((p, q), (1 - p, 1 - q)):
        if here > 0:
            if there <= 0:
                return float("inf")
            total += here * log(here / there)
    return total
