"""Figures as bytes: the same figure as PNG and SVG, equal for equal input.

In: a function that draws. Out: `Picture`.
Refuses to do: a window, a global state of matplotlib, a date in the file.
"""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from attrs import frozen

from driftlang.report.palette import STYLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 150


@frozen
class Picture:
    """One figure in both forms."""

    png: bytes
    svg: bytes


def picture(draw: "Callable[[], Figure]") -> Picture:
    """What `draw` draws, under the style of the report."""
    # A home folder that cannot be written makes matplotlib say so on standard error; it changes nothing here.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib import rc_context

    with rc_context(STYLE):
        figure = draw()
        png, svg = BytesIO(), BytesIO()
        figure.savefig(png, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(png.getvalue(), svg.getvalue())
