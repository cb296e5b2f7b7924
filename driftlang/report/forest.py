"""The forest plot: each effect of pressure, and each asymmetry, with its interval on one scale.

In: estimates. Out: rows, each with its numbers and a strip that shows them; the whole as one scene.
Refuses to do: leaving a row out. What has no data stands there and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from attrs import frozen

from driftlang.estimate.forms import CellKey, Difference, Estimates, Null
from driftlang.estimate.multiplicity import holm
from driftlang.report.drawing.scale import Scale, fitted
from driftlang.report.drawing.scene import Dot, Label, Line, Mark, Scene
from driftlang.report.drawing.sheet import moved
from driftlang.report.palette import arm_ink
from driftlang.report.wording import difference_limits, difference_value

_WIDTH, _HEIGHT = 320.0, 29.0
_AXIS = 34.0
#: Room for a row's words and numbers in a file.
_WORDS, _NUMBERS = 430.0, 150.0


@frozen
class ForestRow:
    """An effect or an asymmetry.

    Attributes:
        row: the label of its row of cells.
        words: what is compared.
        kind: `effect` or `asymmetry`.
        address: of the trials behind it.
        given, unconditional: the estimates.
        adjusted: p-value of `given` under the weak null, that the means balance, by Holm over all rows.
        strip: `given` on the shared scale.
    """

    row: str
    words: str
    kind: str
    address: str
    given: Difference
    unconditional: Difference
    adjusted: float
    strip: Scene


@frozen
class Forest:
    """All rows, and the axis that they share."""

    rows: tuple[ForestRow, ...]
    axis: Scene


def plant_forest(estimates: Estimates, labels: Mapping[CellKey, str]) -> Forest:
    """The rows in the order of cells: each row's effects, then its asymmetries.

    Args:
        estimates: what to show.
        labels: the label of each cell's row.
    """
    planted = [*_effects(estimates), *_asymmetries(estimates)]
    order = list(dict.fromkeys(labels.values()))
    planted.sort(key=lambda one: (order.index(labels[one.cell]), one.kind != "effect"))
    scale = _scale([one.given for one in planted])
    adjusted = holm([one.given.p_value(Null.WEAK) for one in planted])
    rows = tuple(
        ForestRow(
            labels[one.cell],
            one.words,
            one.kind,
            one.address,
            one.given,
            one.unconditional,
            p_value,
            _strip(one, scale),
        )
        for one, p_value in zip(planted, adjusted, strict=True)
    )
    return Forest(rows, _axis(scale))


@frozen
class _Planted:
    """A row before there is a scale."""

    cell: CellKey
    words: str
    kind: str
    address: str
    given: Difference
    unconditional: Difference


def _effects(estimates: Estimates) -> Iterator[_Planted]:
    for number, one in enumerate(estimates.contrasts, 1):
        words = _effect(one.cell, one.baseline)
        yield _Planted(one.cell, words, "effect", f"effect-{number}", one.given_exercised, one.unconditional)


def _asymmetries(estimates: Estimates) -> Iterator[_Planted]:
    for number, one in enumerate(estimates.asymmetries, 1):
        words, cell = _asymmetry(one.first.cell, one.second.cell), one.first.cell
        yield _Planted(cell, words, "asymmetry", f"asymmetry-{number}", one.given_exercised, one.unconditional)


def _effect(cell: CellKey, baseline: CellKey) -> str:
    return f"{cell.direction}: {cell.arm} \u2212 {baseline.arm}"


def _asymmetry(first: CellKey, second: CellKey) -> str:
    return f"asymmetry: {first.direction} \u2212 {second.direction}"


def _scale(shown: Sequence[Difference]) -> Scale:
    """Around zero, as wide as the widest interval needs, in steps of a quarter."""
    widest = max((max(abs(one.low), abs(one.high)) for one in shown if one.has_data), default=1.0)
    limit = max(0.25, ceil(widest * 4) / 4)
    return Scale(-limit, limit, 12, _WIDTH - 12)


def _strip(planted: _Planted, scale: Scale) -> Scene:
    words, shown, y = planted.words, planted.given, _HEIGHT / 2
    is_effect = planted.kind == "effect"
    ink, shape = (arm_ink(planted.cell.arm), "circle") if is_effect else ("ink", "diamond")
    marks: list[Mark] = [Line(((scale.at(0), 0), (scale.at(0), _HEIGHT)), "faint", 1)]
    for value in _ticks(scale):
        marks.insert(0, Line(((scale.at(value), 0), (scale.at(value), _HEIGHT)), "line", 1))
    said = f"{words}: no data"
    if shown.has_data:
        low, high = scale.at(shown.low), scale.at(shown.high)
        marks.append(Line(((low, y), (high, y)), ink, 2.4, opacity=0.75))
        marks += [Line(((end, y - 4.5), (end, y + 4.5)), ink, 1.4) for end in (low, high)]
        marks.append(Dot((scale.at(shown.value), y), 9.0, shape, ink))
        said = f"{words}: {difference_value(shown)} points, interval {difference_limits(shown)}"
    else:
        marks.append(Label((scale.at(0) + 8, y + 4), "no data", "faint", 11))
    return Scene(_WIDTH, _HEIGHT, words, said, tuple(marks))


def _ticks(scale: Scale) -> tuple[float, ...]:
    half = scale.high / 2
    return (-scale.high, -half, half, scale.high)


def _axis(scale: Scale) -> Scene:
    marks: list[Mark] = [
        Label((scale.at(value), 12), _points(value), "faint", 11, "middle") for value in (*_ticks(scale), 0.0)
    ]
    marks += [
        Label((12, 28), "← fewer breaks", "faint", 11),
        Label((_WIDTH - 12, 28), "more breaks →", "faint", 11, "end"),
    ]
    return Scene(_WIDTH, _AXIS, "Scale", "Percentage points", tuple(marks))


def _points(value: float) -> str:
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{abs(100 * value):g}"


def forest_sheet(forest: Forest, title: str, note: str) -> Scene:
    """The whole as one scene, for a file."""
    width = _WORDS + _WIDTH + _NUMBERS + 40
    marks: list[Mark] = [Label((20, 32), title, "ink", 15, is_bold=True)]
    y = 52.0
    former = ""
    for row in forest.rows:
        if row.row != former:
            y += 8
            marks.append(Label((20, y + 12), fitted(row.row, _WORDS, 12), "ink", 12, is_bold=True))
            y += 20
            former = row.row
        marks += _row(row, y)
        y += _HEIGHT
    marks += moved(forest.axis.marks, 20 + _WORDS, y)
    marks.append(Label((20, y + 28), fitted(note, _WORDS, 10.5), "faint", 10.5))
    return Scene(width, y + _AXIS + 12, title, " ".join(row.strip.description for row in forest.rows), tuple(marks))


def _row(row: ForestRow, y: float) -> Iterator[Mark]:
    yield Label((32, y + 18.5), fitted(row.words, _WORDS - 16, 11.5), "ink", 11.5, is_bold=row.kind != "effect")
    yield from moved(row.strip.marks, 20 + _WORDS, y)
    numbers = f"{difference_value(row.given)} {difference_limits(row.given)}"
    yield Label((_WORDS + _WIDTH + 30, y + 18.5), numbers, "ink", 11.5)
