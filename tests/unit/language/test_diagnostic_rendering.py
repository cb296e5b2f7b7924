"""Renderings: source line, carets, labels, help, colours, JSON."""

import json

from driftlang.diagnostics.diagnostic import MOST_KEPT, Diagnostic, Label, Severity, Sink
from driftlang.diagnostics.full import render_full
from driftlang.diagnostics.json_report import render_json
from driftlang.source import Sources, Span


def _render(text, start, end, *, color=False, labels=(), advice="", message="wrong"):
    sources = Sources()
    sources.add("a.drift", text)
    found = (Diagnostic("some-id", message, Span(0, start, end), Severity.ERROR, advice, labels),)
    return render_full(found, sources, color)


def _under(text, start, end):
    """The shown line and the line of carets."""
    lines = _render(text, start, end).splitlines()
    return lines[3][4:], lines[4][4:]


def test_carets_stand_under_the_span():
    assert _under("one two three\n", 4, 7) == ("one two three", "    ^^^")


def test_a_tab_takes_the_blanks_up_to_the_next_stop():
    assert _under("\ta\tb\n", 3, 4) == ("    a   b", "        ^")


def test_a_wide_character_takes_two_cells():
    assert _under("値 = x\n", 0, 1) == ("値 = x", "^^")
    assert _under("値 = x\n", 4, 5) == ("値 = x", "     ^")


def test_a_span_over_several_lines_is_marked_on_its_first():
    assert _under("one two\nthree\n", 4, 12) == ("one two", "    ^^^")


def test_an_empty_span_has_one_caret_even_behind_the_end():
    assert _under("one\n", 3, 3) == ("one", "   ^")


def test_a_long_line_is_cut_around_the_span():
    shown, carets = _under("x" * 1000 + "HERE" + "y" * 1000, 1000, 1004)
    assert len(shown) < 200
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "HERE"


def test_what_a_terminal_would_act_on_is_made_visible():
    rendering = _render("a\x1b[31mb\x00\n", 1, 2, message="found \x1b[31m")
    assert "\x1b" not in rendering
    assert "\x00" not in rendering


def test_a_line_that_ends_with_cr_is_shown_without_it():
    assert _under("one\r\ntwo\r\n", 5, 8) == ("two", "^^^")


def test_labels_and_help_follow():
    label = Label(Span(0, 0, 3), "the reason")
    assert _render("one\ntwo\n", 4, 7, labels=(label,), advice="do this") == (
        "error[some-id]: wrong\n"
        " --> a.drift:2:1\n"
        "  |\n"
        "2 | two\n"
        "  | ^^^\n"
        " ::: 1:1\n"
        "  |\n"
        "1 | one\n"
        "  | --- the reason\n"
        "  = help: do this\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_colours_are_there_on_demand_only():
    assert "\x1b[1;31m" in _render("one\n", 0, 3, color=True)
    assert "\x1b" not in _render("one\n", 0, 3, color=False)


def test_json_has_lines_and_columns_from_one():
    sources = Sources()
    sources.add("a.drift", "one\ntwo\n")
    found = (Diagnostic("some-id", "wrong", Span(0, 5, 7), labels=(Label(Span(0, 0, 3), "why"),)),)
    report = json.loads(render_json(found, sources))
    (diagnostic,) = report["diagnostics"]
    assert (report["errors"], report["warnings"]) == (1, 0)
    assert (diagnostic["path"], diagnostic["line"], diagnostic["column"]) == ("a.drift", 2, 2)
    assert (diagnostic["end_line"], diagnostic["end_column"]) == (2, 4)
    assert diagnostic["labels"][0] == {
        "column": 1,
        "end_column": 4,
        "end_line": 1,
        "line": 1,
        "path": "a.drift",
        "text": "why",
    }


def test_a_finding_is_kept_once_and_no_more_than_anybody_reads():
    sink = Sink()
    for offset in range(MOST_KEPT + 5):
        sink.error("a", "wrong", Span(0, offset, offset))
        sink.error("a", "wrong", Span(0, offset, offset))
    sink.warn("b", "odd", Span(0, 0, 0))
    assert len(sink.found) == MOST_KEPT + 1
    assert sink.has_errors
