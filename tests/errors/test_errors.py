"""Every mistake is found on its line, and said as it should be.

Two nets: `# error: [id]` in a `.drift` file, written by hand, says which diagnostics its line has (`# above: [id]`
those of the line above, where a comment would stand in a text); the `.txt` beside it is the whole rendering, which
`DRIFTLANG_BLESS=1` writes anew.
"""

import os
import re
from pathlib import Path

import pytest

from driftlang.diagnostics.catalogue import CATALOGUE
from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.diagnostics.full import render_full
from driftlang.model.library import library_folder
from driftlang.source import Sources
from driftlang.syntax.grammar import grammar_text
from driftlang.validity.load import load_checked

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("*.drift"))
_ANNOTATION = re.compile(r"# (error|above): ((?:\[[a-z-]+\] ?)+)")

Found = set[tuple[str, int, str]]


def _check(name: str) -> tuple[tuple[Diagnostic, ...], Sources]:
    sources, sink = Sources(), Sink()
    load_checked(Path(name), sources, sink)
    return sink.found, sources


def _annotated(sources: Sources) -> Found:
    expected: Found = set()
    for source in sources:
        for number in range(1, source.line_count + 1):
            for where, ids in _ANNOTATION.findall(source.line(number)):
                line = number - (where == "above")
                expected |= {(source.path, line, found) for found in re.findall(r"\[([a-z-]+)\]", ids)}
    return expected


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_is_reported_on_its_line_and_nothing_else_is(name, monkeypatch):
    monkeypatch.chdir(HERE)
    found, sources = _check(name)
    actual = {(sources[d.span.file].path, sources[d.span.file].position(d.span.start)[0], d.id) for d in found}
    assert actual == _annotated(sources)


@pytest.mark.parametrize("name", FILES)
def test_the_rendering_is_the_blessed_one(name, monkeypatch):
    monkeypatch.chdir(HERE)
    found, sources = _check(name)
    actual = render_full(found, sources, color=False).replace(library_folder().as_posix(), "LIBRARY")
    blessed = (HERE / name).with_suffix(".txt")
    if os.environ.get("DRIFTLANG_BLESS"):
        blessed.write_text(actual, encoding="utf-8")
    assert actual == blessed.read_text(encoding="utf-8")


def _terminals() -> set[str]:
    """Names of the grammar's terminals, and those that lark would give to signs."""
    named = re.findall(r"^([A-Z_]+)(?:\.-?\d+)?:", grammar_text(), flags=re.MULTILINE)
    return {*named, "DAMAGED", "$END", "LESSTHAN", "MORETHAN"}


@pytest.mark.parametrize("name", FILES)
def test_nothing_that_is_said_names_a_terminal_of_the_grammar(name):
    said = _said((HERE / name).with_suffix(".txt").read_text(encoding="utf-8"))
    assert set(re.findall(r"[$A-Z][A-Z_]+", said)) & _terminals() == set()


def _said(rendering: str) -> str:
    """The rendering without lines of source, and without the words that stand for others in `write ...`."""
    lines = [line for line in rendering.split("\n") if not re.match(r" *\d+ \|", line)]
    return "\n".join(re.sub(r"`[^`]*`", "", line) if " = help: " in line else line for line in lines)


def test_every_id_that_checking_gives_has_a_file_here(monkeypatch):
    monkeypatch.chdir(HERE)
    annotated = {found for name in FILES for _, _, found in _annotated(_check(name)[1])}
    expected = {explanation.id for explanation in CATALOGUE.values() if explanation.stage == "check"}
    # A file that is too long would say nothing to a reader; see tests/unit/language/test_bad_input.py.
    assert annotated == expected - {"too-long"}
