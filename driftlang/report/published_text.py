"""What published counts say, as Markdown.

In: a `PublishedAnalysis` and the name of the file it was made from. Out: one document, equal for equal input.
Refuses to do: a number that counts do not give. Both bounds stand side by side, and so does what the number of runs
rests on.
"""

from collections.abc import Iterable, Sequence

from driftlang.estimate.forms import Mean, Rate
from driftlang.estimate.linear import SignedSum
from driftlang.estimate.published import (
    PRESSED,
    PublishedAnalysis,
    PublishedAsymmetry,
    PublishedCell,
    PublishedEstimate,
)
from driftlang.report.wording import points

_HOW = """\
Counts do not say which run broke which step, so a mean over steps stands between two bounds. *Cautious*: each run
breaks all of its steps or none, so that a cell is worth as many observations as it has runs. *Hopeful*: all steps are
independent, so that it is worth runs times steps. A claim that holds at the cautious bound holds; one that holds at the
hopeful bound alone depends on what was not published.

Intervals are {level} each by itself: of a step Clopper and Pearson's; of a mean the same with an effective number of
observations (Korn and Graubard 1998); of an asymmetry, which is the effect of pressure under the first constraint less
that under the second, the statistic of Price and Bonett (2004), at the cautious bound by enumeration of all outcomes
and the largest P over the rates that satisfy the null, at the hopeful bound by the normal law. Either tests the weak
null: the two effects are equal, whatever the rates are. P is adjusted by Holm over the asymmetries of one scorer."""


def render_published(analysis: PublishedAnalysis, file: str, digest: str) -> str:
    """The document; `digest` is the sha256 of the file."""
    scorers = tuple(dict.fromkeys(one.cell.scorer for one in analysis.estimates))
    parts = [
        "# Published rates, analysed again",
        f"Made by `driftlang published {file}` from sha256 {digest}; do not edit, make it again.",
        _HOW.format(level=f"{100 * analysis.level:.0f} %"),
        _basis([one.cell for one in analysis.estimates]),
    ]
    for scorer in scorers:
        parts += [f"## Scored by {_cell_text(scorer)}", *_of_scorer(analysis, scorer)]
    return "\n\n".join(parts) + "\n"


def survivors_sentence(analysis: PublishedAnalysis, scorer: str) -> str:
    """Which asymmetries of a scorer survive, at either bound."""
    of_scorer = [one for one in analysis.asymmetries if one.scorer == scorer]
    if not of_scorer:
        return f"No asymmetry is published with all of its four cells for {scorer}."
    cautious, hopeful = (analysis.survivors(scorer, cautious=bound) for bound in (True, False))
    total = len(of_scorer)
    names = f": {'; '.join(f'{one.pair} by {one.model}' for one in cautious)}" if cautious else ""
    survive = "survives" if len(cautious) == 1 else "survive"
    return (
        f"{len(cautious)} of {total} asymmetries {survive} Holm at the cautious bound{names}. "
        f"At the hopeful bound {len(hopeful)} would."
    )


def _of_scorer(analysis: PublishedAnalysis, scorer: str) -> list[str]:
    estimates = [one for one in analysis.estimates if one.cell.scorer == scorer]
    asymmetries = [one for one in analysis.asymmetries if one.scorer == scorer]
    survivors = analysis.survivors(scorer)
    parts = [survivors_sentence(analysis, scorer)]
    if asymmetries:
        parts += [
            "### Asymmetries, in points",
            _table(_ASYMMETRY, (_asymmetry_row(one, is_bold=one in survivors) for one in asymmetries)),
        ]
    parts += ["### Cells: mean over steps, in percent", _table(_CELL, map(_cell_row, estimates))]
    steps = max(len(one.by_step) for one in estimates)
    header = ("constraint", "pressure", "model", *(str(step) for step in range(1, steps + 1)))
    rows = ((*_names(one.cell), *_step_texts(one), *[""] * (steps - len(one.by_step))) for one in estimates)
    parts += [
        "### Steps: runs that broke, with the exact interval in percent",
        _table(header, rows),
        "`*`: the number of runs was recovered from the fraction; else it is assumed.",
    ]
    return parts


_ASYMMETRY = ("pair", "model", "effects", "asymmetry", "cautious", "P", "adjusted", "hopeful", "P", "adjusted")
_CELL = ("constraint", "pressure", "model", "mean", "runs", "cautious", "observations", "hopeful", "runs recovered")


def _asymmetry_row(one: PublishedAsymmetry, *, is_bold: bool) -> tuple[str, ...]:
    first, bare_first, second, bare_second = one.means
    bold = "**" if is_bold else ""
    return (
        f"{bold}{one.pair}{bold}",
        one.model,
        f"{points(first - bare_first)}; {points(second - bare_second)}",
        points(one.cautious.value),
        _span(one.cautious),
        p_text(one.cautious.p_value),
        f"{bold}{p_text(one.cautious_adjusted)}{bold}",
        _span(one.hopeful),
        p_text(one.hopeful.p_value),
        p_text(one.hopeful_adjusted),
    )


def _cell_row(one: PublishedEstimate) -> tuple[str, ...]:
    recovered = f"{one.cell.recovered_steps} of {len(one.cell.steps)} steps" if one.cell.recovered_steps else ""
    hopeful = (str(one.cell.observations), _limits(one.hopeful))
    cautious = (str(one.cell.runs), _limits(one.cautious))
    return (*_names(one.cell), f"{100 * one.cell.mean:.1f}", *cautious, *hopeful, recovered)


def _names(cell: PublishedCell) -> tuple[str, ...]:
    return (cell.favors, f"toward {cell.against}" if cell.arm == PRESSED else cell.arm, cell.model)


def _step_texts(one: PublishedEstimate) -> list[str]:
    return [
        f"{rate.count}/{rate.of}{'*' if step.is_recovered else ''} ({100 * rate.low:.0f} to {100 * rate.high:.0f})"
        for step, rate in zip(one.cell.steps, one.by_step, strict=True)
    ]


def _basis(cells: Sequence[PublishedCell]) -> str:
    steps = [step for cell in cells for step in cell.steps]
    recovered = sum(step.is_recovered for step in steps)
    return (
        f"The numbers of runs: {recovered} of {len(steps)} were recovered from the published fraction, the others are "
        "assumed, since a rate such as 0, one half or 1 fits fewer runs as well. With fewer, intervals are wider than "
        "these. At the cautious bound a cell has the fewest runs that any of its steps was scored on."
    )


def p_text(p_value: float) -> str:
    """A p-value, short."""
    return "under 0.0001" if p_value < 0.0001 else f"{p_value:.4f}"


def _span(found: SignedSum) -> str:
    return f"{points(found.low)} to {points(found.high)}"


def _limits(found: Mean | Rate) -> str:
    return f"{100 * found.low:.1f} to {100 * found.high:.1f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell_text(text) for text in line)} |" for line in lines)


def _cell_text(text: str) -> str:
    """A text that stays in its cell, whatever a published name holds."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
