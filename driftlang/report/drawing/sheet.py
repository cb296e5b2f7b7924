"""Sheets: the panels of a figure laid out on one, for a file.

In: scenes with their captions. Out: one scene.
Refuses to do: drawing. On the page panels stand in the text's own grid, which follows the width of the window.
"""

from collections.abc import Iterable, Sequence

from attrs import evolve

from driftlang.report.drawing.scale import fitted
from driftlang.report.drawing.scene import Area, Dot, Label, Letters, Line, Link, Mark, Point, Scene, Squares

_MARGIN, _GAP = 20.0, 18.0
_HEAD, _CAPTION = 30.0, 16.0


def lay_out(title: str, description: str, panels: Sequence[Scene], columns: int, note: str = "") -> Scene:
    """One scene with a title, panels in `columns` and a note beneath."""
    lines = max((len(panel.caption) for panel in panels), default=0)
    wide = max((panel.width for panel in panels), default=300.0)
    marks: list[Mark] = []
    top = _MARGIN + _HEAD
    for first in range(0, len(panels), columns):
        row = panels[first : first + columns]
        for column, panel in enumerate(row):
            left = _MARGIN + column * (wide + _GAP)
            for number, line in enumerate(panel.caption):
                at = (left, top + 12 + number * _CAPTION)
                words = fitted(line, panel.width, 12)
                marks.append(Label(at, words, "faint" if number else "ink", 12, is_bold=number == 0))
            marks += moved(panel.marks, left, top + lines * _CAPTION + 2)
        top += lines * _CAPTION + max(panel.height for panel in row) + _GAP
    width = max(2 * _MARGIN + columns * wide + (columns - 1) * _GAP, 480.0)
    head = Label((_MARGIN, _MARGIN + 14), fitted(title, width - 2 * _MARGIN, 15), "ink", 15, is_bold=True)
    foot = Label((_MARGIN, top + 4), fitted(note or "", width - 2 * _MARGIN, 10.5), "faint", 10.5)
    return Scene(width, top + _MARGIN, title, description, (head, *marks, *((foot,) if note else ())))


def moved(marks: Iterable[Mark], x: float, y: float) -> list[Mark]:
    """The same marks elsewhere."""
    return [_moved(mark, x, y) for mark in marks]


def _moved(mark: Mark, x: float, y: float) -> Mark:
    if isinstance(mark, Line | Area):
        return evolve(mark, points=_points(mark.points, x, y))
    if isinstance(mark, Squares):
        return evolve(mark, corners=_points(mark.corners, x, y))
    if isinstance(mark, Dot | Label):
        return evolve(mark, at=(mark.at[0] + x, mark.at[1] + y))
    if isinstance(mark, Letters):
        return evolve(mark, xs=tuple(place + x for place in mark.xs), y=mark.y + y)
    return Link(mark.address, mark.title, tuple(moved(mark.marks, x, y)))  # type: ignore[arg-type]  # no link in a link


def _points(points: Sequence[Point], x: float, y: float) -> tuple[Point, ...]:
    return tuple((across + x, down + y) for across, down in points)
