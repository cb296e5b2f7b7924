"""A control character in a file is a mistake wherever it stands, in a text as well."""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.syntax.parse import parse


def _found(text):
    sink = Sink()
    parse(text, 0, sink)
    return [(diagnostic.id, diagnostic.span.start) for diagnostic in sink.found]


def test_a_control_character_within_a_text_is_named_where_it_stands():
    text = 'drift 1\nvalue order "in\x00order"\n'
    assert _found(text) == [("stray-character", text.index("\x00"))]


def test_a_control_character_between_words_is_named_once():
    text = "drift 1\nvalue order \x1b\n"
    assert [found for found in _found(text) if found[1] == text.index("\x1b")] == [
        ("stray-character", text.index("\x1b"))
    ]


def test_tabs_and_windows_line_ends_are_no_mistake():
    assert _found('drift 1\r\nvalue\torder "in\torder"\r\n') == []
