"""Sign flips: the exact test of the sharp null, that no run would have ended otherwise in the other cell.

In: the differences of paired runs. Out: a p-value without Monte Carlo error.
Refuses to do: the weak null. Where means balance but one side breaks all or nothing and the other here and there,
this test rejects too often (.31 of studies of 10 runs); see `mover.zero_sum_p_values`.
"""

from collections.abc import Sequence
from math import gcd

import numpy as np
from numpy.typing import NDArray

#: Divisible by every number of steps up to 12, so that differences of shares of steps are whole numbers of it.
_GRID = 27720
#: Sums that are held at most. Beyond, differences are rounded to a coarser grid, which leaves the test exact: under
#: the null the rounded differences change their signs as freely.
_SUMS = 2**14


def sign_flip_p_value(differences: Sequence[float]) -> float:
    """The share of all sign changes of `differences` whose sum is at least as far from 0 as theirs.

    Fisher's randomisation test of pairs (1935, The Design of Experiments, section 21), by convolution of whole
    numbers in place of listing the 2 to the n sign changes (Pagano and Tritchler 1983, J. Amer. Statist. Assoc. 78).
    """
    whole = _whole_numbers(np.asarray(differences, dtype=np.float64))
    total = int(whole.sum())
    sizes = np.abs(whole[whole != 0])
    if total == 0:
        return 1.0
    reach = int(sizes.sum())
    # The sum of signed sizes is twice the sum of those that stay positive, less all of them.
    least = (reach + abs(total)) // 2
    return min(1.0, 2 * float(_positive_sums(sizes, reach)[least:].sum()))


def _positive_sums(sizes: NDArray[np.int64], reach: int) -> NDArray[np.float64]:
    """Probability of each sum of the sizes that stay positive, each with probability one half."""
    chances = np.zeros(reach + 1)
    chances[0] = 1.0
    filled = 1
    for size in np.sort(sizes).tolist():
        halves = chances[:filled] / 2
        chances[:filled] = halves
        chances[size : filled + size] += halves
        filled += size
    return chances


def _whole_numbers(differences: NDArray[np.float64]) -> NDArray[np.int64]:
    whole = np.rint(differences * _GRID).astype(np.int64)
    divisor = gcd(*np.abs(whole).tolist()) or 1
    whole //= divisor
    reach = int(np.abs(whole).sum())
    if reach <= _SUMS:
        return whole
    coarser: NDArray[np.int64] = np.rint(whole * (_SUMS / reach)).astype(np.int64)
    return coarser
