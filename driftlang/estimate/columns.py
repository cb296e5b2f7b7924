"""Columns: rows as arrays, made once for all analyses.

In: `StepRow`s. Out: `Columns`.
Refuses to do: choosing. Every row is in, errors and branches too; an analysis takes the part that it is about.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from driftlang.estimate.forms import CellKey
from driftlang.estimate.rows import StepRow
from driftlang.score.forms import Outcome

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
Real = NDArray[np.float64]

OUTCOMES = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}
_IS_EXERCISED = np.array([outcome.is_exercised for outcome in OUTCOMES])
_NUMBERS = (
    *("run", "position", "fork", "recovered_at", "messages", "severity", "dose", "gravest", "read"),
    *("context_tokens", "unplaced", "violations"),
)


@frozen(eq=False)
class Columns:
    """Arrays of one length, an element a row; `cell`, `trial`, `step` and `branch` number what is named beside them.

    Attributes:
        cells, trials, steps, branches: what the numbers stand for, in the order in which it first came.
        outcome: place in `OUTCOMES`.
    """

    cells: tuple[CellKey, ...]
    trials: tuple[str, ...]
    steps: tuple[str, ...]
    branches: tuple[str, ...]
    cell: Whole
    trial: Whole
    step: Whole
    branch: Whole
    outcome: Whole
    run: Whole
    position: Whole
    fork: Whole
    recovered_at: Whole
    messages: Whole
    severity: Whole
    dose: Whole
    gravest: Whole
    read: Whole
    context_tokens: Whole
    unplaced: Whole
    violations: Whole
    is_broken: Truth = field(init=False)
    is_exercised: Truth = field(init=False)
    is_error: Truth = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "is_broken", self.outcome == _CODES[Outcome.BROKEN])
        object.__setattr__(self, "is_exercised", _IS_EXERCISED[self.outcome])
        object.__setattr__(self, "is_error", self.outcome == _CODES[Outcome.ERROR])

    def __len__(self) -> int:
        return len(self.cell)

    def where(self, chosen: Truth | Whole) -> "Columns":
        """The rows that are chosen, or named in their new order; cells and the like are numbered as before."""
        return evolve(self, **{name: getattr(self, name)[chosen] for name in _ARRAYS})

    def with_outcomes(self, outcome: Whole) -> "Columns":
        """The same rows with other outcomes."""
        return evolve(self, outcome=outcome)

    def of_cells(self, is_wanted: Callable[[CellKey], Hashable]) -> Truth:
        """Which rows are of cells that are wanted."""
        return self.by_cell(lambda cell: bool(is_wanted(cell))).astype(bool)

    def by_cell(self, value: Callable[[CellKey], float]) -> Real:
        """A value of each row's cell."""
        return np.array([value(cell) for cell in self.cells] or [0.0], dtype=float)[self.cell]


_ARRAYS = ("cell", "trial", "step", "branch", "outcome", *_NUMBERS)


def columns_of(rows: Sequence[StepRow]) -> Columns:
    """All rows as arrays."""
    size = len(rows)
    numbers = {name: np.fromiter(map(attrgetter(name), rows), np.int64, size) for name in _NUMBERS}
    cells, cell = _numbered_forms([row.cell for row in rows])
    trials, trial = _numbered(row.trial for row in rows)
    steps, step = _numbered(row.step for row in rows)
    branches, branch = _numbered(row.branch for row in rows)
    outcome = np.fromiter((_CODES[row.outcome] for row in rows), np.int64, size)
    return Columns(cells, trials, steps, branches, cell, trial, step, branch, outcome, **numbers)


def code_of(outcome: Outcome) -> int:
    """The number of an outcome in `Columns.outcome`."""
    return _CODES[outcome]


def _numbered(values: Iterable[str]) -> tuple[tuple[str, ...], Whole]:
    places: dict[str, int] = {}
    numbers = [places.setdefault(value, len(places)) for value in values]
    return tuple(places), np.array(numbers, dtype=np.int64)


def _numbered_forms(cells: Sequence[CellKey]) -> tuple[tuple[CellKey, ...], Whole]:
    """As `_numbered`; a form is hashed once for each object, as rows of one trial share theirs."""
    places: dict[CellKey, int] = {}
    known: dict[int, int] = {}
    numbers = []
    for cell in cells:
        number = known.get(id(cell), -1)
        if number < 0:
            number = known[id(cell)] = places.setdefault(cell, len(places))
        numbers.append(number)
    return tuple(places), np.array(numbers, dtype=np.int64)


def grouped(keys: Sequence[NDArray[Any]]) -> tuple[Whole, Whole]:
    """Rows that agree in all keys: for each group a row of it, and for each row its group; groups in the keys' order.

    Keys are whole numbers of at least 0.
    """
    joint = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        joint = joint * (int(key.max(initial=0)) + 1) + key
    _, first, inverse = np.unique(joint, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)
