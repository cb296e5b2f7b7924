"""The heat map: how every step of every run ended.

In: scored trials. Out: a figure with a panel a cell; rows are runs, columns are steps in the order of the run.
Refuses to do: averaging. Outcomes are told apart by colour and, where there is room, by letter.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.report.layout import Row, arrange, broken_title
from driftlang.report.palette import FAINT_INK, OUTCOME_COLOURS, PAPER
from driftlang.report.wording import LETTERS
from driftlang.score.forms import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

#: Points in the coordinates of a panel.
_Places = Sequence[tuple[float, float]]
#: Inches.
_SQUARE = 0.2
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.55, 0.2, 1.1, 0.5
_GAP_X, _GAP_Y = 0.3, 0.48
#: Width of a letter of a panel's title, a little more than the mean.
_LETTER = 0.075
#: Steps up to which each has its letter; beyond, colours alone are legible.
_MOST_LETTERS = 6000


def draw_heatmap(trials: Sequence[ScoredTrial]) -> "Figure":
    """The figure."""
    from matplotlib.figure import Figure

    by_cell = _by_cell(trials)
    rows = arrange(list(by_cell))
    columns = max((sum(len(panel.cells) for panel in row.panels) for row in rows), default=1)
    steps = max((step.position for trial in trials for step in trial.steps), default=1)
    heights = [_SQUARE * max(len(by_cell[c]) for panel in row.panels for c in panel.cells) for row in rows] or [1.0]
    panel_width = steps * _SQUARE
    width = max(7.6, _LEFT + columns * panel_width + (columns - 1) * _GAP_X + _RIGHT)
    height = _TOP + sum(heights) + (len(heights) - 1) * _GAP_Y + _BOTTOM
    figure = Figure(figsize=(width, height))
    top = height - _TOP
    has_letters = sum(len(trial.steps) for trial in trials) <= _MOST_LETTERS
    for number, (row, row_height) in enumerate(zip(rows, heights, strict=False)):
        left = _LEFT
        for cell in (cell for panel in row.panels for cell in panel.cells):
            own = _SQUARE * len(by_cell[cell])
            axes = figure.add_axes((left / width, (top - own) / height, panel_width / width, own / height))
            places = _panel(axes, by_cell[cell], steps, is_last=number == len(rows) - 1)
            if has_letters:
                _letters(axes, places, figure.dpi_scale_trans)
            axes.set_title(cell.arm, loc="left", pad=3, size=8.5, color=FAINT_INK)
            left += panel_width + _GAP_X
        _names(figure, (rows, number), top, (width, height, panel_width))
        top -= row_height + _GAP_Y
    _legend(figure, width, height)
    if not trials:
        figure.text(0.5, 0.4, "no data", ha="center", va="center", size=14, color=FAINT_INK)
    return figure


def _by_cell(trials: Sequence[ScoredTrial]) -> Mapping[CellKey, Sequence[ScoredTrial]]:
    found: dict[CellKey, list[ScoredTrial]] = {}
    for trial in trials:
        found.setdefault(trial.cell, []).append(trial)
    return {cell: sorted(of_cell, key=lambda trial: trial.run) for cell, of_cell in found.items()}


def _panel(axes: "Axes", trials: Sequence[ScoredTrial], steps: int, *, is_last: bool) -> Mapping[Outcome, _Places]:
    """Draw a cell's squares; the middle of each, by outcome."""
    from matplotlib.colors import ListedColormap

    order = list(OUTCOME_COLOURS)
    numbers = [[float("nan")] * steps for _ in trials]
    places: dict[Outcome, list[tuple[float, float]]] = {outcome: [] for outcome in order}
    for row, trial in enumerate(trials):
        for step in trial.steps:
            numbers[row][step.position - 1] = order.index(step.outcome)
            places[step.outcome].append((step.position - 0.5, row + 0.5))
    colours = ListedColormap([background for background, _ in OUTCOME_COLOURS.values()])
    axes.pcolormesh(numbers, cmap=colours, vmin=-0.5, vmax=len(order) - 0.5, edgecolors=PAPER, linewidth=1.0)
    axes.set_xlim(0, steps)
    axes.set_ylim(len(trials), 0)
    axes.set_xticks([k + 0.5 for k in range(steps)], [str(k + 1) if is_last else "" for k in range(steps)], size=6.5)
    axes.set_yticks([k + 0.5 for k in range(len(trials))], [str(trial.run) for trial in trials], size=6.5)
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return places


def _letters(axes: "Axes", places: Mapping[Outcome, _Places], to_inches: "Transform") -> None:
    """One collection an outcome: a thousand texts one by one would take most of the report's time."""
    from matplotlib.collections import PathCollection
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    for outcome, here in places.items():
        if here:
            glyph = TextPath((0, 0), LETTERS[outcome], size=6.5)
            box = glyph.get_extents()
            centred = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2).transform_path(glyph)
            letters = PathCollection([centred], facecolors=OUTCOME_COLOURS[outcome][1], linewidths=0)
            letters.set_offsets(here)
            letters.set_offset_transform(axes.transData)
            letters.set_transform(Affine2D().scale(1 / 72) + to_inches)
            axes.add_collection(letters, autolim=False)


def _names(figure: "Figure", place: tuple[Sequence[Row], int], top: float, size: tuple[float, float, float]) -> None:
    """The row's label, and each direction's title where it is not that of the row above."""
    (rows, number), (width, height, panel_width) = place, size
    left = _LEFT
    for column, panel in enumerate(rows[number].panels):
        above = rows[number - 1].panels if number else ()
        longest = int(len(panel.cells) * (panel_width + _GAP_X) / _LETTER)
        if column >= len(above) or above[column].title != panel.title:
            y = top + (0.52 if number == 0 else 0.36)
            figure.text(left / width, y / height, broken_title(panel.title, longest), size=8.5, color=FAINT_INK)
        left += len(panel.cells) * (panel_width + _GAP_X)
    figure.text(_LEFT / width, (top + 0.22) / height, rows[number].label, size=9, weight="bold")


def _legend(figure: "Figure", width: float, height: float) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=background, label=f"{LETTERS[outcome]}  {outcome.value}")
        for outcome, (background, _) in OUTCOME_COLOURS.items()
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(_LEFT / width - 0.004, 1 - 0.1 / height),
        ncols=len(handles),
        frameon=False,
        borderpad=0,
        handlelength=1.0,
        handleheight=1.0,
        columnspacing=1.1,
        handletextpad=0.45,
        fontsize=8,
    )
    figure.text(0.16 / width, 0.5 - 0.3 / height, "run", rotation=90, va="center", ha="center", size=8.5)
    figure.text(_LEFT / width, 0.14 / height, "step of the session", size=8.5, color=FAINT_INK)
