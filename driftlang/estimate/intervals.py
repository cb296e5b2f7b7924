"""Intervals of a proportion that hold at any sample size and never have zero width.

In: counts with their sample size, and the coverage asked for. Out: lower and upper limits.
Refuses to do: approximations by a normal law, which fail at ten runs and at rates near 0, where this field works.
"""

from functools import lru_cache


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
