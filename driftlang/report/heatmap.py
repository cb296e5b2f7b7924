"""The heat map: how every step of every run ended.

In: scored trials. Out: a panel a cell; rows are runs, columns are steps in the order of the run.
Refuses to do: averaging. Outcomes are told apart by colour and, where there is room, by letter.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.report.drawing.scale import step_marks
from driftlang.report.drawing.scene import Label, Letters, Link, Mark, Scene, Squares
from driftlang.report.layout import arrange
from driftlang.report.palette import outcome_ink
from driftlang.report.wording import LETTERS, count
from driftlang.score.forms import Outcome

#: Room for a panel's squares, and for the numbers of its runs.
_WIDTH, _NUMBERS, _STEPS = 246.0, 26.0, 16.0
#: Squares are between these; letters need the third.
_SMALLEST, _LARGEST, _LETTERED = 3.0, 19.0, 12.0
#: Runs up to which each gets rows as high as they are wide.
_MOST_SQUARE = 30


@frozen
class HeatPanel:
    """A cell's panel, with what a pointer needs to find the step under it.

    Attributes:
        left, top: of the first square.
        across, down: from one square to the next.
    """

    cell: CellKey
    scene: Scene
    left: float
    top: float
    across: float
    down: float


def heat_panels(trials: Sequence[ScoredTrial], addresses: Mapping[CellKey, str]) -> tuple[HeatPanel, ...]:
    """The panels in the order of figures.

    Args:
        trials: what to draw.
        addresses: of each cell's trials.
    """
    by_cell: dict[CellKey, list[ScoredTrial]] = {}
    for trial in trials:
        by_cell.setdefault(trial.cell, []).append(trial)
    steps = max((len(trial.steps) for trial in trials), default=1)
    panels = [(row, panel) for row in arrange(list(by_cell)) for panel in row.panels]
    return tuple(
        _panel(cell, sorted(by_cell[cell], key=lambda trial: trial.run), steps, (row.label, addresses.get(cell, "")))
        for row, panel in panels
        for cell in panel.cells
    )


def _panel(cell: CellKey, trials: Sequence[ScoredTrial], steps: int, named: tuple[str, str]) -> HeatPanel:
    (label, address), columns = named, max(1, steps)
    across = max(_SMALLEST, min(_LARGEST, (_WIDTH - _NUMBERS) / columns))
    down = across if len(trials) <= _MOST_SQUARE else max(_SMALLEST, min(across, 5.0))
    marks: list[Mark] = [
        Label((_NUMBERS + (step - 0.5) * across, 11), str(step), "faint", 10, "middle")
        for step in step_marks(columns, across * columns)
    ]
    marks += _run_numbers(trials, down)
    squares = tuple(_squares(trials, across, down))
    marks.append(Link(address, f"The trials of {cell.direction}, {cell.arm}", squares) if address else squares[0])
    if across >= _LETTERED and down >= _LETTERED:
        marks += _letters(trials, across, down)
    height = _STEPS + down * len(trials) + 2
    scene = Scene(
        _NUMBERS + across * columns,
        height,
        f"How each step ended: {label}, {cell.direction}, {cell.arm}",
        _in_words(trials),
        tuple(marks),
        (label, f"{cell.direction} · {cell.arm} · {count(len(trials), 'run')}"),
    )
    return HeatPanel(cell, scene, _NUMBERS, _STEPS, across, down)


def _in_words(trials: Sequence[ScoredTrial]) -> str:
    outcomes = [step.outcome for trial in trials for step in trial.steps]
    found = ((outcome, outcomes.count(outcome)) for outcome in Outcome)
    return f"{count(len(outcomes), 'step')}: " + ", ".join(f"{n} {outcome.value}" for outcome, n in found if n) + "."


def _run_numbers(trials: Sequence[ScoredTrial], down: float) -> Iterator[Mark]:
    stride = next(by for by in (1, 2, 5, 10, 20, 50, 100, 1000) if by * down >= 13 or by == 1000)
    for row, trial in enumerate(trials):
        if row % stride == 0:
            y = _STEPS + (row + 0.5) * down + 3.5
            yield Label((_NUMBERS - 5, y), str(trial.run), "faint", 10, "end")


def _squares(trials: Sequence[ScoredTrial], across: float, down: float) -> Iterator[Squares]:
    """One mark an outcome: a thousand by themselves would make a slow page."""
    places: dict[Outcome, list[tuple[float, float]]] = {}
    for row, trial in enumerate(trials):
        y = _STEPS + row * down
        for column, step in enumerate(trial.steps):
            places.setdefault(step.outcome, []).append((_NUMBERS + column * across, y))
    gap = 1.0 if down >= 6 else 0.5
    for outcome in Outcome:
        if outcome in places:
            yield Squares(tuple(places[outcome]), across - gap, outcome_ink(outcome), down - gap)


def _letters(trials: Sequence[ScoredTrial], across: float, down: float) -> Iterator[Mark]:
    """One mark a run and ink."""
    size = min(10.5, across * 0.62)
    for row, trial in enumerate(trials):
        by_outcome: dict[Outcome, list[float]] = {}
        for column, step in enumerate(trial.steps):
            by_outcome.setdefault(step.outcome, []).append(_NUMBERS + column * across + (across - 1) / 2)
        y = _STEPS + row * down + (down - 1) / 2 + size * 0.36
        for outcome, xs in by_outcome.items():
            yield Letters(tuple(xs), y, LETTERS[outcome] * len(xs), f"on-{outcome_ink(outcome)}", size)
