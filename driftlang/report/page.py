"""The page: one HTML file that needs nothing else.

In: what was gathered and estimated. Out: the page's bytes.
Refuses to do: trusting a text. What stands in the markup is escaped by the template engine; what the script shows is
data, put in as text. The page's own policy names the one script and the one style that may work, by their digests, and
forbids every request. It reads without scripts, but for the trials behind the numbers.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from itertools import groupby

from attrs import frozen

from driftlang import __version__
from driftlang.estimate.analysis_forms import Analyses
from driftlang.estimate.forms import CellEstimate, CellKey, Estimates, StepRate
from driftlang.judge.forms import Intent
from driftlang.report import wording
from driftlang.report.answer import answer
from driftlang.report.curve import curve_rows
from driftlang.report.dose_curve import dose_rows
from driftlang.report.drawing.svg import inline_svg
from driftlang.report.exclusions import list_exclusions
from driftlang.report.forest import plant_forest
from driftlang.report.headline import describe
from driftlang.report.heatmap import heat_panels
from driftlang.report.index import cell_anchors, index_of, step_links, trial_anchor
from driftlang.report.judged import vote_lines
from driftlang.report.layout import Row, arrange
from driftlang.report.methods import explain
from driftlang.report.notes import notes_on
from driftlang.report.palette import arm_ink, style_sheet
from driftlang.report.prepared import Prepared
from driftlang.report.sensitivity_view import view_sensitivities
from driftlang.report.spending import spending_rows
from driftlang.report.survival_curve import survival_rows
from driftlang.score.forms import Outcome

#: The page's file name, which links in figures name.
PAGE_FILE = "report.html"
_TEMPLATES = files("driftlang.report") / "templates"


@frozen
class _CellView:
    """One cell as the page shows it. `anchor` begins every address of it; `is_first` in its row."""

    anchor: str
    row: str
    is_first: bool
    estimate: CellEstimate
    counts: Mapping[str, int]
    other: int
    steps: tuple[StepRate, ...]


def render_page(prepared: Prepared) -> bytes:
    """The page as UTF-8; sections of secondary analyses are left out where there are none at all."""
    from markupsafe import Markup

    from driftlang.report.templating import page_environment

    style, script = _style(), (_TEMPLATES / "script.js").read_text("utf-8")
    text = (
        page_environment()
        .get_template("page.html.j2")
        .render(
            **_WORDS,
            **_content(prepared, Markup),
            **_secondary(prepared.analyses, prepared.estimates),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script),
        )
    )
    return text.encode("utf-8", "replace")


def _content(prepared: Prepared, markup: type[str]) -> Mapping[str, object]:
    """All that the page tells but for secondary analyses."""
    gathered, estimates = prepared.gathered, prepared.estimates
    rows = arrange([cell.cell for cell in estimates.cells])
    anchors, labels = cell_anchors(estimates), _labels(rows)
    views = _views(estimates, rows, anchors)
    places = {view.estimate.cell: place for place, view in enumerate(views)}
    heat = heat_panels(gathered.trials, anchors)
    packed = [part.evidence for part in prepared.parts]
    curves = curve_rows(estimates, step_links(estimates))
    return {
        "title": "Drift report: " + ", ".join(dict.fromkeys(run.study for run in gathered.runs)),
        "gathered": gathered,
        "estimates": estimates,
        "level": wording.percent(estimates.level),
        "answer": answer(gathered, estimates, packed),
        "findings": describe(estimates),
        "notes": notes_on(gathered, estimates, prepared.exposures),
        "curves": curves,
        "heat": [(label, list(group)) for label, group in groupby(heat, lambda panel: labels[panel.cell])],
        "forest": plant_forest(estimates, labels),
        "svg": lambda scene, identity: markup(inline_svg(scene, identity)),
        "cells": views,
        "anchor_of": anchors,
        "estimate_of": {cell.cell: cell for cell in estimates.cells},
        "label_of": labels,
        "exposures": sorted(prepared.exposures, key=lambda view: places[view.cell]),
        "exclusions": list_exclusions(gathered, estimates, prepared.exposures),
        "spending": spending_rows(gathered),
        "methods": explain(gathered, estimates),
        "judged": prepared.judged,
        "against": prepared.against,
        "intents": list(Intent),
        "votes": markup(vote_lines(gathered, prepared.judged)),
        "index": markup(index_of(gathered, estimates, labels, heat)),
        "evidence": markup(b"\n".join(packed).decode("ascii")),
    }


def _secondary(analyses: Analyses, estimates: Estimates) -> Mapping[str, object]:
    """What the sections on secondary analyses tell."""
    anchors = cell_anchors(estimates)
    tests = [one.log_rank for one in analyses.survival_contrasts if not one.reason]
    return {
        "analyses": analyses,
        "has_analyses": analyses != Analyses(analyses.level),
        "several_studies": len({slope.study for slope in analyses.slopes}) > 1,
        "survival": survival_rows(analyses.survivals, anchors),
        "doses": dose_rows(analyses.doses, anchors),
        "sensitivities": view_sensitivities(analyses, _labels(arrange(list(anchors)))),
        "nulls": list(dict.fromkeys((test.null, test.method, test.family) for test in tests)),
        "recovery_of": {one.cell: one for one in analyses.recoveries if not one.reason},
        "recoding_of": {one.name: one for one in analyses.recodings},
    }


def _labels(rows: Sequence[Row]) -> Mapping[CellKey, str]:
    return {cell: row.label for row in rows for panel in row.panels for cell in panel.cells}


def _views(estimates: Estimates, rows: Sequence[Row], anchors: Mapping[CellKey, str]) -> list[_CellView]:
    found = {cell.cell: cell for cell in estimates.cells}
    steps: dict[CellKey, list[StepRate]] = {key: [] for key in anchors}
    for rate in estimates.steps:
        steps[rate.cell].append(rate)
    views = []
    for row in rows:
        for number, key in enumerate(cell for panel in row.panels for cell in panel.cells):
            cell = found[key]
            counts = {outcome.value: count for outcome, count in cell.counts.items()}
            other = cell.steps - cell.exercised - cell.counts[Outcome.ERROR]
            views.append(_CellView(anchors[key], row.label, number == 0, cell, counts, other, tuple(steps[key])))
    return views


def _style() -> str:
    """The style sheet, with the inks of both themes and the looks of arms and outcomes."""
    outcomes = "".join(f".o-{o.value}{{background:var(--{o.value});color:var(--on-{o.value})}}" for o in Outcome)
    arms = ("opposing", "supporting", "unrelated", "placebo", "bare", "other")
    names = "".join(f".arm-{arm}{{--arm:var(--arm-{arm})}}" for arm in arms)
    return "\n".join((style_sheet(), (_TEMPLATES / "style.css").read_text("utf-8"), outcomes, names, ""))


def _policy(style: str, script: str) -> str:
    """The content policy: nothing from anywhere, but this style and this script."""
    # The template puts a line end before and behind each, which their digests are taken with.
    sources = [b64encode(sha256(f"\n{text}\n".encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{sources[0]}'; script-src 'sha256-{sources[1]}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _when(started: float) -> str:
    """Seconds since the epoch as a date, UTC."""
    return datetime.fromtimestamp(started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


#: Functions and tables that the templates use.
_WORDS = {
    "version": __version__,
    "count": wording.count,
    "value_of": wording.value_of,
    "limits_of": wording.limits_of,
    "difference_value": wording.difference_value,
    "difference_limits": wording.difference_limits,
    "share": wording.share,
    "percents": wording.percent,
    "whole": lambda share: f"{100 * share:.0f}".replace("-", "\u2212"),
    "in_points": wording.in_points,
    "in_percent": wording.in_percent,
    "in_steps": wording.in_steps,
    "signed": lambda number: wording.with_sign(number, 2),
    "p_value": wording.p_value,
    "letters": wording.LETTERS,
    "meanings": wording.MEANINGS,
    "arm_ink": arm_ink,
    "when": _when,
    "trial_anchor": trial_anchor,
}
