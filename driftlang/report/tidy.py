"""Tidy data: one row a step, one column a variable, as analysts load it.

In: what was gathered, with evidence. Out: a `TidyTable`: columns by name, each with its type and its meaning.
Refuses to do: leaving out. Steps in error, on branches and without a score have rows of their own; what is not known is
`None`, and a column says what its `None` means.

Source of the form: H. Wickham, "Tidy Data", Journal of Statistical Software 59(10), 2014.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from driftlang.estimate.rows import StepRow
from driftlang.report.forms import Gathered
from driftlang.report.measures import StepMeasures, TrialMeasures, measures_of
from driftlang.report.tidy_columns import COLUMNS, LEVEL, RULE, Column, Value
from driftlang.report.wording import levels_of
from driftlang.score.forms import Hit, Outcome, StepOutcome

_Place = tuple[str, str, int, int]


@frozen
class TidyTable:
    """Columns in their order, and the values of each by its name; all are of one length."""

    columns: tuple[Column, ...]
    data: Mapping[str, Sequence[Value]]

    @property
    def rows(self) -> Iterator[Mapping[str, Value]]:
        """The rows, each by column."""
        names = [column.name for column in self.columns]
        for values in zip(*(self.data[name] for name in names), strict=True):
            yield dict(zip(names, values, strict=True))


@frozen
class _Told:
    """All that is known of one step."""

    row: StepRow
    outcome: StepOutcome
    trial: TrialMeasures
    step: StepMeasures | None


def tidy(gathered: Gathered) -> TidyTable:
    """One row a step of all scored trials, in the order of `gathered.rows`."""
    told = list(_told(gathered))
    factors = sorted({factor for one in told for factor, _ in one.row.cell.levels})
    rules = sorted({name for one in told for name in one.outcome.side_rules})
    values: dict[str, Sequence[Value]] = {}
    for column in COLUMNS:
        values[column.name] = [_GIVEN[column.name](one) for one in told]
    for factor in factors:
        values[LEVEL.name + factor] = [dict(one.row.cell.levels).get(factor) for one in told]
    for rule in rules:
        values[RULE.name + rule] = [one.outcome.side_rules.get(rule) for one in told]
    more = (
        *(Column(LEVEL.name + one, LEVEL.kind, LEVEL.meaning.format(one)) for one in factors),
        *(Column(RULE.name + one, RULE.kind, RULE.meaning.format(one)) for one in rules),
    )
    return TidyTable((*COLUMNS, *more), values)


def _told(gathered: Gathered) -> Iterator[_Told]:
    outcomes: dict[_Place, StepOutcome] = {}
    for trial in gathered.trials:
        outcomes |= {(trial.trial, "", 0, step.position): step for step in trial.steps}
    for branch in gathered.branches:
        outcomes |= {(branch.trial, branch.arm, branch.fork, step.position): step for step in branch.steps}
    measures = {one.trial: one for one in measures_of(gathered)}
    steps = {(one.trial, step.arm, step.fork, step.position): step for one in measures.values() for step in one.steps}
    for row in gathered.rows:
        place = row.trial, row.branch, row.fork, row.position
        yield _Told(row, outcomes[place], measures[row.trial], steps.get(place))


def _hit(get: Callable[[Hit], Value]) -> Callable[[_Told], Value]:
    """A value of the first hit; none without one, nor where it is empty."""
    return lambda one: (get(one.outcome.hits[0]) or None) if one.outcome.hits else None


def _step(name: str) -> Callable[[_Told], Value]:
    """A measure of the step; none of one that was not begun."""
    return lambda one: getattr(one.step, name) if one.step else None


def _cell(name: str) -> Callable[[_Told], Value]:
    return lambda one: getattr(one.row.cell, name)


def _row(name: str) -> Callable[[_Told], Value]:
    return lambda one: getattr(one.row, name)


def _row_or_none(name: str) -> Callable[[_Told], Value]:
    return lambda one: getattr(one.row, name) or None


def _trial(name: str) -> Callable[[_Told], Value]:
    return lambda one: getattr(one.trial, name)


def _is_broken(one: _Told) -> bool | None:
    """Whether the constraint was broken; none of an error, which is in no rate."""
    return None if one.row.outcome is Outcome.ERROR else one.row.is_broken


def _is_exercised(one: _Told) -> bool | None:
    return None if one.row.outcome is Outcome.ERROR else one.row.outcome.is_exercised


#: What gives the value of each of `COLUMNS`.
_GIVEN: Mapping[str, Callable[[_Told], Value]] = {
    **{name: _cell(name) for name in ("study", "scenario", "model", "direction", "favors", "against", "arm")},
    "levels": lambda one: levels_of(one.row.cell),
    **{name: _row(name) for name in ("run", "trial", "branch", "fork", "position", "step")},
    **{name: _trial(name) for name in ("seed", "status", "attempts", "sandbox", "opencode")},
    "outcome": lambda one: one.row.outcome.value,
    "exercised": _is_exercised,
    "broken": _is_broken,
    **{name: _row_or_none(name) for name in ("done", "recovered_at", "early_from", "label")},
    **{name: _row(name) for name in ("messages", "severity", "dose", "gravest", "read", "unplaced", "violations")},
    "context_tokens": _row_or_none("context_tokens"),
    "reason": lambda one: one.outcome.reason,
    "hits": lambda one: len(one.outcome.hits),
    "pattern": _hit(lambda hit: hit.pattern),
    "path": _hit(lambda hit: hit.path),
    "line": _hit(lambda hit: hit.line),
    "text": _hit(lambda hit: hit.text),
    "origin": _hit(lambda hit: hit.origin.kind),
    "origin_position": _hit(lambda hit: hit.origin.position),
    "origin_tool": _hit(lambda hit: hit.origin.tool),
    "origin_call": _hit(lambda hit: hit.origin.call),
    "origin_command": _hit(lambda hit: hit.origin.command),
    "origin_how": _hit(lambda hit: hit.origin.how),
    **{name: _step(name) for name in ("started", "seconds", "waited", "model_calls", "prompt_tokens")},
    **{name: _step(name) for name in ("completion_tokens", "cached_tokens", "reasoning_tokens", "dollars")},
    **{name: _step(name) for name in ("placed", "first_edit", "error")},
}
