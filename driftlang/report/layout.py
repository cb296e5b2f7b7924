"""Layout: which cells stand beside and below each other, in every figure and table.

In: cells. Out: rows (one a model, study, scenario and level) of panels (one a direction) of arms.
Refuses to do: drawing.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from driftlang.estimate.forms import CellEstimate, CellKey, Estimates
from driftlang.report.wording import count, levels_of


@frozen
class Panel:
    """One direction of one row, with its cells by arm: pressure first, controls after it."""

    direction: str
    title: str
    cells: tuple[CellKey, ...]


@frozen
class Row:
    """One model (and study, scenario, levels, where there are several), with a panel a direction."""

    label: str
    panels: tuple[Panel, ...]


#: The order of arms in legends and tables: what pushes first, then what it is measured against.
ARM_ORDER = ("opposing", "supporting", "unrelated", "placebo", "bare")


def arrange(cells: Sequence[CellKey]) -> tuple[Row, ...]:
    """Rows and panels in the order in which cells come."""
    grouped: dict[tuple[object, ...], list[CellKey]] = {}
    for cell in cells:
        grouped.setdefault((cell.study, cell.scenario, cell.model, cell.levels), []).append(cell)
    are_several = {
        "study": len({cell.study for cell in cells}) > 1,
        "scenario": len({cell.scenario for cell in cells}) > 1,
    }
    return tuple(Row(_label(group[0], are_several), _panels(group)) for group in grouped.values())


def ordered(estimates: Estimates) -> tuple[CellEstimate, ...]:
    """The cells as they stand in figures: row by row, panel by panel, arm by arm."""
    found = {cell.cell: cell for cell in estimates.cells}
    rows = arrange(list(found))
    return tuple(found[cell] for row in rows for panel in row.panels for cell in panel.cells)


def arms_of(cells: Iterable[CellKey]) -> tuple[str, ...]:
    """Arms that occur, in the order of legends."""
    found = {cell.arm for cell in cells}
    return tuple(arm for arm in (*ARM_ORDER, *sorted(found.difference(ARM_ORDER))) if arm in found)


def direction_title(cell: CellKey) -> str:
    """A direction in words."""
    return f"{cell.direction} (favours {cell.favors}; pressure toward {cell.against})"


def runs_of(panel: Panel, runs: Mapping[CellKey, int]) -> str:
    """How many runs a panel rests on, in words."""
    numbers = {runs[cell] for cell in panel.cells}
    if len(numbers) == 1:
        return f"{count(numbers.pop(), 'run')} an arm"
    return ", ".join(f"{cell.arm} {runs[cell]}" for cell in panel.cells) + " runs"


def _label(cell: CellKey, are_several: dict[str, bool]) -> str:
    parts = [cell.model]
    parts += [cell.study] if are_several["study"] else []
    parts += [cell.scenario] if are_several["scenario"] else []
    parts += [levels_of(cell)] if cell.levels else []
    return " · ".join(parts)


def _panels(group: Sequence[CellKey]) -> tuple[Panel, ...]:
    panels = []
    for direction in dict.fromkeys(cell.direction for cell in group):
        of_direction = [cell for cell in group if cell.direction == direction]
        arms = arms_of(of_direction)
        ordered = sorted(of_direction, key=lambda cell: arms.index(cell.arm))
        panels.append(Panel(direction, direction_title(ordered[0]), tuple(ordered)))
    return tuple(panels)
