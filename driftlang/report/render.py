"""Rendering: from runs to a folder with the page, the figures and the tables.

In: run folders and an output folder. Out: `ReportPaths`.
Refuses to do: two truths. Page, figures, tables and terminal all show one `Estimates`.
"""

from collections.abc import Sequence
from pathlib import Path

from driftlang.estimate.forms import Estimates
from driftlang.estimate.rates import estimate
from driftlang.report.curve import draw_curve
from driftlang.report.exposures import CONTEXT_COLUMNS, MESSAGE_COLUMNS, context_rows, message_rows
from driftlang.report.figures import picture
from driftlang.report.forms import Gathered, ReportPaths
from driftlang.report.gather import gather
from driftlang.report.heatmap import draw_heatmap
from driftlang.report.notes import declared_contrasts
from driftlang.report.page import PAGE_FILE, render_page, step_links
from driftlang.report.tables import CELL_COLUMNS, cell_rows, outcome_rows, step_rows, write_csv
from driftlang.report.write import write_files


def render_report(runs: Sequence[Path], out: Path) -> ReportPaths:
    """Read, score, estimate and write a report of `runs` into `out`.

    Raises:
        Failure: a run cannot be read, or the report cannot be written; then none of it is.
    """
    gathered = gather(runs, with_evidence=True)
    return render_gathered(gathered, estimate(gathered.trials, declared=declared_contrasts(gathered)), out)


def render_gathered(gathered: Gathered, estimates: Estimates, out: Path) -> ReportPaths:
    """Write the report of what was gathered and estimated already.

    Raises:
        Failure: the report cannot be written; then none of it is.
    """
    curve = picture(lambda: draw_curve(estimates, step_links(estimates)))
    heatmap = picture(lambda: draw_heatmap(gathered.trials))
    paths = ReportPaths(
        html=out / PAGE_FILE,
        curve_png=out / "curve.png",
        curve_svg=out / "curve.svg",
        heatmap_png=out / "heatmap.png",
        heatmap_svg=out / "heatmap.svg",
        cells_csv=out / "cells.csv",
        rates_csv=out / "rates.csv",
        outcomes_csv=out / "outcomes.csv",
        exposure_csv=out / "exposure.csv",
        context_csv=out / "context.csv",
    )
    contents = {
        paths.curve_png: curve.png,
        paths.curve_svg: curve.svg,
        paths.heatmap_png: heatmap.png,
        paths.heatmap_svg: heatmap.svg,
        paths.cells_csv: write_csv(cell_rows(estimates), CELL_COLUMNS),
        paths.rates_csv: write_csv(step_rows(estimates), CELL_COLUMNS),
        paths.outcomes_csv: write_csv(outcome_rows(gathered), CELL_COLUMNS),
        paths.exposure_csv: write_csv(message_rows(gathered), MESSAGE_COLUMNS),
        paths.context_csv: write_csv(context_rows(gathered), CONTEXT_COLUMNS),
        paths.html: render_page(gathered, estimates, curve.svg),
    }
    write_files(out, {path.name: content for path, content in contents.items()})
    return paths
