"""Multiplicity: p-values of a declared family, adjusted so that any true null is rejected at the stated rate.

In: the p-values of the tests that a study declared before it ran. Out: adjusted ones, in the same order.
Refuses to do: choosing the family. A family that grows with what was found protects nothing.
"""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The step-down adjustment of Holm (1979, Scandinavian Journal of Statistics 6, 65-70).

    The k-th smallest of m is multiplied by m - k + 1, never below the one before it and at most 1. It holds the
    family-wise error whatever the dependence of the tests, and is never larger than Bonferroni's.

    Raises:
        ValueError: a value that is not between 0 and 1.
    """
    if not all(0 <= p_value <= 1 for p_value in p_values):
        raise ValueError("a p-value lies between 0 and 1")
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = running
    return tuple(adjusted)
