"""The closest name to one that is not known.

In: a name and those that are known. Out: the closest of them, or nothing where none is close.
Refuses to do: guessing across a third of the letters.
"""

from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str:
    """The known name with the least edits to `name`, at most a third of its letters (and at least one); else empty.

    Ties go to the first in alphabetical order. A name of one letter is as close to any other, and to none.
    """
    if len(name) < 2:
        return ""
    most = max(1, len(name) // 3)
    best, best_distance = "", most + 1
    for candidate in sorted(known):
        if candidate == name or abs(len(candidate) - len(name)) >= best_distance:
            continue
        distance = _distance(name.lower(), candidate.lower(), best_distance)
        if distance < best_distance:
            best, best_distance = candidate, distance
    return best


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`, did you mean ...?`, or nothing."""
    near = closest(name, known)
    return f", did you mean `{near}`?" if near else ""


def _distance(first: str, second: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours that make `second` of `first`; at most `limit`.

    Optimal string alignment: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance
    """
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        following = [i]
        for j, right in enumerate(second, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) >= limit and min(row) >= limit:
            return limit
        before, row = row, following
    return row[-1]
