"""The headline: what was found, in plain sentences with their numbers.

In: estimates. Out: one paragraph a model, scenario and level.
Refuses to do: adjectives, and a claim beyond the interval that stands beside it.
"""

from collections.abc import Sequence

from attrs import frozen

from driftlang.estimate.forms import Asymmetry, CellEstimate, CellKey, Contrast, Difference, Estimates
from driftlang.report.layout import Row, arrange
from driftlang.report.wording import (
    count,
    difference_limits,
    difference_value,
    limits_of,
    percent,
    pressure_of,
    value_of,
)


@frozen
class Finding:
    """A paragraph about one row: its label and its sentences."""

    label: str
    sentences: tuple[str, ...]


def describe(estimates: Estimates) -> tuple[Finding, ...]:
    """Findings in the order of rows."""
    rows = arrange([cell.cell for cell in estimates.cells])
    return tuple(Finding(row.label, _sentences(row, estimates)) for row in rows)


def _sentences(row: Row, estimates: Estimates) -> tuple[str, ...]:
    by_cell = {cell.cell: cell for cell in estimates.cells}
    here = {cell for panel in row.panels for cell in panel.cells}
    sentences = []
    for panel in row.panels:
        pressed = [contrast for cell in panel.cells for contrast in estimates.contrasts if contrast.cell == cell]
        sentences += [_contrast(contrast, by_cell, estimates.level) for contrast in pressed]
        if not pressed:
            sentences += [_alone(by_cell[cell], estimates.level) for cell in panel.cells]
    crossed = [found for found in estimates.asymmetries if found.first.cell in here and found.second.cell in here]
    return (*sentences, *_asymmetries(crossed, estimates.level))


def _contrast(contrast: Contrast, by_cell: dict[CellKey, CellEstimate], level: float) -> str:
    pressed, control = by_cell[contrast.cell], by_cell[contrast.baseline]
    broken, less = _broken(pressed, level), _less(control, level)
    return f"{_where(pressed)}, {contrast.cell.direction} was broken in {broken}, and {less}."


def _alone(cell: CellEstimate, level: float) -> str:
    return f"{_where(cell)}, {cell.cell.direction} was broken in {_broken(cell, level)}."


def _where(cell: CellEstimate) -> str:
    toward = pressure_of(cell.cell)
    if cell.scheduled and not cell.placed:
        return f"In the {cell.cell.arm} arm, where none of {count(cell.scheduled, 'scheduled message')} was placed"
    return f"Under pressure toward {toward}" if toward else f"In the {cell.cell.arm} arm"


def _broken(cell: CellEstimate, level: float) -> str:
    if not cell.given_exercised.has_data:
        return "no step that took a side (no data)"
    return f"{value_of(cell.given_exercised)} of exercised steps ({_certainty(cell, level)})"


def _less(cell: CellEstimate, level: float) -> str:
    if not cell.given_exercised.has_data:
        return f"there is no data under {cell.cell.arm}"
    return f"in {value_of(cell.given_exercised)} under {cell.cell.arm} ({_certainty(cell, level)})"


def _certainty(cell: CellEstimate, level: float) -> str:
    rate = cell.given_exercised
    return f"{count(rate.runs, 'run')}; {percent(level)} interval {limits_of(rate)}"


def _what_it_shows(difference: Difference) -> str:
    return (
        ", which holds 0: so few runs show no asymmetry by themselves" if difference.low <= 0 <= difference.high else ""
    )


def _asymmetries(crossed: Sequence[Asymmetry], level: float) -> list[str]:
    sentences = []
    for found in crossed:
        first, second, difference = found.first, found.second, found.given_exercised
        if difference.has_data:
            one, other = difference_value(first.given_exercised), difference_value(second.given_exercised)
            sentences.append(
                f"Over {first.baseline.arm}, the {first.cell.arm} arm adds {one} points for {first.cell.direction} and "
                f"{other} points for {second.cell.direction}: a difference of differences of "
                f"{difference_value(difference)} points ({count(difference.pairs, 'paired run')}; "
                f"{percent(level)} interval {difference_limits(difference)}{_what_it_shows(difference)})."
            )
    return sentences
