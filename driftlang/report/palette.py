"""Colours and fonts of all figures and of the page.

In: an arm or an outcome. Out: its colour, the same everywhere.
Refuses to do: telling anything by colour alone; arms have markers and names, outcomes have letters.

The colours are those of Okabe and Ito 2008 ("Color Universal Design"), which readers of every kind of colour vision
tell apart, and tints of them.
"""

from typing import Any

from driftlang.score.forms import Outcome

ARM_COLOURS = {
    "opposing": "#d55e00",
    "supporting": "#009e73",
    "unrelated": "#cc79a7",
    "placebo": "#0072b2",
    "bare": "#767c85",
}
ARM_MARKERS = {"opposing": "o", "supporting": "^", "unrelated": "D", "placebo": "s", "bare": "v"}
#: An arm that this version does not know.
OTHER_ARM = "#767c85"

#: Background and letter of an outcome's cell.
OUTCOME_COLOURS = {
    Outcome.KEPT: ("#b9d9ee", "#0b3a57"),
    Outcome.BROKEN: ("#d55e00", "#ffffff"),
    Outcome.HEDGED: ("#f2d34b", "#473a00"),
    Outcome.ASKED: ("#e3b7d0", "#5a1f42"),
    Outcome.REFUSED: ("#9a4a7c", "#ffffff"),
    Outcome.EARLY: ("#a9dcc9", "#064a37"),
    Outcome.UNDONE: ("#eceef1", "#5b626c"),
    Outcome.OMITTED: ("#c9ced6", "#343a42"),
    Outcome.ERROR: ("#343a42", "#ffffff"),
}

#: Inks of figures; the page swaps them for its own, so that a figure is readable in dark and light.
INK = "#1b1f24"
FAINT_INK = "#5b626c"
GRID = "#dfe3e8"
PAPER = "#ffffff"

#: Settings of every figure: fonts that ship with matplotlib, and ids in SVG that do not vary.
STYLE: Any = {  # matplotlib types the keys as one literal of all its settings
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "svg.hashsalt": "driftlang",
    "svg.fonttype": "path",
    "axes.edgecolor": FAINT_INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": FAINT_INK,
    "ytick.color": FAINT_INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
}


def arm_colour(arm: str) -> str:
    """The colour of an arm."""
    return ARM_COLOURS.get(arm, OTHER_ARM)
