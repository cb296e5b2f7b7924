"""Two texts of a file → the edits that make one of the other.

In: the text before and after. Out: `(old, new)` pairs, to be applied in order.
Refuses to do: an edit whose place is in doubt. Each `old` occurs once in the text before, and once in the text that
the earlier edits leave; it is widened by whole lines until it does.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from attrs import frozen


@frozen
class _Hunk:
    """Lines `first` to `last` (behind the end) before become lines `new_first` to `new_last` after."""

    first: int
    last: int
    new_first: int
    new_last: int


def edits_between(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Edits of whole lines that turn `before`, which is not empty, into `after`; none where they are equal."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    hunks = [_Hunk(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    while True:
        hunks = _joined([_widened(hunk, old, before) for hunk in hunks])
        edits = tuple(
            ("".join(old[hunk.first : hunk.last]), "".join(new[hunk.new_first : hunk.new_last])) for hunk in hunks
        )
        if _apply(before, edits) == after or len(hunks) < 2:
            return edits
        # An edit's text holds the place of a later one: one hunk from the first change to the last.
        hunks = [_Hunk(hunks[0].first, hunks[-1].last, hunks[0].new_first, hunks[-1].new_last)]


def _occurs_once(part: str, text: str) -> bool:
    start = text.find(part)
    return bool(part) and start >= 0 and text.find(part, start + 1) < 0


def _widened(hunk: _Hunk, old: Sequence[str], before: str) -> _Hunk:
    """The hunk with lines of its surroundings, one below and one above in turn, until its place is certain."""
    first, last = hunk.first, hunk.last
    below = True
    while not _occurs_once("".join(old[first:last]), before):
        if (below and last < len(old)) or first == 0:
            last += 1
        else:
            first -= 1
        below = not below
    return _Hunk(first, last, hunk.new_first - (hunk.first - first), hunk.new_last + (last - hunk.last))


def _joined(hunks: Sequence[_Hunk]) -> list[_Hunk]:
    """The hunks, those that overlap made one.

    Where one was widened over another, its place in the text after is reckoned from that other: above the upper and
    below the lower of the two, lines are equal.
    """
    joined: list[_Hunk] = []
    for hunk in hunks:
        lower = hunk
        while joined and lower.first < joined[-1].last:
            upper = joined.pop()
            first, last = min(upper.first, lower.first), max(upper.last, lower.last)
            lower = _Hunk(first, last, upper.new_first - (upper.first - first), lower.new_last + (last - lower.last))
        joined.append(lower)
    return joined


def _apply(text: str, edits: Sequence[tuple[str, str]]) -> str:
    """The text with the edits made in order; as far as they go when one has no certain place."""
    for old, new in edits:
        if not _occurs_once(old, text):
            return text
        text = text.replace(old, new, 1)
    return text
