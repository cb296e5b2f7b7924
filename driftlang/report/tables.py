"""Tables of a report as CSV: per cell, per step, and every single outcome.

In: estimates and scored trials. Out: the bytes of CSV files (UTF-8, LF, RFC 4180 quoting).
Refuses to do: a number where there is none; such a field is empty. Texts that a spreadsheet would run as a formula
get a leading apostrophe.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from driftlang.estimate.forms import CellEstimate, CellKey, Estimates, Mean, Rate, StepRate
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.layout import ordered
from driftlang.report.wording import levels_of
from driftlang.score.forms import Outcome, StepOutcome

#: A row by column; numbers as they are, so that a reader in Python may use it too.
Row = Mapping[str, str | int | float]


def cell_rows(estimates: Estimates) -> list[Row]:
    """One row a cell."""
    return [_cell_row(cell) for cell in ordered(estimates)]


def step_rows(estimates: Estimates) -> list[Row]:
    """One row a cell and step."""
    return [_step_row(rate) for rate in estimates.steps]


def outcome_rows(gathered: Gathered) -> list[Row]:
    """One row a trial and step, with a column for each further rule of a prompt."""
    rules = rules_of(gathered)
    return [row for trial in gathered.details for row in trial_rows(trial, rules)]


def trial_rows(trial: TrialDetail, rules: Iterable[str]) -> Iterator[Row]:
    """The rows of one trial, with a column for each of the rules."""
    return ({**_outcome_row(trial, step), **_side_rules(step.outcome, rules)} for step in trial.steps)


def rules_of(gathered: Gathered) -> tuple[str, ...]:
    """The names of all further rules of prompts."""
    return tuple(sorted({name for trial in gathered.trials for step in trial.steps for name in step.side_rules}))


def outcome_columns(rules: Iterable[str]) -> tuple[str, ...]:
    """The columns of `trial_rows`."""
    return (
        *CELL_COLUMNS, "run", "seed", "trial", "status", "position", "step", "outcome", "done", "recovered_at",
        "early_from", "hits", "pattern", "path", "line", "text", "reason", *(f"rule_{name}" for name in rules),
    )  # fmt: skip


def write_lines(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Rows as lines of CSV without a head."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_harmless(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def write_csv(rows: Sequence[Row], columns: Iterable[str]) -> bytes:
    """Rows as CSV; `columns` are those of an empty table."""
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _harmless(value: str | float) -> str | int | float:
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


#: Columns that name a cell.
CELL_COLUMNS = ("study", "scenario", "model", "direction", "favors", "against", "arm", "levels")


def named(cell: CellKey) -> Row:
    """The columns that name a cell."""
    return {name: getattr(cell, name) for name in CELL_COLUMNS[:-1]} | {"levels": levels_of(cell)}


def _counts(counts: Mapping[Outcome, int]) -> Row:
    exercised = sum(count for outcome, count in counts.items() if outcome.is_exercised)
    scored = sum(counts.values()) - counts[Outcome.ERROR]
    return {outcome.value: counts[outcome] for outcome in Outcome} | {"exercised": exercised, "scored": scored}


def _estimate(name: str, found: Rate | Mean) -> Row:
    if not found.has_data:
        return {name: "", f"{name}_low": "", f"{name}_high": ""}
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _cell_row(cell: CellEstimate) -> Row:
    return {
        **named(cell.cell),
        "runs": cell.runs,
        "steps": cell.steps,
        **_counts(cell.counts),
        **_estimate("broken_given_exercised", cell.given_exercised),
        **_estimate("broken_unconditional", cell.unconditional),
        "runs_broken": cell.runs_broken.count,
        "runs_scored": cell.runs_broken.of,
        **_estimate("runs_broken_rate", cell.runs_broken),
        "runs_in_error": cell.in_error,
        "injections_scheduled": cell.scheduled,
        "injections_placed": cell.placed,
    }


def _step_row(rate: StepRate) -> Row:
    return {
        **named(rate.cell),
        "step": rate.position,
        **_counts(rate.counts),
        **_estimate("broken_given_exercised", rate.given_exercised),
        **_estimate("broken_unconditional", rate.unconditional),
    }


def _outcome_row(trial: TrialDetail, detail: StepDetail) -> Row:
    step = detail.outcome
    first = step.hits[0] if step.hits else None
    return {
        **named(trial.cell),
        "run": trial.run,
        "seed": trial.seed,
        "trial": trial.trial,
        "status": trial.status,
        "position": step.position,
        "step": step.step,
        "outcome": step.outcome.value,
        "done": detail.done,
        "recovered_at": step.recovered_at or "",
        "early_from": step.early_from or "",
        "hits": len(step.hits),
        "pattern": first.pattern if first else "",
        "path": first.path if first else "",
        "line": first.line if first else "",
        "text": first.text if first else "",
        "reason": step.reason,
    }


def _side_rules(step: StepOutcome, rules: Iterable[str]) -> Row:
    """`kept` or `not kept` a rule; empty where the step has no say."""
    words = {True: "kept", False: "not kept"}
    return {f"rule_{name}": words[step.side_rules[name]] if name in step.side_rules else "" for name in rules}
