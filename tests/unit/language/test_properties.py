"""Whatever the text: checking it never raises, and diagnostics lie within their file."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.full import render_full
from driftlang.diagnostics.json_report import render_json
from driftlang.source import Sources
from driftlang.syntax.lower import lower
from driftlang.syntax.parse import parse
from driftlang.validity.load import load_checked

HERE = Path(__file__).parents[2]
TEXTS = [
    (HERE / "specification" / "credentials" / "credentials.drift").read_text(encoding="utf-8"),
    *(path.read_text(encoding="utf-8") for path in sorted((HERE / "errors").glob("*.drift"))),
]
#: Pieces that matter to the language, and some that matter to terminals and encodings.
SIGNS = st.sampled_from(['"', '"""', "{", "}", "[", "]", "(", ")", "/", "##", "#", ",", "{{", "}}", "\\", "$", "1.."])
WORDS = st.sampled_from(["raw ", "count(", "12", "2025-02-30", "not ", "and ", "step ", "drift 1\n", "é", "値"])
BLANKS = st.sampled_from(["\n", "\r\n", "\t", "\0", "\ufeff", "\u2028", " "])
PIECES = SIGNS | WORDS | BLANKS


@st.composite
def mutated(draw):
    """A text with a few pieces put in, cut out or doubled, or cut off."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        kind = draw(st.sampled_from(["put", "cut", "double", "truncate"]))
        if kind == "put":
            text = text[:start] + draw(PIECES) + text[start:]
        elif kind == "cut":
            text = text[:start] + text[end:]
        elif kind == "double":
            text = text[:end] + text[start:]
        else:
            text = text[:start]
    return text


def _check(text, folder):
    path = folder / "example.drift"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    sources, sink = Sources(), Sink()
    load_checked(path, sources, sink)
    return sources, sink.found


@settings(max_examples=150, deadline=None)
@given(text=mutated())
def test_a_mutated_file_is_checked_without_raising(text, tmp_path_factory):
    sources, found = _check(text, tmp_path_factory.mktemp("mutated"))
    for diagnostic in found:
        for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
            assert 0 <= span.start <= span.end <= len(sources[span.file].text)
    assert render_full(found, sources, color=True) == "" or found
    assert render_json(found, sources)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES | st.text(max_size=4), max_size=30))
def test_any_text_is_parsed_without_raising_and_in_full(pieces):
    text = "".join(pieces)
    sink = Sink()
    tree = lower(parse(text, 0, sink), 0, sink)
    for entry in tree.body.entries:
        assert text[entry.word.span.start : entry.word.span.end] == entry.word.text


@settings(max_examples=60, deadline=None)
@given(text=st.sampled_from(TEXTS), cut=st.floats(0, 1))
def test_crlf_line_ends_give_the_same_diagnostics_on_the_same_lines(text, cut, tmp_path_factory):
    plain = text[: int(len(text) * cut)]
    folder = tmp_path_factory.mktemp("crlf")
    sources, found = _check(plain, folder)
    sources_crlf, found_crlf = _check(plain.replace("\n", "\r\n"), folder)
    assert _places(found_crlf, sources_crlf) == _places(found, sources)


def _places(found, sources):
    return [(one.id, sources[one.span.file].position(one.span.start)) for one in found]


def test_checking_twice_gives_the_same():
    for text in TEXTS:
        first, second = Sink(), Sink()
        parse(text, 0, first)
        parse(text, 0, second)
        assert first.found == second.found
