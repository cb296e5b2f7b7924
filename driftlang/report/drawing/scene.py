"""Scenes: what a figure shows, in pixels from its top left corner, before anything is drawn.

In: nothing; this module defines. Out: `Scene` and its marks, which `svg.py` writes for the page and `files.py` draws as
PNG and PDF, so that a figure is the same in every form.
Inks are names of `palette.py`, never colours: a page changes its theme without drawing anew.
"""

from attrs import frozen

#: x to the right, y down.
Point = tuple[float, float]
#: Shapes of a `Dot`.
SHAPES = ("circle", "square", "triangle", "diamond", "wedge")


@frozen
class Line:
    """A line through points. `dash` alternates lengths drawn and left out; empty for a solid line."""

    points: tuple[Point, ...]
    ink: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@frozen
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    ink: str
    opacity: float = 1.0


@frozen
class Squares:
    """Many squares of one ink, each by its top left corner."""

    corners: tuple[Point, ...]
    side: float
    ink: str
    height: float = 0.0

    @property
    def tall(self) -> float:
        """The height: the side where no other is given."""
        return self.height or self.side


@frozen
class Dot:
    """A point of one of `SHAPES`; `size` is its width."""

    at: Point
    size: float
    shape: str
    ink: str


@frozen
class Label:
    """A text on one line. `anchor` is `start`, `middle` or `end`; `at` is on the base line. `is_turned`: upwards."""

    at: Point
    text: str
    ink: str
    size: float = 11.0
    anchor: str = "start"
    is_bold: bool = False
    is_turned: bool = False


@frozen
class Letters:
    """One letter at each place, its middle at x, on one base line."""

    xs: tuple[float, ...]
    y: float
    text: str
    ink: str
    size: float


@frozen
class Link:
    """Marks that lead to an address on the page; `title` says in words what is there."""

    address: str
    title: str
    marks: tuple["Line | Area | Squares | Dot | Label | Letters", ...]


Mark = Line | Area | Squares | Dot | Label | Letters | Link


@frozen
class Scene:
    """A figure, or a panel of one.

    Attributes:
        title: what it is, in few words.
        description: what it shows, in sentences, for those who do not see it.
        caption: lines above it: on the page they stand in its text, in a file they are drawn.
    """

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]
    caption: tuple[str, ...] = ()
