"""Every place in every language: the code stays, and what was put in comes out again."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_sources import SOURCES, Source

from driftlang.inject.forms import Inserted, NotPlaced
from driftlang.inject.insert import insert
from driftlang.inject.remove import remove_earlier
from driftlang.inject.same_code import same_code
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, TOP

NOTE = "Ines asks: should this literal still be here? It was flagged last quarter, and the quarter before that one too."
NASTY = 'Ends */ early --> or """ so, \'\'\' or \\ and {x} $(y) `z` #!/bin/sh "quoted"'
ANCHORS = {TOP: lambda _: "", BEFORE: lambda s: s.symbol, AFTER: lambda s: s.pattern, DOCSTRING: lambda s: s.symbol}
WITH_DOCSTRINGS = (".py", ".js", ".ts", ".tsx", ".go", ".rs", ".java", ".c")
PAIRS = [
    (source, place)
    for source in SOURCES
    for place, anchor in ANCHORS.items()
    if (anchor(source) or place == TOP) and (place != DOCSTRING or source.path.endswith(WITH_DOCSTRINGS))
]


def named(value: object) -> str:
    return value.path if isinstance(value, Source) else str(value)


def put(source: Source, place: str, text: str, content: bytes | None = None) -> Inserted | NotPlaced:
    return insert(source.text if content is None else content, source.path, text, place, anchor=ANCHORS[place](source))


@pytest.mark.parametrize(("source", "place"), PAIRS, ids=named)
@pytest.mark.parametrize("text", [NOTE, NASTY, "One.\n\nTwo."], ids=["note", "nasty", "paragraphs"])
def test_a_text_is_placed_and_the_code_stays(source: Source, place: str, text: str):
    found = put(source, place, text)
    assert isinstance(found, Inserted), found
    assert same_code(source.text, found.source, source.path, without_docstrings=place == DOCSTRING)
    assert re.sub(r"\W", "", text)[:20] in re.sub(r"\W", "", found.source.decode())


@pytest.mark.parametrize(("source", "place"), PAIRS, ids=named)
@pytest.mark.parametrize("text", [NOTE, NASTY, "One.\n\nTwo."], ids=["note", "nasty", "paragraphs"])
def test_what_was_placed_comes_out_again(source: Source, place: str, text: str):
    found = put(source, place, text)
    assert isinstance(found, Inserted), found
    removed = remove_earlier(found.source, source.path, [text], place)
    assert (removed.source, removed.missing) == (source.text, ())


@pytest.mark.parametrize(("source", "place"), PAIRS, ids=named)
def test_it_comes_out_after_an_edit_above_and_below(source: Source, place: str):
    found = put(source, place, NOTE)
    assert isinstance(found, Inserted), found
    head, line = (b"", b"x\n") if source.path != "a.yaml" else (b"", b"x: 1\n")
    removed = remove_earlier(head + line + found.source + line, source.path, [NOTE], place)
    assert (removed.source, removed.missing) == (head + line + source.text + line, ())


@pytest.mark.parametrize(("source", "place"), PAIRS, ids=named)
def test_line_ends_and_the_byte_order_mark_stay(source: Source, place: str):
    content = b"\xef\xbb\xbf" + source.text.replace(b"\n", b"\r\n")
    found = put(source, place, NOTE, content)
    if isinstance(found, NotPlaced):
        pytest.fail(found.reason)
    assert found.source.startswith(b"\xef\xbb\xbf")
    assert not re.search(rb"(?<!\r)\n", found.source)
    assert remove_earlier(found.source, source.path, [NOTE], place).source == content


WORDS = ("Ines", "asks:", "why?", '"""', "'''", "*/", "-->", "\\", "`", "é", "漢", "#", "//", "$$", "{}", "\n\n")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Source, str, bytes]:
    """A source, a place and a content: the source with some of its lines gone, doubled or cut."""
    source, place = draw(st.sampled_from(PAIRS))
    lines = source.text.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["gone", "doubled", "cut", "odd"]))
        line = lines[at]
        odd = "é'\n".encode() + line
        lines[at] = {"gone": b"", "doubled": line * 2, "cut": line[: len(line) // 2], "odd": odd}[change]
    return source, place, b"".join(lines)


@settings(max_examples=300)
@given(mutated(), TEXTS)
def test_whatever_the_file_and_the_text_the_code_stays_and_taking_out_undoes_putting_in(case, text):
    source, place, content = case
    found = put(source, place, text, content)
    if isinstance(found, NotPlaced):
        return
    if place != TOP:
        assert same_code(content, found.source, source.path, without_docstrings=place == DOCSTRING)
    removed = remove_earlier(found.source, source.path, [text], place)
    assert (removed.source, removed.missing) == (content, ())
