"""Sensitivity at a glance: each contrast as declared, how far it moves under other ways to count, and which turn it.

In: sensitivities and labels of cells. Out: `SensitivityView`s.
Refuses to do: a verdict of its own; what turns is told by the analysis.
"""

from collections.abc import Mapping

from attrs import frozen

from driftlang.estimate.analysis_forms import Analyses, Sensitivity, SensitivityRow
from driftlang.estimate.estimated import Estimated
from driftlang.estimate.forms import CellKey
from driftlang.report.wording import NO_DATA, points


@frozen
class SensitivityView:
    """One contrast or asymmetry.

    Attributes:
        row: the label of its row of cells.
        words: what is compared.
        declared: the estimate as declared.
        between: its smallest and its largest value over all ways to count, in points.
        ways: how many there are beside the declared one.
        turns: names of those under which the interval stands otherwise to 0.
    """

    row: str
    words: str
    declared: Estimated
    between: str
    ways: int
    turns: tuple[str, ...]
    rows: tuple[SensitivityRow, ...]


def view_sensitivities(analyses: Analyses, labels: Mapping[CellKey, str]) -> tuple[SensitivityView, ...]:
    """The views, row by row of cells."""
    order = list(dict.fromkeys(labels.values()))
    views = [_view(one, labels[one.cell]) for one in analyses.sensitivities if one.rows]
    return tuple(sorted(views, key=lambda view: order.index(view.row)))


def _view(one: Sensitivity, label: str) -> SensitivityView:
    known = [row.given_exercised.value for row in one.rows if row.given_exercised.has_data]
    between = f"{points(min(known), 1)} to {points(max(known), 1)}" if known else NO_DATA
    turns = tuple(row.recoding for row in one.rows if row.flips)
    return SensitivityView(label, _words(one), one.rows[0].given_exercised, between, len(one.rows) - 1, turns, one.rows)


def _words(one: Sensitivity) -> str:
    if one.against:
        return f"asymmetry: {one.cell.direction} \u2212 {one.against[0].direction}"
    return f"{one.cell.direction}: {one.cell.arm} \u2212 {one.baseline.arm}"
