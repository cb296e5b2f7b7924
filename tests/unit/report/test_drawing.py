"""Scenes are drawn alike everywhere, in inks that stand out, and with every text escaped."""

import re
import xml.etree.ElementTree as ET

import pytest

from driftlang.report.drawing.files import draw_file
from driftlang.report.drawing.scale import Scale, fitted, spread, step_marks
from driftlang.report.drawing.scene import SHAPES, Area, Dot, Label, Letters, Line, Link, Scene, Squares
from driftlang.report.drawing.sheet import lay_out
from driftlang.report.drawing.svg import inline_svg, svg_file
from driftlang.report.palette import DARK, LIGHT, style_sheet
from driftlang.score.forms import Outcome

HOSTILE = "</svg><script>alert(1)</script>\"'&"
SCENE = Scene(
    100,
    50,
    "A figure",
    "Two lines.",
    (
        Line(((0, 0), (10, 10)), "ink", 2, (2, 1), 0.5),
        Area(((0, 0), (10, 0), (10, 10)), "arm-opposing", 0.2),
        Squares(((0, 0), (5, 0)), 4, "kept"),
        *(Dot((10 * at, 30), 6, shape, "broken") for at, shape in enumerate(SHAPES)),
        Letters((2, 7), 4, "KB", "on-kept", 4),
        Link("cell-1", "its steps", (Label((1, 40), "a < b", "faint", is_turned=True, is_bold=True, anchor="end"),)),
    ),
    ("a panel",),
)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.2, 1.4.3."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_of_texts_stands_out_from_its_ground(theme):
    texts = ["ink", "faint", "link", *(name for name in theme if name.startswith("arm-"))]
    pairs = [(ink, ground) for ink in texts for ground in ("paper", "soft")]
    pairs += [(f"on-{outcome.value}", outcome.value) for outcome in Outcome]
    pairs += [("ink", ground) for ground in ("mark", "added", "removed")]
    assert [pair for pair in pairs if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


def test_broken_and_kept_differ_in_lightness_too():
    assert min(contrast(theme["broken"], theme["kept"]) for theme in (LIGHT, DARK)) > 3


def test_both_themes_have_the_same_inks():
    assert LIGHT.keys() == DARK.keys()
    assert style_sheet().count("--arm-opposing:") == 4


def test_a_scene_on_the_page_has_no_colour_of_its_own():
    text = inline_svg(SCENE, "f")
    assert re.findall(r"#[0-9a-f]{6}", text) == []
    assert 'aria-labelledby="f-t f-d"' in text
    assert 'href="#cell-1"' in text


def test_a_scene_as_a_file_leads_to_the_page():
    root = ET.fromstring(svg_file(SCENE, "report.html"))
    links = [one.get("href") for one in root.iter("{http://www.w3.org/2000/svg}a")]
    assert links == ["report.html#cell-1"]


@pytest.mark.parametrize("place", ["title", "description", "label", "address"])
def test_no_text_of_a_scene_is_read_as_markup(place):
    marks = (Link(HOSTILE if place == "address" else "a", HOSTILE, (Label((0, 0), HOSTILE, "ink"),)),)
    scene = Scene(10, 10, HOSTILE, HOSTILE, marks)
    for text in (inline_svg(scene, "f"), svg_file(scene, "report.html").decode()):
        assert "<script" not in text
        ET.fromstring(text)


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_mark_can_be_drawn_as_a_file(kind, magic):
    assert draw_file(SCENE, kind).startswith(magic)


def test_a_sheet_holds_every_mark_of_its_panels_within_it():
    sheet = lay_out("All", "Four panels.", [SCENE] * 4, 2, "a note")
    dots = [mark for mark in sheet.marks if isinstance(mark, Dot)]
    assert len(dots) == 4 * len(SHAPES)
    assert all(0 < dot.at[0] < sheet.width and 0 < dot.at[1] < sheet.height for dot in dots)


def test_values_beyond_a_scale_stand_at_its_end():
    scale = Scale(0, 1, 100, 0)
    assert [scale.at(value) for value in (-1, 0, 0.25, 1, 2)] == [100, 100, 75, 0, 0]


def test_names_that_would_overlap_are_moved_apart_within_their_frame():
    moved = spread([50, 52, 99, 98], 14, 0, 100)
    assert sorted(moved) == [*moved[:2], moved[3], moved[2]]
    gaps = [after - before for before, after in zip(sorted(moved), sorted(moved)[1:], strict=False)]
    assert min(gaps) >= 14
    assert max(moved) <= 100


def test_a_long_text_loses_its_middle():
    assert fitted("credentials_in_billing", 60, 10) == "cred…lling"
    assert fitted("short", 60, 10) == "short"


@pytest.mark.parametrize(
    ("last", "width", "expected"), [(3, 300, (1, 2, 3)), (12, 120, (1, 3, 5, 7, 9, 12)), (1, 10, (1,))]
)
def test_steps_are_named_as_far_as_there_is_room(last, width, expected):
    assert step_marks(last, width) == expected
