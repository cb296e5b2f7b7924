"""How far two requests of one agent are the same.

In: two texts, or two bodies. Out: how much of their beginnings they share.
Refuses to do: comparing them piece by piece. Requests of hundreds of kilobytes share nearly all, so that is found by
halving, with comparisons of slices, each of which takes as long as copying it.
"""

from typing import AnyStr


def shared_beginning(one: AnyStr, other: AnyStr) -> int:
    """How many characters, or bytes, two of them have in common at their beginnings."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
