"""The survival curve: which share of the runs has broken nothing so far.

In: survivals (Kaplan-Meier). Out: a panel for each row and direction, in each a staircase an arm with its band.
Refuses to do: a line beyond the last step at which a run was still seen.
"""

from collections.abc import Iterator, Mapping, Sequence

from driftlang.estimate.analysis_forms import Survival
from driftlang.estimate.forms import CellKey
from driftlang.report.drawing.scale import step_marks
from driftlang.report.drawing.scene import Area, Line, Link, Mark, Point, Scene
from driftlang.report.layout import Panel, Row, arrange, runs_of
from driftlang.report.palette import arm_ink
from driftlang.report.panels import HEIGHT, WIDTH, Frame


def survival_rows(survivals: Sequence[Survival], anchors: Mapping[CellKey, str]) -> tuple[tuple[Scene, ...], ...]:
    """The panels of each row of cells that has any.

    Args:
        survivals: of the cells, those without points left out.
        anchors: the address of each cell.
    """
    found = {one.cell: one for one in survivals if one.points}
    last = max((one.horizon for one in found.values()), default=1)
    rows = arrange(list(found))
    return tuple(tuple(_panel((row, panel), found, last, anchors) for panel in row.panels) for row in rows)


def _panel(
    place: tuple[Row, Panel], found: Mapping[CellKey, Survival], last: int, anchors: Mapping[CellKey, str]
) -> Scene:
    row, panel = place
    frame = Frame(0, last)
    steps = (0, *step_marks(last, frame.across.end - frame.across.start))
    marks: list[Mark] = [*frame.axes([(step, str(step)) for step in steps], "steps taken")]
    shown = [found[cell] for cell in panel.cells]
    for one in reversed(shown):
        marks += _band(one, frame)
    for one in reversed(shown):
        marks.append(_stairs(one, frame, anchors.get(one.cell, "")))
    marks += frame.names([(one.cell.arm, one.points[-1].share) for one in shown])
    words = " ".join(f"{one.cell.arm}: {one.says}" for one in shown)
    title = f"Runs without a break: {row.label}, {panel.direction}"
    return Scene(
        WIDTH,
        HEIGHT,
        title,
        words,
        tuple(marks),
        (row.label, panel.title, runs_of(panel, {one.cell: one.runs for one in shown})),
    )


def _stairs(one: Survival, frame: Frame, address: str) -> Mark:
    line = Line(
        tuple(_steps([(0, 1.0), *((point.position, point.share) for point in one.points)], frame)), _ink(one), 2
    )
    return Link(address, f"{one.cell.arm}: {one.says}", (line,)) if address else line


def _band(one: Survival, frame: Frame) -> Iterator[Mark]:
    upper = [*_steps([(0, 1.0), *((point.position, point.high) for point in one.points)], frame)]
    lower = [*_steps([(0, 1.0), *((point.position, point.low) for point in one.points)], frame)]
    yield Area((*upper, *reversed(lower)), _ink(one), 0.12)


def _ink(one: Survival) -> str:
    return arm_ink(one.cell.arm)


def _steps(points: Sequence[tuple[int, float]], frame: Frame) -> Iterator[Point]:
    """Level up to each place, then down to what holds from there on."""
    former = points[0][1]
    for place, share in points:
        x = frame.across.at(place)
        yield x, frame.down.at(former)
        yield x, frame.down.at(share)
        former = share
