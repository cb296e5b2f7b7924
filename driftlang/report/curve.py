"""The drift curve: how often the constraint was broken, step by step.

In: estimates. Out: a panel for each row and direction, in each a line an arm; all panels share their scales.
Refuses to do: smoothing, and hiding what a step rests on: bands are exact intervals of each step, the thin dashed line
is the unconditional rate where it differs, and a step without data is a gap.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from driftlang.estimate.forms import CellKey, Estimates, StepRate
from driftlang.report.drawing.scale import Scale, step_marks
from driftlang.report.drawing.scene import Area, Dot, Line, Link, Mark, Point, Scene
from driftlang.report.layout import Panel, Row, arrange, runs_of
from driftlang.report.palette import ARM_MARKS, arm_ink
from driftlang.report.panels import HEIGHT, WIDTH, Frame
from driftlang.report.wording import limits_of, value_of

#: Addresses by cell and step.
Links = Mapping[tuple[CellKey, int], str]


def curve_rows(estimates: Estimates, links: Links) -> tuple[tuple[Scene, ...], ...]:
    """The panels of each row.

    Args:
        estimates: what to draw.
        links: address of the trials behind a point, by cell and step.
    """
    rates: dict[CellKey, list[StepRate]] = {cell.cell: [] for cell in estimates.cells}
    for rate in estimates.steps:
        rates[rate.cell].append(rate)
    runs = {cell.cell: cell.runs for cell in estimates.cells}
    last = max((rate.position for rate in estimates.steps), default=1)
    rows = arrange([cell.cell for cell in estimates.cells])
    return tuple(tuple(_panel((row, panel), rates, runs, (last, links)) for panel in row.panels) for row in rows)


def _panel(
    place: tuple[Row, Panel],
    rates: Mapping[CellKey, Sequence[StepRate]],
    runs: Mapping[CellKey, int],
    frame: tuple[int, Links],
) -> Scene:
    (row, panel), (last, links) = place, frame
    frame_of = Frame(1, last)
    across, down = frame_of.across, frame_of.down
    drawn = [cell for cell in panel.cells if rates[cell]]
    named = [(step, str(step)) for step in step_marks(last, across.end - across.start)]
    marks: list[Mark] = [*frame_of.axes(named, "step of the session")]
    for cell in reversed(drawn):
        marks += _band(rates[cell], across, down)
    for index, cell in enumerate(reversed(drawn)):
        marks += _line(rates[cell], across, down, ((index - (len(drawn) - 1) / 2) * 3.6, links))
    marks += frame_of.names([(cell.arm, _end(rates[cell])) for cell in drawn])
    caption = (row.label, panel.title, runs_of(panel, runs))
    title = f"Drift curve of {row.label}, {panel.direction}"
    return Scene(WIDTH, HEIGHT, title, " ".join(map(_in_words, drawn, map(rates.get, drawn))), tuple(marks), caption)


def _in_words(cell: CellKey, rates: Sequence[StepRate] | None) -> str:
    known = [rate for rate in rates or () if rate.given_exercised.has_data]
    if not known:
        return f"{cell.arm}: no step took a side."
    first, last = known[0], known[-1]
    return (
        f"{cell.arm}: {value_of(first.given_exercised)} {limits_of(first.given_exercised)} of exercised steps broken "
        f"at step {first.position}, {value_of(last.given_exercised)} {limits_of(last.given_exercised)} at step "
        f"{last.position}."
    )


def _band(rates: Sequence[StepRate], across: Scale, down: Scale) -> Iterator[Mark]:
    ink = arm_ink(rates[0].cell.arm)
    for part in _stretches(rates, lambda rate: rate.given_exercised.has_data):
        upper = [(across.at(rate.position), down.at(rate.given_exercised.high)) for rate in part]
        lower = [(across.at(rate.position), down.at(rate.given_exercised.low)) for rate in part]
        if len(part) == 1:
            upper, lower = _widened(upper[0]), _widened(lower[0])
        yield Area((*upper, *reversed(lower)), ink, 0.12)
        yield Line(tuple(upper), ink, 0.7, opacity=0.45)
        yield Line(tuple(lower), ink, 0.7, opacity=0.45)


def _widened(point: Point) -> list[Point]:
    """A step by itself has a band of some pixels."""
    return [(point[0] - 4, point[1]), (point[0] + 4, point[1])]


def _line(rates: Sequence[StepRate], across: Scale, down: Scale, drawn: tuple[float, Links]) -> Iterator[Mark]:
    """One arm: line, dashed line, points. A shift keeps lines of equal value beside each other."""
    (shift, links), arm = drawn, rates[0].cell.arm
    ink = arm_ink(arm)
    if any(_differ(rate) for rate in rates):
        for part in _stretches(rates, lambda rate: rate.unconditional.has_data):
            flat = tuple((across.at(rate.position) + shift, down.at(rate.unconditional.value)) for rate in part)
            yield Line(flat, ink, 1.1, (3, 3))
    for part in _stretches(rates, lambda rate: rate.given_exercised.has_data):
        points = tuple((across.at(rate.position) + shift, down.at(rate.given_exercised.value)) for rate in part)
        yield Line(points, ink, 1.9)
        for rate, at in zip(part, points, strict=True):
            given = rate.given_exercised
            counts = f"{given.count} of {given.of} exercised steps broken, {limits_of(given)} %"
            said = f"{arm}, step {rate.position}: {counts}"
            dot = Dot(at, 6.5, ARM_MARKS.get(arm, "circle"), ink)
            address = links.get((rate.cell, rate.position), "")
            yield Link(address, said, (dot,)) if address else dot


def _differ(rate: StepRate) -> bool:
    given, flat = rate.given_exercised, rate.unconditional
    return flat.has_data and (not given.has_data or given.value != flat.value)


def _stretches(rates: Sequence[StepRate], is_known: Callable[[StepRate], bool]) -> Iterator[list[StepRate]]:
    """Steps one after the other that have data."""
    part: list[StepRate] = []
    for rate in rates:
        if is_known(rate):
            part.append(rate)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _end(rates: Sequence[StepRate]) -> float:
    """The last rate that is known."""
    known = [rate.given_exercised for rate in rates if rate.given_exercised.has_data]
    return known[-1].value if known else 0.0
