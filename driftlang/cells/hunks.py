"""Two texts of a file → the one edit that makes one of the other.

In: the text before and after. Out: `(old, new)`, whole lines from the first that differs to the last.
Refuses to do: an edit whose place is in doubt. `old` occurs once in the text before; it is widened by whole lines
until it does. One edit, not several: an agent that knows its target makes its change in one call.
"""

from collections.abc import Sequence
from itertools import takewhile


def edit_between(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The edit that turns `before`, which is not empty, into `after`; none where they are equal."""
    if before == after:
        return ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    above = _shared(old, new)
    below = _shared(old[above:][::-1], new[above:][::-1])
    first, last = _widened(old, above, len(old) - below, before)
    return (("".join(old[first:last]), "".join(new[first : len(new) - (len(old) - last)])),)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _occurs_once(part: str, text: str) -> bool:
    start = text.find(part)
    return bool(part) and start >= 0 and text.find(part, start + 1) < 0


def _widened(old: Sequence[str], first: int, last: int, before: str) -> tuple[int, int]:
    """Lines `first` to `last` and lines around them, one below and one above in turn, until they occur once."""
    is_below = True
    while not _occurs_once("".join(old[first:last]), before):
        if (is_below and last < len(old)) or first == 0:
            last += 1
        else:
            first -= 1
        is_below = not is_below
    return first, last
