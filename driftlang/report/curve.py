"""The drift curve: how often the constraint was broken, step by step.

In: estimates. Out: a figure with a row a model and a column a direction; in each panel a line an arm.
Refuses to do: smoothing, and hiding what a step rests on: bands are exact intervals of each step, the thin dashed line
is the unconditional rate, and a step without data is a gap.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from driftlang.estimate.forms import CellKey, Estimates, StepRate
from driftlang.report.layout import Panel, Row, arms_of, arrange, broken_title
from driftlang.report.palette import ARM_MARKERS, FAINT_INK, GRID, arm_colour
from driftlang.report.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

#: Inches.
_PANEL_WIDTH, _PANEL_HEIGHT = 4.5, 2.25
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.8, 0.2, 0.85, 0.55
#: Columns of the legend that a panel's width has room for.
_LEGEND_COLUMNS = 3
_Rates = Mapping[CellKey, Sequence[StepRate]]


def draw_curve(estimates: Estimates, links: Mapping[tuple[CellKey, int], str]) -> "Figure":
    """The figure.

    Args:
        estimates: what to draw.
        links: address of the trials behind a point, by cell and step; points of the SVG link there.
    """
    from matplotlib.figure import Figure

    rows = arrange([cell.cell for cell in estimates.cells])
    columns = max((len(row.panels) for row in rows), default=1)
    width = _LEFT + columns * _PANEL_WIDTH + _RIGHT
    legend_rows = -(-len(_handles(estimates)) // (_LEGEND_COLUMNS * columns))
    above = _TOP + 0.2 * (legend_rows - 1)
    height = above + max(1, len(rows)) * _PANEL_HEIGHT + _BOTTOM
    figure = Figure(figsize=(width, height))
    grid = figure.add_gridspec(
        max(1, len(rows)),
        columns,
        left=_LEFT / width,
        right=1 - _RIGHT / width,
        top=1 - above / height,
        bottom=_BOTTOM / height,
        hspace=0.28,
        wspace=0.1,
    )
    rates = _by_cell(estimates)
    runs = {cell.cell: cell.runs for cell in estimates.cells}
    last = max((rate.position for rate in estimates.steps), default=1)
    for number, row in enumerate(rows):
        for column, panel in enumerate(row.panels):
            axes = figure.add_subplot(grid[number, column])
            _frame(axes, last, is_first=column == 0, is_last=number == len(rows) - 1)
            _title(axes, rows, number, column)
            _note(axes, panel, runs)
            for index, cell in enumerate(panel.cells):
                _line(axes, rates[cell], (index - (len(panel.cells) - 1) / 2) * 0.09, links)
    _surroundings(figure, estimates, columns)
    return figure


def _by_cell(estimates: Estimates) -> _Rates:
    found: dict[CellKey, list[StepRate]] = {cell.cell: [] for cell in estimates.cells}
    for rate in estimates.steps:
        found[rate.cell].append(rate)
    return found


def _frame(axes: "Axes", last: int, *, is_first: bool, is_last: bool) -> None:
    axes.set_xlim(0.6, last + 0.4)
    axes.set_ylim(-3, 103)
    stride = 1 if last <= 16 else 2 if last <= 32 else 5
    axes.set_xticks(range(1, last + 1, stride))
    axes.set_yticks(range(0, 101, 25))
    axes.grid(visible=True, axis="y")
    axes.tick_params(length=0, labelleft=is_first, labelbottom=is_last)
    axes.spines["left"].set_visible(False)
    if is_last:
        axes.set_xlabel("step of the session")


def _title(axes: "Axes", rows: Sequence[Row], number: int, column: int) -> None:
    panel = rows[number].panels[column]
    above = rows[number - 1].panels if number else ()
    if column >= len(above) or above[column].title != panel.title:
        axes.set_title(broken_title(panel.title, 66), pad=19, loc="left", color=FAINT_INK)
    if column == 0:
        axes.annotate(
            rows[number].label, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", weight="bold"
        )


def _note(axes: "Axes", panel: Panel, runs: Mapping[CellKey, int]) -> None:
    """How many runs the panel's lines rest on."""
    numbers = {runs[cell] for cell in panel.cells}
    text = ", ".join(f"{cell.arm} {runs[cell]}" for cell in panel.cells) + " runs"
    if len(numbers) == 1:
        text = f"{count(numbers.pop(), 'run')} an arm"
    axes.annotate(
        text, (1, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", ha="right", size=8, color=FAINT_INK
    )


def _line(axes: "Axes", rates: Sequence[StepRate], shift: float, links: Mapping[tuple[CellKey, int], str]) -> None:
    """One arm: band, line, dashed line. `shift` keeps lines of equal value beside each other."""
    gap = float("nan")
    if not rates:
        return
    arm = rates[0].cell.arm
    colour, at = arm_colour(arm), [rate.position + shift for rate in rates]
    given = [100 * r.given_exercised.value if r.given_exercised.has_data else gap for r in rates]
    low = [100 * r.given_exercised.low if r.given_exercised.has_data else gap for r in rates]
    high = [100 * r.given_exercised.high if r.given_exercised.has_data else gap for r in rates]
    flat = [100 * r.unconditional.value if r.unconditional.has_data else gap for r in rates]
    axes.fill_between(at, low, high, color=colour, alpha=0.11, linewidth=0)
    axes.plot(at, low, color=colour, alpha=0.35, linewidth=0.6)
    axes.plot(at, high, color=colour, alpha=0.35, linewidth=0.6)
    axes.plot(at, flat, color=colour, linewidth=1.0, linestyle=(0, (2, 2)), zorder=3)
    axes.plot(at, given, color=colour, linewidth=1.9, zorder=4, solid_joinstyle="round")
    points = axes.scatter(at, given, s=19, color=colour, marker=ARM_MARKERS.get(arm, "o"), zorder=5, linewidths=0)
    points.set_urls([links.get((rate.cell, rate.position), "") for rate in rates])


def _handles(estimates: Estimates) -> "list[Line2D | Patch]":
    """What the legend explains: the arms that occur, then the kinds of line."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    arms = [
        Line2D([], [], color=arm_colour(arm), marker=ARM_MARKERS.get(arm, "o"), markersize=5, linewidth=1.9, label=arm)
        for arm in arms_of(cell.cell for cell in estimates.cells)
    ]
    return [
        *arms,
        Line2D([], [], color=FAINT_INK, linewidth=1.9, label="of exercised steps"),
        Line2D([], [], color=FAINT_INK, linewidth=1.0, linestyle=(0, (2, 2)), label="of all steps"),
        Patch(color=GRID, label=f"exact {100 * estimates.level:.0f} % interval of a step"),
    ]


def _surroundings(figure: "Figure", estimates: Estimates, columns: int) -> None:
    """Legend and the name of the vertical axis."""
    width, height = figure.get_size_inches()
    figure.text(0.2 / width, 0.5, "steps that broke the constraint, %", rotation=90, va="center", ha="center", size=9)
    figure.legend(
        handles=_handles(estimates),
        loc="upper left",
        bbox_to_anchor=(_LEFT / width - 0.006, 1 - 0.08 / height),
        ncols=_LEGEND_COLUMNS * columns,
        frameon=False,
        borderpad=0,
        handlelength=1.8,
        columnspacing=1.5,
    )
    if not estimates.cells:
        figure.text(0.5, 0.5, "no data", ha="center", va="center", size=14, color=FAINT_INK)
