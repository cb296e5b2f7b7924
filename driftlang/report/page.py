"""The page: one HTML file that needs nothing else.

In: what was gathered and estimated, and the drift curve as SVG. Out: the page's bytes.
Refuses to do: trusting a text. Everything of an agent, a repository or a plan is escaped by the template engine, and a
content policy in the page forbids every request. It reads without scripts.

The lists behind numbers are filtered by the address alone: `#cell-3-broken` shows the broken steps of the third cell
(CSS `:target`).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files

from attrs import frozen

from driftlang import __version__
from driftlang.estimate.forms import CellEstimate, CellKey, Estimates, StepRate
from driftlang.report import wording
from driftlang.report.exposures import own_messages, view_exposures
from driftlang.report.forms import Gathered, StepDetail, TrialDetail
from driftlang.report.headline import describe
from driftlang.report.layout import Row, arrange
from driftlang.report.methods import explain
from driftlang.report.notes import notes_on
from driftlang.report.palette import FAINT_INK, GRID, INK, OUTCOME_COLOURS, PAPER, arm_colour
from driftlang.score.forms import Hit, Outcome

#: The page's file name, which links in the figures name.
PAGE_FILE = "report.html"
_TEMPLATES = files("driftlang.report") / "templates"
#: Lists behind the numbers of a cell, beside one for each step.
_FILTERS = (*(outcome.value for outcome in Outcome), "exercised", "scored", "other")
_DIFF_MARKS = {"file": "", "place": "", "note": "", "added": "+ ", "removed": "- ", "same": "  "}


@frozen
class _CellView:
    """One cell as the page shows it. `anchor` begins every address of it; `by_step` is by step, then run."""

    anchor: str
    row: str
    is_first: bool
    estimate: CellEstimate
    counts: Mapping[str, int]
    other: int
    trials: tuple[TrialDetail, ...]
    steps: tuple[StepRate, ...]
    by_step: tuple[tuple[TrialDetail, StepDetail], ...]


def step_links(estimates: Estimates) -> Mapping[tuple[CellKey, int], str]:
    """For each cell and step, the address of its steps on the page."""
    anchors = _anchors(estimates)
    return {
        (rate.cell, rate.position): f"{PAGE_FILE}#{anchors[rate.cell]}-step-{rate.position}" for rate in estimates.steps
    }


def render_page(gathered: Gathered, estimates: Estimates, curve: bytes) -> bytes:
    """The page as UTF-8.

    Args:
        gathered: runs, trials and what there is to show of them.
        estimates: of the same trials.
        curve: the drift curve as SVG, drawn with `step_links`.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("driftlang.report"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    rows = arrange([cell.cell for cell in estimates.cells])
    views = _views(gathered, estimates, rows)
    text = environment.get_template("page.html.j2").render(
        **_WORDS,
        version=__version__,
        title="Drift report: " + ", ".join(dict.fromkeys(run.study for run in gathered.runs)),
        style=Markup(_style()),  # noqa: S704 - our own file
        script=Markup((_TEMPLATES / "script.js").read_text("utf-8")),  # noqa: S704 - our own file
        curve=Markup(_inline(curve)),  # noqa: S704 - drawn by us; its texts are outlines
        positions=sorted({rate.position for rate in estimates.steps}),
        gathered=gathered,
        estimates=estimates,
        findings=describe(estimates),
        notes=notes_on(gathered, estimates),
        level=wording.percent(estimates.level),
        rows=rows,
        cells=views,
        exposures=view_exposures(gathered, [view.estimate.cell for view in views]),
        view_of={view.estimate.cell: view for view in views},
        row_of={view.estimate.cell: view.row for view in views},
        anchor_of={view.estimate.cell: view.anchor for view in views},
        filters=_FILTERS,
        methods=explain(gathered, estimates),
    )
    return text.encode("utf-8", "replace")


def _anchors(estimates: Estimates) -> Mapping[CellKey, str]:
    return {cell.cell: f"cell-{number}" for number, cell in enumerate(estimates.cells, 1)}


def _views(gathered: Gathered, estimates: Estimates, rows: tuple[Row, ...]) -> list[_CellView]:
    anchors = _anchors(estimates)
    found = {cell.cell: cell for cell in estimates.cells}
    trials: dict[CellKey, list[TrialDetail]] = {key: [] for key in anchors}
    steps: dict[CellKey, list[StepRate]] = {key: [] for key in anchors}
    for trial in gathered.details:
        trials[trial.cell].append(trial)
    for rate in estimates.steps:
        steps[rate.cell].append(rate)
    views = []
    for row in rows:
        for number, key in enumerate(cell for panel in row.panels for cell in panel.cells):
            ordered = sorted(trials[key], key=lambda trial: trial.run)
            views.append(_view(anchors[key], (row.label, number == 0), found[key], ordered, steps[key]))
    return views


def _view(
    anchor: str, place: tuple[str, bool], cell: CellEstimate, trials: list[TrialDetail], steps: list[StepRate]
) -> _CellView:
    pairs = [(trial, step) for trial in trials for step in trial.steps]
    return _CellView(
        anchor=anchor,
        row=place[0],
        is_first=place[1],
        estimate=cell,
        counts={outcome.value: number for outcome, number in cell.counts.items()},
        other=cell.steps - cell.exercised - cell.counts[Outcome.ERROR],
        trials=tuple(trials),
        steps=tuple(steps),
        by_step=tuple(sorted(pairs, key=lambda pair: (pair[1].outcome.position, pair[0].run))),
    )


def _style() -> str:
    """The style sheet, with a rule for each outcome: its colours, and the list that it filters."""
    rules = [(_TEMPLATES / "style.css").read_text("utf-8")]
    for outcome, (background, letter) in OUTCOME_COLOURS.items():
        name = outcome.value
        rules.append(f".chip.{name} {{ background: {background}; color: {letter} }}")
        rules.append(f".f-{name}:target ~ .scroll tr.e:not(.o-{name}) {{ display: none }}")
        rules.append(f'.f-{name}:target ~ .shown::before {{ content: "Only steps that ended {name}." }}')
    return "\n".join(rules)


def _inline(svg: bytes) -> str:
    """An SVG file as an element of the page: no prologue, the page's inks, links within the page."""
    text = svg.decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    text = text.replace(f'xlink:href="{PAGE_FILE}#', 'xlink:href="#')
    for colour, name in ((INK, "var(--ink)"), (FAINT_INK, "var(--faint)"), (GRID, "var(--line)"), (PAPER, "none")):
        text = text.replace(f": {colour}", f": {name}")
    return text


def _evidence(hit: Hit) -> str:
    place = f" {hit.path}" + (f":{hit.line}" if hit.line else "") if hit.path else ""
    return f"{hit.pattern}{place}: {hit.text}"


def _when(started: float) -> str:
    """Seconds since the epoch as a date, UTC."""
    return datetime.fromtimestamp(started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


#: Functions and tables that the templates use.
_WORDS = {
    "count": wording.count,
    "value_of": wording.value_of,
    "limits_of": wording.limits_of,
    "difference_value": wording.difference_value,
    "difference_limits": wording.difference_limits,
    "letters": wording.LETTERS,
    "meanings": wording.MEANINGS,
    "arm_colour": arm_colour,
    "evidence": _evidence,
    "own_messages": own_messages,
    "share": lambda number, of: wording.percent(number / of),
    "when": _when,
    "marks": _DIFF_MARKS,
    "trial_anchor": lambda trial: f"trial-{re.sub('[^0-9A-Za-z]', '', trial.trial)}",
}
