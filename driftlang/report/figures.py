"""Figures by themselves: the scenes of the page as SVG, PNG and PDF.

In: what was gathered and estimated. Out: file names with their bytes, equal for equal input.
Refuses to do: other figures than those of the page; each is laid out from the very panels that stand there.
"""

from collections.abc import Mapping

from driftlang.estimate.analysis_forms import Analyses
from driftlang.estimate.forms import Estimates
from driftlang.report.curve import curve_rows
from driftlang.report.dose_curve import dose_rows
from driftlang.report.drawing.files import draw_file
from driftlang.report.drawing.scene import Scene
from driftlang.report.drawing.sheet import lay_out
from driftlang.report.drawing.svg import svg_file
from driftlang.report.forest import forest_sheet, plant_forest
from driftlang.report.forms import Gathered
from driftlang.report.heatmap import heat_panels
from driftlang.report.index import cell_anchors, step_links
from driftlang.report.layout import Row, arrange
from driftlang.report.survival_curve import survival_rows
from driftlang.report.wording import LETTERS, percent

_PAGE = "report.html"


def figure_files(gathered: Gathered, estimates: Estimates, analyses: Analyses) -> Mapping[str, bytes]:
    """Each figure in the three forms."""
    found: dict[str, bytes] = {}
    for name, scene in figure_scenes(gathered, estimates, analyses).items():
        found[f"{name}.svg"] = svg_file(scene, _PAGE)
        found[f"{name}.png"] = draw_file(scene, "png")
        found[f"{name}.pdf"] = draw_file(scene, "pdf")
    return found


def figure_scenes(gathered: Gathered, estimates: Estimates, analyses: Analyses) -> Mapping[str, Scene]:
    """The figures by name."""
    level = percent(estimates.level)
    rows = arrange([cell.cell for cell in estimates.cells])
    curves = [panel for row in curve_rows(estimates, step_links(estimates)) for panel in row]
    heat = [panel.scene for panel in heat_panels(gathered.trials, cell_anchors(estimates))]
    columns = max((len(row.panels) for row in rows), default=1)
    scenes = {
        "curve": lay_out(
            "Exercised steps that broke the constraint",
            " ".join(panel.description for panel in curves),
            curves,
            columns,
            f"Bands are exact {level} intervals of each step; dashed is the share of all steps, where it differs.",
        ),
        "heatmap": lay_out(
            "How each step of each run ended",
            " ".join(panel.description for panel in heat),
            heat,
            min(4, max(1, max((_cells(row) for row in rows), default=1))),
            ", ".join(f"{letter} {outcome.value}" for outcome, letter in LETTERS.items()),
        ),
    }
    anchors = cell_anchors(estimates)
    for name, title, panels in (
        ("survival", "Runs that have broken nothing so far", survival_rows(analyses.survivals, anchors)),
        ("dose", "Breaks by messages read (descriptive)", dose_rows(analyses.doses, anchors)),
    ):
        if panels:
            shown = [panel for row in panels for panel in row]
            words = " ".join(panel.description for panel in shown)
            scenes[name] = lay_out(title, words, shown, max(map(len, panels)), f"With {level} intervals.")
    labels = {cell: row.label for row in rows for panel in row.panels for cell in panel.cells}
    forest = plant_forest(estimates, labels)
    if forest.rows:
        scenes["forest"] = forest_sheet(forest, "What pressure adds", f"Percentage points, {level} intervals.")
    return scenes


def _cells(row: Row) -> int:
    return sum(len(panel.cells) for panel in row.panels)
