"""SVG: a scene as text.

In: a `Scene`. Out: an element for the page, whose colours are the page's CSS variables, or a file that stands alone.
Refuses to do: trusting a text; all of them are escaped. No script, no style, no address outside the page.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from driftlang.report.drawing.scene import Area, Dot, Label, Letters, Line, Link, Mark, Point, Scene, Squares
from driftlang.report.palette import LIGHT

_FONT = "system-ui,-apple-system,'Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif"
#: Gives the paint of an ink.
_Paint = Callable[[str], str]


def inline_svg(scene: Scene, identity: str) -> str:
    """The scene as an element of the page; `identity` is unique there."""
    head = (
        f'<svg viewBox="0 0 {_short(scene.width)} {_short(scene.height)}" width="{_short(scene.width)}" '
        f'height="{_short(scene.height)}" role="img" aria-labelledby="{identity}-t {identity}-d">'
        f'<title id="{identity}-t">{escape(scene.title)}</title>'
        f'<desc id="{identity}-d">{escape(scene.description)}</desc>'
    )
    return head + _draw(scene.marks, lambda ink: f"var(--{ink})", "") + "</svg>"


def svg_file(scene: Scene, page: str, inks: Mapping[str, str] = LIGHT) -> bytes:
    """The scene as a file: links lead to `page`, colours are those of a theme, the ground is its paper."""
    size = f"{_short(scene.width)} {_short(scene.height)}"
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_short(scene.width)}" '
        f'height="{_short(scene.height)}" font-family="{_FONT}" role="img">\n'
        f"<title>{escape(scene.title)}</title>\n<desc>{escape(scene.description)}</desc>\n"
        f'<rect width="100%" height="100%" fill="{inks["paper"]}"/>\n'
        f"{_draw(scene.marks, inks.__getitem__, page)}\n</svg>\n"
    )
    return text.encode("utf-8", "replace")


def _draw(marks: Sequence[Mark], paint: _Paint, page: str) -> str:
    return "".join(_WRITERS[type(mark)](mark, paint, page) for mark in marks)


def _line(mark: Line, paint: _Paint, _page: str) -> str:
    dash = f' stroke-dasharray="{" ".join(map(_short, mark.dash))}"' if mark.dash else ""
    faint = f' opacity="{_short(mark.opacity, 2)}"' if mark.opacity < 1 else ""
    return (
        f'<path d="{_path(mark.points)}" fill="none" stroke="{paint(mark.ink)}" stroke-width="{_short(mark.width)}" '
        f'stroke-linejoin="round"{dash}{faint}/>'
    )


def _area(mark: Area, paint: _Paint, _page: str) -> str:
    faint = f' opacity="{_short(mark.opacity, 2)}"' if mark.opacity < 1 else ""
    return f'<path d="{_path(mark.points)}Z" fill="{paint(mark.ink)}"{faint}/>'


def _squares(mark: Squares, paint: _Paint, _page: str) -> str:
    side, tall = _short(mark.side), _short(mark.tall)
    path = "".join(f"M{_short(x)} {_short(y)}h{side}v{tall}h-{side}z" for x, y in mark.corners)
    return f'<path d="{path}" fill="{paint(mark.ink)}"/>'


def _dot(mark: Dot, paint: _Paint, _page: str) -> str:
    (x, y), half = mark.at, mark.size / 2
    fill = paint(mark.ink)
    if mark.shape == "circle":
        return f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(half)}" fill="{fill}"/>'
    return f'<path d="{_path(outline(mark))}Z" fill="{fill}"/>'


def outline(mark: Dot) -> tuple[Point, ...]:
    """The corners of a dot that is no circle."""
    (x, y), half = mark.at, mark.size / 2
    corners = {
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "triangle": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "wedge": ((0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
    }[mark.shape]
    return tuple((x + half * across, y + half * down) for across, down in corners)


def _label(mark: Label, paint: _Paint, _page: str) -> str:
    x, y = map(_short, mark.at)
    turned = f' transform="rotate(-90 {x} {y})"' if mark.is_turned else ""
    bold = ' font-weight="600"' if mark.is_bold else ""
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{_short(mark.size)}" fill="{paint(mark.ink)}"{anchor}{bold}{turned}>'
        f"{escape(mark.text)}</text>"
    )


def _letters(mark: Letters, paint: _Paint, _page: str) -> str:
    xs = " ".join(map(_short, mark.xs))
    return (
        f'<text x="{xs}" y="{_short(mark.y)}" font-size="{_short(mark.size)}" fill="{paint(mark.ink)}" '
        f'text-anchor="middle">{escape(mark.text)}</text>'
    )


def _link(mark: Link, paint: _Paint, page: str) -> str:
    inner = _draw(mark.marks, paint, page)
    # Keyboards and readers' aids find the same links in the table behind the figure, one after the other.
    return (
        f'<a href="{escape(page)}#{escape(mark.address)}" tabindex="-1"><title>{escape(mark.title)}</title>{inner}</a>'
    )


_WRITERS: Mapping[type, Callable[..., str]] = {
    Line: _line,
    Area: _area,
    Squares: _squares,
    Dot: _dot,
    Label: _label,
    Letters: _letters,
    Link: _link,
}


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _short(value: float, digits: int = 1) -> str:
    """A number of pixels without a needless zero."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
