"""The words of `driftlang runs`.

In: overviews, happenings and comparisons. Out: lines.
Refuses to do: reading runs.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from driftlang.estimate.forms import CellEstimate
    from driftlang.report.comparison import Comparison
    from driftlang.run.overview import Happening, Overview, RunnerShare

_MOST_NAMED = 10
_SHORT = 12


def list_lines(runs: "Sequence[Overview]") -> Iterator[str]:
    """A line a run."""
    rows: list[tuple[str, ...]] = (
        [("run", "trials", "finished", "error", "at work", "tokens", "dollars", "last")] if runs else []
    )
    for run in runs:
        tokens = sum(model.prompt_tokens + model.completion_tokens for model in run.models)
        total = sum(run.trials.values())
        state = "yes" if run.is_held else "no"
        finished, error = str(run.trials["finished"]), str(run.trials["error"])
        rows.append(
            (str(run.folder), str(total), finished, error, state, f"{tokens:,}", _dollars(run), _moment(run.last))
        )
    return _aligned(rows)


def show_lines(run: "Overview") -> Iterator[str]:
    """A run, a fact a line."""
    state = "a runner is at work" if run.is_held else "no runner is at work"
    yield f"{run.folder}: study {run.study}, {state}"
    yield f"trials: {_counts(run.trials)}"
    yield f"attempts: {_counts(run.attempts)}"
    yield f"began {_moment(run.began)}, last record {_moment(run.last)}"
    yield from _model_lines(run)
    for failure in run.failures:
        yield f"error: {failure.reason} ({failure.attempts} attempts at {failure.trials} trials)"
    for trial in run.retried[:_MOST_NAMED]:
        yield f"tried again: trial {trial.trial}: {'; then '.join(trial.attempts)}"
    if len(run.retried) > _MOST_NAMED:
        yield f"tried again: {len(run.retried) - _MOST_NAMED} more"
    for runner in run.runners:
        yield _runner_line(runner)
    for number, digest in enumerate(run.plans, 1):
        which = "plan" if number == len(run.plans) else f"former plan {number}"
        yield f"{which}: {digest}"
    yield f"source: {run.source_digest}"
    yield f"journal: {run.records:,} records, head {run.head.digest or 'none'}"


def _model_lines(run: "Overview") -> Iterator[str]:
    rows: list[tuple[str, ...]] = [
        ("model", "finished", "error", "running", "pending", "calls", "prompt", "completion", "dollars", "seconds")
    ]
    for model in run.models:
        counts = [str(model.trials[status]) for status in ("finished", "error", "running", "pending")]
        tokens = f"{model.prompt_tokens:,}", f"{model.completion_tokens:,}"
        money = _priced(model.dollars, model.unpriced)
        rows.append((model.model, *counts, f"{model.calls:,}", *tokens, money, f"{model.seconds:,.0f}"))
    return _aligned(rows)


def _runner_line(runner: "RunnerShare") -> str:
    stamp = runner.stamp
    if not stamp.driftlang:
        return f"runner: unknown, {runner.attempts} attempts"
    return (
        f"runner: driftlang {stamp.driftlang}, OpenCode {stamp.opencode}, sandbox {stamp.sandbox or 'unknown'}, "
        f"Python {stamp.python}, {stamp.system}, {stamp.jobs} at a time: {runner.attempts} attempts"
    )


def happening_line(happening: "Happening") -> str:
    """A record in one line."""
    if not happening.trial:
        return happening.told
    again = f", attempt {happening.attempt}" if happening.attempt > 1 else ""
    return f"{happening.trial} ({happening.script}, {happening.model}{again}): {happening.told}"


def comparison_lines(found: "Comparison") -> Iterator[str]:
    """Rates side by side, then what is not in all runs, then what ended differently."""
    names = [folder.as_posix() for folder in found.folders]
    rows: list[tuple[str, ...]] = [
        ("model", "scenario", "direction", "arm", *(f"broken of exercised, {name}" for name in names))
    ]
    for cell in found.cells:
        key = cell.cell
        arm = key.arm + "".join(f" {factor}={level}" for factor, level in key.levels)
        rows.append((key.model, key.scenario, key.direction, arm, *(_rate(one) for one in cell.runs)))
    yield from _aligned(rows)
    yield f"{found.shared} trials are in all of them, {len(found.differing)} of which ended differently"
    for name, lacking in zip(names, found.lacking, strict=True):
        if lacking:
            more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
            yield f"not in {name}: {', '.join(lacking[:_MOST_NAMED])}{more}"
    for trial in found.differing:
        key = trial.cell
        yield f"trial {trial.trial} ({key.scenario}/{key.direction}/{key.arm}#{trial.run}, {key.model}):"
        for name, outcomes in zip(names, trial.outcomes, strict=True):
            yield f"  {name}: {' '.join(outcomes) if outcomes is not None else 'absent'}"


def comparison_json(found: "Comparison") -> dict[str, object]:
    """The same for a program."""
    from attrs import asdict

    return {
        "runs": [folder.as_posix() for folder in found.folders],
        "cells": [
            {**asdict(cell.cell), "runs": [_numbers(one) if one else None for one in cell.runs]} for cell in found.cells
        ],
        "shared": found.shared,
        "lacking": [list(trials) for trials in found.lacking],
        "differing": [
            {"trial": one.trial, **asdict(one.cell), "run": one.run, "outcomes": one.outcomes}
            for one in found.differing
        ],
    }


def _numbers(cell: "CellEstimate") -> Mapping[str, object]:
    rate = cell.given_exercised
    return {
        "runs": cell.runs,
        "in_error": cell.in_error,
        "counts": {outcome.value: count for outcome, count in cell.counts.items()},
        "broken_given_exercised": rate.value if rate.has_data else None,
        "low": rate.low,
        "high": rate.high,
    }


def _rate(cell: "CellEstimate | None") -> str:
    from driftlang.report.wording import limits_of, value_of

    if cell is None:
        return "-"
    rate = cell.given_exercised
    runs = f"{cell.runs} run" if cell.runs == 1 else f"{cell.runs} runs"
    return f"{value_of(rate)} {limits_of(rate)}, {runs}" if rate.has_data else f"none exercised, {runs}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {status}" for status, count in counts.items() if count) or "none"


def _dollars(run: "Overview") -> str:
    known = [model.dollars for model in run.models if model.dollars is not None]
    return _priced(sum(known[1:], known[0]) if known else None, sum(model.unpriced for model in run.models))


def _priced(dollars: "Decimal | None", unpriced: int) -> str:
    if dollars is None:
        return "-"
    return f"{dollars:.4f}" + (f" and {unpriced} calls without a price" if unpriced else "")


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(seconds)) if seconds else "never"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of equal width, numbers to the right."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            text.rjust(width) if text[:1].isdigit() else text.ljust(width)
            for text, width in zip(row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
