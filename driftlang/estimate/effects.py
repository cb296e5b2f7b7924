"""Effects: the columns of the regression that asks what arm, step, severity, dose and direction do.

In: the columns of one study and model. Out: `EffectDesign`: one column for each effect, and those that are only taken
out of the way.
Refuses to do: looking at outcomes, so that what a design can tell apart is known before anything is fitted. What was
read is no column either: it comes after the treatment.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from driftlang.estimate.columns import Columns, Real
from driftlang.estimate.contrasts import BASELINES
from driftlang.estimate.forms import CellKey

#: The factor whose levels are said in full by step, severity and dose.
SCHEDULE = "schedule"


@frozen(eq=False)
class EffectColumn:
    """One effect: its name, what a unit of it is, its value in each row.

    Attributes:
        kind: `step`, `severity`, `dose`, `arm` or `direction`.
        arm: that it is of; empty for an effect in every arm.
    """

    name: str
    meaning: str
    kind: str
    arm: str
    values: Real


@frozen(eq=False)
class EffectDesign:
    """The design of one study and model; rows are those of `columns`.

    Attributes:
        effects: those that are asked about, whether the design shows them or not.
        levels: what sets cells apart beside them: scenario and direction, factors other than the schedule.
        names: of the levels.
    """

    columns: Columns
    effects: tuple[EffectColumn, ...]
    levels: Real
    names: tuple[str, ...]

    @property
    def matrix(self) -> Real:
        """The effects side by side."""
        size = len(self.columns)
        return np.column_stack([effect.values for effect in self.effects]) if self.effects else np.zeros((size, 0))


def design_of(columns: Columns) -> EffectDesign:
    """The design of the rows of one study and model, on the trials' own lines."""
    levels, names = levels_of(columns)
    return EffectDesign(columns, tuple(_asked(columns)), levels, names)


def _asked(columns: Columns) -> Iterator[EffectColumn]:
    """The first arm that says nothing of either value, or else the first of all, is what the others stand against."""
    arms = sorted({cell.arm for cell in _present(columns)})
    reference = next((arm for arm in BASELINES if arm in arms), arms[0])
    step = (columns.position - 1).astype(float)
    yield EffectColumn("step", "each step behind the first, in every arm", "step", "", step)
    if "placebo" in arms:
        said = "each doubling of (1 + texts said), neutral ones included"
        yield EffectColumn("dose of any text", said, "dose", "", np.log2(1 + columns.dose))
    for arm in arms:
        if arm not in BASELINES:
            yield from _of_arm(columns, arm, reference)


def _of_arm(columns: Columns, arm: str, reference: str) -> Iterator[EffectColumn]:
    """The arm at its mean course against the reference, and what its course does; the course is centred in the arm."""
    here = columns.by_cell(lambda cell: cell.arm == arm)
    course = {
        "step": (columns.position - 1).astype(float),
        "severity": np.maximum(columns.gravest - 1, 0).astype(float),
        "dose": np.log2(1 + columns.dose),
    }
    centred = {kind: here * (values - values[here > 0].mean()) for kind, values in course.items()}
    if arm != reference:
        yield EffectColumn(arm, f"`{arm}` at its mean course against `{reference}`", "arm", arm, here)
        beyond = f"each step behind the first in `{arm}` beyond that of every arm"
        yield EffectColumn(f"step, {arm}", beyond, "step", arm, centred["step"])
    of_severity = f"each level above the first of the gravest message said so far in `{arm}`"
    yield EffectColumn(f"severity, {arm}", of_severity, "severity", arm, centred["severity"])
    of_dose = f"each doubling of (1 + messages said) in `{arm}`"
    yield EffectColumn(f"dose, {arm}", of_dose, "dose", arm, centred["dose"])
    if arm != reference:
        yield from _of_direction(columns, arm, here)


def _of_direction(columns: Columns, arm: str, here: Real) -> Iterator[EffectColumn]:
    """What the arm does more under the first of two constraints than under another, scenario by scenario."""
    scenarios = _scenarios(columns)
    for scenario in scenarios:
        first, *others = sorted({cell.direction for cell in _present(columns) if cell.scenario == scenario})
        for other in others:
            sign = _indicator(columns, scenario, first) - _indicator(columns, scenario, other)
            name = f"direction, {arm}" + (f", {scenario}" if len(scenarios) > 1 else "")
            name += f", {other}" if len(others) > 1 else ""
            meaning = f"`{arm}` under `{first}` less `{arm}` under `{other}`"
            yield EffectColumn(name, meaning, "direction", arm, here * sign / 2)


def levels_of(columns: Columns) -> tuple[Real, tuple[str, ...]]:
    """An intercept for each scenario and direction, and a column for each further level of a factor."""
    found: list[tuple[str, Real]] = []
    present = _present(columns)
    for scenario, direction in sorted({(cell.scenario, cell.direction) for cell in present}):
        found.append((f"{scenario}, {direction}", _indicator(columns, scenario, direction)))
    for scenario in _scenarios(columns):
        factors = sorted({pair for cell in present if cell.scenario == scenario for pair in cell.levels})
        first: dict[str, str] = {}
        for factor, level in factors:
            if factor != SCHEDULE and first.setdefault(factor, level) != level:
                found.append((f"{scenario}, {factor} {level}", _at_level(columns, scenario, (factor, level))))
    return np.column_stack([values for _, values in found]), tuple(name for name, _ in found)


def _indicator(columns: Columns, scenario: str, direction: str) -> Real:
    return columns.by_cell(lambda cell: (cell.scenario, cell.direction) == (scenario, direction))


def _at_level(columns: Columns, scenario: str, pair: tuple[str, str]) -> Real:
    return columns.by_cell(lambda cell: cell.scenario == scenario and pair in cell.levels)


def _present(columns: Columns) -> Sequence[CellKey]:
    return [columns.cells[number] for number in np.unique(columns.cell)]


def _scenarios(columns: Columns) -> Sequence[str]:
    return sorted({cell.scenario for cell in _present(columns)})
