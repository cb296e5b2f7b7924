"""Rows of a trial: what was planned before each step, what had been read at it, and how it ended.

In: the scored lines of a trial. Out: `StepRow`s, the trial's own line first, each line in its order.
Refuses to do: taking what was planned from what happened. Messages, severity and dose are the plan's also where an
injection was not placed, so that they stand before the treatment; what was read is the record's.
"""

from collections.abc import Iterator, Mapping, Sequence

from driftlang.cells.forms import Injection
from driftlang.estimate.forms import CellKey
from driftlang.estimate.rows import StepRow
from driftlang.report.trial_lines import ScoredLine
from driftlang.run.injections import is_placed
from driftlang.run.records import StepRecord


def rows_of(trial: str, cell: CellKey, run: int, lines: Sequence[ScoredLine]) -> tuple[StepRow, ...]:
    """One row a step of each line."""
    return tuple(row for line in lines for row in _line_rows(trial, cell, run, line))


def _line_rows(trial: str, cell: CellKey, run: int, line: ScoredLine) -> Iterator[StepRow]:
    said: list[Injection] = []
    at = 0
    texts = {(turn.position, number): one.text for turn in line.turns for number, one in enumerate(turn.injections)}
    for outcome in line.outcomes:
        now: tuple[Injection, ...] = ()
        while at < len(line.turns) and line.turns[at].position <= outcome.position:
            now = line.turns[at].injections
            said += now
            at += 1
        record = line.records.get(outcome.position)
        yield StepRow(
            trial=trial,
            cell=cell,
            run=run,
            position=outcome.position,
            step=outcome.step,
            outcome=outcome.outcome,
            branch=line.arm,
            fork=line.fork,
            done=record.done if record else "",
            recovered_at=outcome.recovered_at,
            early_from=outcome.early_from,
            messages=len(now),
            severity=_gravest(now),
            dose=len(said),
            gravest=_gravest(said),
            read=_read(record, texts) if record else 0,
            context_tokens=record.exposure.context.prompt_tokens if record else 0,
            unplaced=sum(not is_placed(went) for went in record.injected[: len(now)]) if record else 0,
            violations=len(record.exposure.integrity.violations) if record else 0,
        )


def _gravest(injections: Sequence[Injection]) -> int:
    return max((one.severity for one in injections), default=0)


def _read(record: StepRecord, texts: Mapping[tuple[int, int], str]) -> int:
    """How many different messages had been read; equal words are one message."""
    read = [(one.position, one.number) for one in record.exposure.messages if one.is_read_before_edit]
    return len({texts.get(place, place) for place in read})
