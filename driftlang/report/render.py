"""Rendering: from runs to a folder with the page, the tables and, where asked for, the figures.

In: run folders and an output folder. Out: `ReportPaths`.
Refuses to do: two truths. Page, figures, tables and terminal all show one `Estimates`.
"""

from collections.abc import Sequence
from pathlib import Path

from driftlang.estimate.analysis_forms import Analyses
from driftlang.estimate.forms import Estimates
from driftlang.estimate.rates import LEVEL, estimate
from driftlang.report.exposures import CONTEXT_COLUMNS, MESSAGE_COLUMNS, context_rows, message_rows
from driftlang.report.figures import figure_files
from driftlang.report.forms import Gathered, ReportPaths
from driftlang.report.gather import gather
from driftlang.report.notes import declared_contrasts
from driftlang.report.page import PAGE_FILE, render_page
from driftlang.report.tables import CELL_COLUMNS, cell_rows, outcome_rows, step_rows, write_csv
from driftlang.report.write import write_files

#: Where nobody asked for secondary analyses.
NOT_ANALYSED = Analyses(LEVEL)


def render_report(runs: Sequence[Path], out: Path, *, with_figures: bool = False) -> ReportPaths:
    """Read, score, estimate and write a report of `runs` into `out`.

    Raises:
        Failure: a run cannot be read, or the report cannot be written; then none of it is.
    """
    gathered = gather(runs, with_evidence=True)
    estimates = estimate(gathered.trials, declared=declared_contrasts(gathered))
    return render_gathered(gathered, estimates, out, with_figures=with_figures)


def render_gathered(
    gathered: Gathered,
    estimates: Estimates,
    out: Path,
    analyses: Analyses = NOT_ANALYSED,
    *,
    with_figures: bool = False,
) -> ReportPaths:
    """Write the report of what was gathered and estimated already.

    Args:
        gathered: what was read.
        estimates: of its trials.
        out: the folder.
        analyses: the secondary ones of its rows.
        with_figures: whether the figures are written by themselves too, as SVG, PNG and PDF.

    Raises:
        Failure: the report cannot be written; then none of it is.
    """
    figures = figure_files(gathered, estimates, analyses) if with_figures else {}
    paths = ReportPaths(
        html=out / PAGE_FILE,
        cells_csv=out / "cells.csv",
        rates_csv=out / "rates.csv",
        outcomes_csv=out / "outcomes.csv",
        exposure_csv=out / "exposure.csv",
        context_csv=out / "context.csv",
        figures=tuple(out / name for name in figures),
    )
    contents = {
        paths.cells_csv: write_csv(cell_rows(estimates), CELL_COLUMNS),
        paths.rates_csv: write_csv(step_rows(estimates), CELL_COLUMNS),
        paths.outcomes_csv: write_csv(outcome_rows(gathered), CELL_COLUMNS),
        paths.exposure_csv: write_csv(message_rows(gathered), MESSAGE_COLUMNS),
        paths.context_csv: write_csv(context_rows(gathered), CONTEXT_COLUMNS),
        paths.html: render_page(gathered, estimates, analyses),
    }
    write_files(out, {**figures, **{path.name: content for path, content in contents.items()}})
    return paths
