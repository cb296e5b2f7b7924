"""The dose curve: how often the constraint was broken after so many messages had been read. It describes only.

In: dose responses. Out: a panel for each row and direction; in each, points of an arm with the limits of their rates.
Refuses to do: a line that would read as a law; points are joined so that an arm can be followed, no more.
"""

from collections.abc import Iterator, Mapping, Sequence

from driftlang.estimate.analysis_forms import DosePoint, DoseResponse
from driftlang.estimate.forms import CellKey
from driftlang.report.drawing.scene import Dot, Line, Link, Mark, Scene
from driftlang.report.layout import Panel, Row, arrange
from driftlang.report.palette import ARM_MARKS, arm_ink
from driftlang.report.panels import HEIGHT, WIDTH, Frame
from driftlang.report.wording import count, percent


def dose_rows(doses: Sequence[DoseResponse], anchors: Mapping[CellKey, str]) -> tuple[tuple[Scene, ...], ...]:
    """The panels of each row of cells that has any.

    Args:
        doses: of the cells, those without points left out.
        anchors: the address of each cell.
    """
    found = {one.cell: one for one in doses if any(point.rate.has_data for point in one.points)}
    last = max((point.most for one in found.values() for point in one.points), default=1)
    rows = arrange(list(found))
    return tuple(tuple(_panel((row, panel), found, last, anchors) for panel in row.panels) for row in rows)


def _panel(
    place: tuple[Row, Panel], found: Mapping[CellKey, DoseResponse], last: int, anchors: Mapping[CellKey, str]
) -> Scene:
    row, panel = place
    frame = Frame(0, last)
    stride = next(by for by in (1, 2, 3, 5, 10, 20, 50, 100, 1000, 10**6) if last / by <= 12)
    named = [(float(dose), str(dose)) for dose in range(0, last + 1, stride)]
    marks: list[Mark] = [*frame.axes(named, "messages read before the edit")]
    shown = [found[cell] for cell in panel.cells]
    for one in reversed(shown):
        marks += _arm(one, frame, anchors.get(one.cell, ""))
    marks += frame.names([(one.cell.arm, _known(one)[-1].rate.value) for one in shown])
    words = " ".join(_in_words(one) for one in shown)
    title = f"Descriptive: breaks by messages read, {row.label}, {panel.direction}"
    return Scene(WIDTH, HEIGHT, title, words, tuple(marks), (row.label, panel.title, "descriptive"))


def _known(one: DoseResponse) -> list[DosePoint]:
    return [point for point in one.points if point.rate.has_data]


def _arm(one: DoseResponse, frame: Frame, address: str) -> Iterator[Mark]:
    ink = arm_ink(one.cell.arm)
    places = [(frame.across.at((point.least + point.most) / 2), point) for point in _known(one)]
    yield Line(tuple((x, frame.down.at(point.rate.value)) for x, point in places), ink, 1.2, (2, 3))
    for x, point in places:
        low, high = frame.down.at(point.rate.low), frame.down.at(point.rate.high)
        yield Line(((x, low), (x, high)), ink, 1.6, opacity=0.6)
        y = frame.down.at(point.rate.value)
        yield Line(((frame.across.at(point.least), y), (frame.across.at(point.most), y)), ink, 1.6, opacity=0.6)
        dot = Dot((x, frame.down.at(point.rate.value)), 7.0, ARM_MARKS.get(one.cell.arm, "circle"), ink)
        yield Link(address, f"{one.cell.arm}: {_said(point)}", (dot,)) if address else dot


def _said(point: DosePoint) -> str:
    read = str(point.least) if point.least == point.most else f"{point.least} to {point.most}"
    rate = point.rate
    return (
        f"after {read} read, {percent(rate.value)} [{100 * rate.low:.0f}, {100 * rate.high:.0f}] of "
        f"{count(point.steps, 'step')} in {count(point.runs, 'run')}"
    )


def _in_words(one: DoseResponse) -> str:
    return f"{one.cell.arm}: {'; '.join(map(_said, _known(one)))}."
