"""Figures as PNG and PDF, for papers and slides.

In: a `Scene`. Out: the bytes of a file, equal for equal input.
Refuses to do: anything at the page's expense. matplotlib is loaded here alone, when such files are asked for; it draws
the marks of the scene and decides nothing.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from driftlang.report.drawing.scene import Area, Dot, Label, Letters, Line, Link, Mark, Scene, Squares
from driftlang.report.drawing.svg import outline
from driftlang.report.palette import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Pixels of a scene in an inch, as in CSS, and points in a pixel.
_PIXELS, _POINTS = 96, 0.75
_DOTS_PER_INCH = 192
#: Fonts that ship with matplotlib, and fonts in a PDF that other programs can edit.
_STYLE: Any = {  # matplotlib types the keys as one literal of all its settings
    "font.family": "DejaVu Sans",
    "pdf.fonttype": 42,
    "path.simplify": False,
}
#: What matplotlib would write of the day and of itself.
_METADATA = {"png": {"Software": None}, "pdf": {"CreationDate": None, "Producer": None, "Creator": None}}


def draw_file(scene: Scene, kind: str) -> bytes:
    """The scene as a file of `kind`, `png` or `pdf`."""
    # A home folder that cannot be written makes matplotlib say so on standard error; it changes nothing here.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=(scene.width / _PIXELS, scene.height / _PIXELS), facecolor=LIGHT["paper"])
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, scene.width)
        axes.set_ylim(scene.height, 0)
        _draw(axes, scene.marks)
        content = BytesIO()
        figure.savefig(content, format=kind, dpi=_DOTS_PER_INCH, metadata=_METADATA[kind])
    return content.getvalue()


def _draw(axes: "Axes", marks: Sequence[Mark]) -> None:
    for order, mark in enumerate(marks):
        _DRAWERS[type(mark)](axes, mark, order)


def _line(axes: "Axes", mark: Line, order: int) -> None:
    xs, ys = zip(*mark.points, strict=True)
    width = mark.width * _POINTS
    dash: Any = (0, tuple(length * _POINTS / width for length in mark.dash)) if mark.dash else "-"
    axes.plot(xs, ys, color=LIGHT[mark.ink], linewidth=width, linestyle=dash, alpha=mark.opacity, zorder=order)


def _area(axes: "Axes", mark: Area, order: int) -> None:
    xs, ys = zip(*mark.points, strict=True)
    axes.fill(xs, ys, color=LIGHT[mark.ink], alpha=mark.opacity, linewidth=0, zorder=order)


def _squares(axes: "Axes", mark: Squares, order: int) -> None:
    from matplotlib.collections import PolyCollection

    side, tall = mark.side, mark.tall
    corners = [[(x, y), (x + side, y), (x + side, y + tall), (x, y + tall)] for x, y in mark.corners]
    axes.add_collection(PolyCollection(corners, facecolors=LIGHT[mark.ink], linewidths=0, zorder=order), autolim=False)


def _dot(axes: "Axes", mark: Dot, order: int) -> None:
    from matplotlib.patches import Circle, Polygon

    ink = LIGHT[mark.ink]
    if mark.shape == "circle":
        axes.add_patch(Circle(mark.at, mark.size / 2, facecolor=ink, linewidth=0, zorder=order))
    else:
        axes.add_patch(Polygon(outline(mark), facecolor=ink, linewidth=0, zorder=order))


def _label(axes: "Axes", mark: Label, order: int) -> None:
    _text(axes, mark.at, _plain(mark.text), order, mark)


def _letters(axes: "Axes", mark: Letters, order: int) -> None:
    """One collection a letter: hundreds of texts one by one would take most of the time."""
    from matplotlib.collections import PathCollection
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    for letter in sorted(set(mark.text)):
        glyph = TextPath((0, 0), letter, size=mark.size)
        box = glyph.get_extents()
        drawn = Affine2D().translate(-(box.x0 + box.x1) / 2, 0).scale(1, -1).transform_path(glyph)
        places = [(x, mark.y) for x, other in zip(mark.xs, mark.text, strict=True) if other == letter]
        paths = [drawn.transformed(Affine2D().translate(*place)) for place in places]
        axes.add_collection(PathCollection(paths, facecolors=LIGHT[mark.ink], linewidths=0, zorder=order))


def _text(axes: "Axes", at: tuple[float, float], text: str, order: int, mark: Label) -> None:
    axes.text(
        *at,
        text,
        color=LIGHT[mark.ink],
        size=mark.size * _POINTS,
        ha={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        va="baseline",
        weight="semibold" if mark.is_bold else "normal",
        rotation=90 if mark.is_turned else 0,
        zorder=order,
        parse_math=False,
    )


def _plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _link(axes: "Axes", mark: Link, order: int) -> None:
    for inner in mark.marks:
        _DRAWERS[type(inner)](axes, inner, order)


_DRAWERS: Mapping[type, Callable[["Axes", Any, int], None]] = {
    Line: _line,
    Area: _area,
    Squares: _squares,
    Dot: _dot,
    Label: _label,
    Letters: _letters,
    Link: _link,
}
