"""Line differences: which lines of a file a step added, and which it removed.

In: two texts. Out: line numbers. Lines that differ in trailing white space alone are equal.
Refuses to do: finding moved lines; a line that moved is removed at one place and added at the other.

Cost is bounded: where comparing in order could take more than `_MOST_STEPS` steps (thousands of changed lines between
the first and the last change), lines are compared as a bag, in which a line counts as added when it stands more often
than before.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from attrs import frozen

#: Bound on the steps of the ordered comparison. It may split at each line of the shorter side, and looks between two
#: splits at every line and at every pair of equal ones.
_MOST_STEPS = 25_000_000


@frozen
class Difference:
    """Lines by number, from 1: `added` in the new text, `removed` in the old one."""

    added: tuple[int, ...]
    removed: tuple[int, ...]

    def before(self, number: int) -> int:
        """The number that a line of the new text had in the old one; 0 for one that was added."""
        return _across(number, self.added, self.removed)

    def after(self, number: int) -> int:
        """The number that a line of the old text has in the new one; 0 for one that was removed."""
        return _across(number, self.removed, self.added)


def _across(number: int, own: Sequence[int], other: Sequence[int]) -> int:
    """The number of a line on the other side, going by the lines that only the one and only the other side has."""
    at = bisect_left(own, number)
    if at < len(own) and own[at] == number:
        return 0
    number -= at
    for one in other:
        if one > number:
            break
        number += 1
    return number


def split_lines(text: str) -> list[str]:
    """Lines without their ends and without trailing white space; the empty text has none."""
    lines = [line.rstrip() for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "" else lines


def compare(before: Sequence[str], after: Sequence[str]) -> Difference:
    """The difference of two texts, each as `split_lines` gives it."""
    if not before or not after:
        return Difference(tuple(range(1, len(after) + 1)), tuple(range(1, len(before) + 1)))
    shorter = min(len(before), len(after))
    head = next((k for k in range(shorter) if before[k] != after[k]), shorter)
    tail = next((k for k in range(shorter - head) if before[-1 - k] != after[-1 - k]), shorter - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found = _in_order(old, new) if _is_small(old, new) else _as_bags(old, new)
    return Difference(tuple(n + head for n in found.added), tuple(n + head for n in found.removed))


def blocks(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers, as first and last."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _is_small(old: Sequence[str], new: Sequence[str]) -> bool:
    counts = Counter(old)
    pairs = sum(counts[line] for line in new)
    return min(len(old), len(new)) * (len(old) + pairs) <= _MOST_STEPS


def _in_order(old: Sequence[str], new: Sequence[str]) -> Difference:
    added: list[int] = []
    removed: list[int] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += range(i + 1, j + 1)
            added += range(k + 1, m + 1)
    return Difference(tuple(added), tuple(removed))


def _as_bags(old: Sequence[str], new: Sequence[str]) -> Difference:
    return Difference(_surplus(new, old), _surplus(old, new))


def _surplus(lines: Sequence[str], other: Sequence[str]) -> tuple[int, ...]:
    """Numbers of the lines of one side that the other side does not match, each match used once."""
    left = Counter(other)
    found = []
    for number, line in enumerate(lines, 1):
        if left[line]:
            left[line] -= 1
        else:
            found.append(number)
    return tuple(found)
