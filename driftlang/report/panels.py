"""Panels of shares over a sequence: their frame, their axes, and the names of their lines.

In: an arm's places and values. Out: marks in the measures that all such panels share, so that they can be compared.
Refuses to do: an axis that does not go from 0 to 100 %.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from driftlang.report.drawing.scale import Scale, spread
from driftlang.report.drawing.scene import Label, Line, Mark
from driftlang.report.palette import arm_ink

WIDTH, HEIGHT = 400.0, 224.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 80.0, 10.0, 38.0
#: What the name of a line needs below that of another.
_ROOM = 14.0


@frozen
class Frame:
    """Where places and shares stand in a panel; `first` and `last` are the ends of the horizontal axis."""

    first: float
    last: float

    @property
    def across(self) -> Scale:
        """From places to pixels."""
        return Scale(self.first, max(self.first + 1, self.last), LEFT + 8, WIDTH - RIGHT - 8)

    @property
    def down(self) -> Scale:
        """From shares to pixels."""
        return Scale(0, 1, HEIGHT - BOTTOM, TOP)

    def axes(self, named: Sequence[tuple[float, str]], title: str) -> Iterator[Mark]:
        """Lines of the ground and the words of both axes; `named` are places to name."""
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self.down.at(share)
            yield Line(((LEFT, y), (WIDTH - RIGHT, y)), "line")
            if share in {0.0, 0.5, 1.0}:
                unit = " %" if share == 1.0 else ""
                yield Label((LEFT - 6, y + 4), f"{100 * share:.0f}{unit}", "faint", 12, "end")
        for place, text in named:
            yield Label((self.across.at(place), HEIGHT - BOTTOM + 16), text, "faint", 12, "middle")
        yield Label((LEFT, HEIGHT - 4), title, "faint", 12)

    def names(self, ends: Sequence[tuple[str, float]]) -> Iterator[Mark]:
        """The name of each arm beside the last share of its line."""
        places = spread([self.down.at(share) for _, share in ends], _ROOM, TOP, HEIGHT - BOTTOM)
        for (arm, _), y in zip(ends, places, strict=True):
            yield Label((WIDTH - RIGHT + 4, y + 4), arm, arm_ink(arm), 12, is_bold=True)
