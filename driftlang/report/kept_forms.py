"""How scored trials stand in the store: as JSON without names, since a study has tens of thousands of steps.

In: `ScoredTrial` and `StepRow`s. Out: bytes, and the forms again.
Refuses to do: reading what has another shape; that is a `ValueError`, and the trial is scored anew.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.estimate.rows import StepRow
from driftlang.report.forms import ScoredBranch
from driftlang.score.forms import Hit, Origin, Outcome, StepOutcome

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
#: What a row has beside what is known from its trial, its line and its outcome.
_ROW_FIELDS = ("done", "messages", "severity", "dose", "gravest", "read", "context_tokens")
#: A list as JSON gives it.
_Listed = list[Any]


@frozen
class KeptTrial:
    """A trial of a cell as scored, with its rows and its branches."""

    scored: ScoredTrial
    rows: tuple[StepRow, ...]
    branches: tuple[ScoredBranch, ...] = ()


def dump_trial(trial: KeptTrial) -> bytes:
    """A trial without what its plan says of it."""
    scored = trial.scored
    steps = [_step(step) for step in scored.steps]
    branches = [[one.arm, one.fork, [_step(step) for step in one.steps]] for one in trial.branches]
    stated = [scored.scheduled, scored.placed, steps, [_row(row) for row in trial.rows], branches]
    return json.dumps(stated, separators=(",", ":")).encode()


def load_trial(content: bytes, trial: str, cell: CellKey, run: int) -> KeptTrial:
    """The trial that `dump_trial` was given.

    Raises:
        ValueError: it is none.
    """
    try:
        scheduled, placed, steps, rows, branches = json.loads(content)
        scored = ScoredTrial(trial, cell, run, tuple(map(_outcome, steps)), scheduled, placed)
        forked = [ScoredBranch(trial, arm, fork, tuple(map(_outcome, steps))) for arm, fork, steps in branches]
        return KeptTrial(scored, tuple(_loaded_rows(rows, trial, cell, run)), tuple(forked))
    except (TypeError, KeyError, IndexError) as trouble:
        message = "what is kept of a trial has another shape"
        raise ValueError(message) from trouble


def _step(step: StepOutcome) -> _Listed:
    hits = [_hit(hit) for hit in step.hits]
    rules = dict(step.side_rules)
    return [step.position, step.step, step.outcome.value, hits, step.recovered_at, step.early_from, step.reason, rules]


def _hit(hit: Hit) -> _Listed:
    origin = hit.origin
    known = [origin.kind, origin.position, origin.tool, origin.call, origin.answer, origin.command, origin.how]
    return [hit.pattern, hit.path, hit.line, hit.text, known]


def _outcome(stated: _Listed) -> StepOutcome:
    position, step, outcome, hits, recovered_at, early_from, reason, rules = stated
    found = tuple([Hit(pattern, path, line, text, Origin(*origin)) for pattern, path, line, text, origin in hits])
    return StepOutcome(position, step, _OUTCOMES[outcome], found, recovered_at, early_from, reason, rules)


def _row(row: StepRow) -> _Listed:
    own = [row.position, row.step, row.outcome.value, row.branch, row.fork, row.recovered_at, row.early_from]
    return [*own, *(getattr(row, name) for name in _ROW_FIELDS)]


def _loaded_rows(rows: Sequence[_Listed], trial: str, cell: CellKey, run: int) -> Iterable[StepRow]:
    for position, step, outcome, branch, fork, recovered_at, early_from, done, *numbers in rows:
        known = _OUTCOMES[outcome]
        yield StepRow(trial, cell, run, position, step, known, branch, fork, done, recovered_at, early_from, *numbers)
