"""How scored trials stand in the store: as columns in JSON, since a study has tens of thousands of steps.

In: `KeptTrial`s. Out: bytes, and the forms again.
Refuses to do: reading what has another shape; that is a `ValueError`, and the trial is scored anew.

A line of a trial is a list of columns, each with a value a step, or a value a hit; a column of equal values is that
value alone. The rows of a line follow from its steps and its last columns.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any

from attrs import frozen

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.estimate.rows import StepRow
from driftlang.report.forms import ScoredBranch
from driftlang.score.forms import Hit, Origin, Outcome, StepOutcome

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
#: What a row has beside what is known from its trial, its line and its outcome.
_OF_ROW = (
    "done",
    "messages",
    "severity",
    "dose",
    "gravest",
    "read",
    "context_tokens",
    "label",
    "unplaced",
    "violations",
)
_OF_HIT = ("pattern", "path", "line", "text")
_OF_ORIGIN = ("kind", "position", "tool", "call", "answer", "command", "how")
#: What JSON gives.
_Stated = Any


@frozen
class KeptTrial:
    """A trial of a cell as scored, with its rows and its branches."""

    scored: ScoredTrial
    rows: tuple[StepRow, ...]
    branches: tuple[ScoredBranch, ...] = ()


def dump_trial(trial: KeptTrial) -> bytes:
    """A trial without what its plan says of it."""
    lines = [("", 0, trial.scored.steps), *((one.arm, one.fork, one.steps) for one in trial.branches)]
    rows = iter(trial.rows)
    stated = [[arm, fork, *_columns_of(steps, list(islice(rows, len(steps))))] for arm, fork, steps in lines]
    return json.dumps([trial.scored.scheduled, trial.scored.placed, stated], separators=(",", ":")).encode()


def load_trial(content: bytes, trial: str, cell: CellKey, run: int) -> KeptTrial:
    """The trial that `dump_trial` was given.

    Raises:
        ValueError: it is none.
    """
    try:
        scheduled, placed, (own, *others) = json.loads(content)
        steps, rows = _line(own, trial, cell, run)
        branches = []
        for other in others:
            outcomes, more = _line(other, trial, cell, run)
            branches.append(ScoredBranch(trial, other[0], other[1], outcomes))
            rows += more
        return KeptTrial(ScoredTrial(trial, cell, run, steps, scheduled, placed), rows, tuple(branches))
    except (TypeError, KeyError, IndexError, RuntimeError) as trouble:
        message = "what is kept of a trial has another shape"
        raise ValueError(message) from trouble


def _columns_of(steps: Sequence[StepOutcome], rows: Sequence[StepRow]) -> Iterator[_Stated]:
    """How many steps and hits there are, and their columns."""
    hits = [hit for step in steps for hit in step.hits]
    yield len(steps)
    yield len(hits)
    yield _column(step.position for step in steps)
    yield _column(step.step for step in steps)
    yield _column(step.outcome.value for step in steps)
    yield _column(len(step.hits) for step in steps)
    yield _column(step.recovered_at for step in steps)
    yield _column(step.early_from for step in steps)
    yield _column(step.reason for step in steps)
    yield _column(dict(step.side_rules) for step in steps)
    yield [_column(getattr(row, name) for row in rows) for name in _OF_ROW]
    yield [_column(getattr(hit, name) for hit in hits) for name in _OF_HIT]
    yield [_column(getattr(hit.origin, name) for hit in hits) for name in _OF_ORIGIN]


def _column(values: Iterable[_Stated]) -> _Stated:
    """The values as a list; or the one that all of them are."""
    found = list(values)
    return found[0] if found and all(one == found[0] for one in found[1:]) else found


def _line(stated: _Stated, trial: str, cell: CellKey, run: int) -> tuple[tuple[StepOutcome, ...], tuple[StepRow, ...]]:
    """The steps of a line, and its rows."""
    arm, fork, count, hit_count, positions, names, outcomes, *_ = stated
    numbers, recovered, early, reasons, rules, of_row, of_hit, of_origin = stated[7:]

    def each(column: _Stated, of: int = count) -> Iterable[_Stated]:
        return column if type(column) is list else repeat(column, of)

    origins = map(Origin, *(each(column, hit_count) for column in of_origin))
    hits = map(Hit, *(each(column, hit_count) for column in of_hit), origins)
    found = list(map(_OUTCOMES.__getitem__, each(outcomes)))
    taken: Callable[[int], tuple[Hit, ...]] = lambda number: tuple(islice(hits, number))  # noqa: E731 - for `map`
    places = list(each(positions)), list(each(names)), found
    left = list(each(recovered)), list(each(early))
    steps = tuple(map(StepOutcome, *places, map(taken, each(numbers)), *left, each(reasons), each(rules)))
    known = repeat(trial, count), repeat(cell), repeat(run)
    done, *of_plan = of_row
    rows = tuple(map(StepRow, *known, *places, repeat(arm), repeat(fork), each(done), *left, *map(each, of_plan)))
    if len(steps) != count or len(rows) != count:
        message = "a column is too short"
        raise ValueError(message)
    return steps, rows
