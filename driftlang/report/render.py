"""Rendering: from runs to a folder with the page, the tables and, where asked for, the figures.

In: run folders and an output folder. Out: `ReportPaths`.
Refuses to do: two truths. Page, figures, tables and terminal all show one `Estimates`.
"""

from collections.abc import Sequence
from pathlib import Path

from driftlang.estimate.analyses import analyse
from driftlang.estimate.analysis_forms import Analyses
from driftlang.estimate.forms import Estimates
from driftlang.estimate.rates import estimate
from driftlang.report.exposures import CONTEXT_COLUMNS, MESSAGE_COLUMNS
from driftlang.report.figures import figure_files
from driftlang.report.forms import Gathered, ReportPaths
from driftlang.report.gather import gather
from driftlang.report.notes import declared_contrasts
from driftlang.report.page import PAGE_FILE, render_page
from driftlang.report.prepared import NOT_ANALYSED, Prepared, prepare
from driftlang.report.tables import CELL_COLUMNS, cell_rows, outcome_columns, rules_of, step_rows, write_csv
from driftlang.report.trial_parts import message_lines
from driftlang.report.write import write_files


def render_report(runs: Sequence[Path], out: Path, *, with_figures: bool = False) -> ReportPaths:
    """Read, score, estimate and write a report of `runs` into `out`.

    Raises:
        Failure: a run cannot be read, or the report cannot be written; then none of it is.
    """
    gathered = gather(runs, with_evidence=True)
    declared = declared_contrasts(gathered)
    estimates, analyses = estimate(gathered.trials, declared=declared), analyse(gathered.rows, declared=declared)
    return render_gathered(gathered, estimates, out, analyses, with_figures=with_figures)


def render_gathered(
    gathered: Gathered,
    estimates: Estimates,
    out: Path,
    analyses: Analyses = NOT_ANALYSED,
    *,
    with_figures: bool = False,
) -> ReportPaths:
    """Write the report of what was gathered and estimated already; see `write_report`."""
    return write_report(prepare(gathered, estimates, analyses), out, with_figures=with_figures)


def write_report(
    prepared: Prepared, out: Path, *, with_figures: bool = False, with_messages: bool = False
) -> ReportPaths:
    """Write the report.

    Args:
        prepared: all that is to be told.
        out: the folder.
        with_figures: whether the figures are written by themselves too, as SVG, PNG and PDF.
        with_messages: whether `exposure.csv` is written, a row a step and message that it came after.

    Raises:
        Failure: the report cannot be written; then none of it is.
    """
    others = dict(figure_files(prepared.gathered, prepared.estimates, prepared.analyses)) if with_figures else {}
    if with_messages:
        others["exposure.csv"] = _joined(MESSAGE_COLUMNS, message_lines(prepared.gathered))
    paths = ReportPaths(
        html=out / PAGE_FILE,
        cells_csv=out / "cells.csv",
        rates_csv=out / "rates.csv",
        outcomes_csv=out / "outcomes.csv",
        context_csv=out / "context.csv",
        others=tuple(out / name for name in others),
    )
    parts, columns = prepared.parts, outcome_columns(rules_of(prepared.gathered))
    contents = {
        paths.cells_csv: write_csv(cell_rows(prepared.estimates), CELL_COLUMNS),
        paths.rates_csv: write_csv(step_rows(prepared.estimates), CELL_COLUMNS),
        paths.outcomes_csv: _joined(columns, [part.outcomes for part in parts]),
        paths.context_csv: _joined(CONTEXT_COLUMNS, [part.context for part in parts]),
        paths.html: render_page(prepared),
    }
    write_files(out, {**others, **{path.name: content for path, content in contents.items()}})
    return paths


def _joined(columns: Sequence[str], lines: Sequence[bytes]) -> bytes:
    """A table of lines that are made already."""
    return write_csv([], columns) + b"".join(lines)
