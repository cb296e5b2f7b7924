"""Cells → the files of their reference solutions.

In: scenarios by variant, and their cells. Out: a `SolutionFile` for each cell.
Refuses to do: more files than differ. Cells of a variant share one, unless its solutions use the text of a level.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from driftlang.build.plan_toml import render_form
from driftlang.build.planning import solutions_path
from driftlang.cells.forms import Cell
from driftlang.cells.solution import make_solutions
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Factor, Level, Scenario

#: A level of each free factor that has texts, by name.
_Levels = tuple[tuple[str, str], ...]


@frozen
class SolutionFile:
    """Where the solutions of a cell stand in the plan's folder, and their TOML, without a header."""

    path: str
    text: str


def solution_files(scenarios: Mapping[str, Scenario], cells: Sequence[Cell], sink: Sink) -> Mapping[str, SolutionFile]:
    """The file of each cell, by cell id."""
    rendered: dict[str, dict[_Levels, str]] = {}
    for cell in cells:
        scenario, texts = scenarios[cell.variant], rendered.setdefault(cell.variant, {})
        levels = _speaking(scenario, cell)
        if _names(levels) not in texts:
            files = {path: file.content for path, file in scenario.repo.files.items()}
            texts[_names(levels)] = render_form(make_solutions(scenario, files, sink, levels))
    found = {}
    for cell in cells:
        texts, names = rendered[cell.variant], _names(_speaking(scenarios[cell.variant], cell))
        # Levels that the variant is for stand in its name already.
        more = [f".{name}-{level}" for name, level in names if name not in scenarios[cell.variant].fixed]
        is_shared = len(set(texts.values())) == 1
        found[cell.id] = SolutionFile(
            solutions_path("".join((cell.variant, *(() if is_shared else more)))), texts[names]
        )
    return found


def _speaking(scenario: Scenario, cell: Cell) -> Mapping[Factor, Level]:
    """The cell's levels that have texts."""
    levels = {factor: factor.at(cell.levels[factor.name]) for factor in scenario.factors}
    return {factor: level for factor, level in levels.items() if level.text}


def _names(levels: Mapping[Factor, Level]) -> _Levels:
    return tuple((factor.name, level.name) for factor, level in levels.items())
