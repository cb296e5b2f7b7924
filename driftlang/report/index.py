"""The index of a page: which trials stand behind each of its numbers.

In: estimates and what was gathered. Out: addresses of numbers, and the data by which the page finds their trials.
Refuses to do: markup within data: no `<`, `>` or `&` is left in it, so that no text can end the element it stands in.

Addresses: `cell-3` (all steps of a cell), `cell-3-broken` (those that ended so), `cell-3-step-4`, `effect-2`,
`asymmetry-1`, `trial-ID` and `trial-ID-step-4`.
"""

import json
import re
from collections.abc import Mapping, Sequence

from driftlang.estimate.forms import CellKey, Contrast, Estimates, ScoredTrial
from driftlang.report.forms import Gathered
from driftlang.report.heatmap import HeatPanel
from driftlang.report.palette import arm_ink
from driftlang.report.wording import LETTERS, levels_of

#: What would be read as markup, or end a line for a script.
_MARKUP = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def cell_anchors(estimates: Estimates) -> Mapping[CellKey, str]:
    """The address of each cell."""
    return {cell.cell: f"cell-{number}" for number, cell in enumerate(estimates.cells, 1)}


def step_links(estimates: Estimates) -> Mapping[tuple[CellKey, int], str]:
    """For each cell and step, the address of its steps."""
    anchors = cell_anchors(estimates)
    return {(rate.cell, rate.position): f"{anchors[rate.cell]}-step-{rate.position}" for rate in estimates.steps}


def trial_anchor(trial: str) -> str:
    """The address of a trial."""
    return f"trial-{re.sub('[^0-9A-Za-z]', '', trial)}"


def index_of(gathered: Gathered, estimates: Estimates, labels: Mapping[CellKey, str], heat: Sequence[HeatPanel]) -> str:
    """The data as JSON, to stand in an element of the page."""
    numbers = {cell: number for number, cell in enumerate(cell_anchors(estimates))}
    content = {
        "outcomes": {letter: outcome.value for outcome, letter in LETTERS.items()},
        "cells": [_cell(cell.cell, labels[cell.cell]) for cell in estimates.cells],
        "trials": [
            [trial_anchor(trial.trial), numbers[trial.cell], trial.run, _letters(trial)] for trial in gathered.trials
        ],
        "pairs": _pairs(estimates, numbers),
        "heat": [[numbers[one.cell], one.left, one.top, one.across, one.down] for one in heat],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_MARKUP)


def _cell(cell: CellKey, label: str) -> Mapping[str, str]:
    return {
        "row": label,
        "model": cell.model,
        "direction": cell.direction,
        "favors": cell.favors,
        "against": cell.against,
        "arm": cell.arm,
        "ink": arm_ink(cell.arm),
        "levels": levels_of(cell),
    }


def _letters(trial: ScoredTrial) -> str:
    """The outcome of each step by its letter, a space for a position without one."""
    by_position = {step.position: LETTERS[step.outcome] for step in trial.steps}
    return "".join(by_position.get(position, " ") for position in range(1, max(by_position, default=0) + 1))


def _pairs(estimates: Estimates, numbers: Mapping[CellKey, int]) -> Mapping[str, Sequence[int]]:
    """Cells by effect (arm, baseline) and by asymmetry (those of the first effect, those of the second)."""

    def both(one: Contrast) -> list[int]:
        return [numbers[one.cell], numbers[one.baseline]]

    effects = {f"effect-{number}": both(one) for number, one in enumerate(estimates.contrasts, 1)}
    crossed = {
        f"asymmetry-{number}": [*both(one.first), *both(one.second)]
        for number, one in enumerate(estimates.asymmetries, 1)
    }
    return effects | crossed
