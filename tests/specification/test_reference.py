"""The reference of the language is true: every example on its pages is checked, every command run.

How the pages are read stands in `fences.py`.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model import vocabulary
from driftlang.model.forms import ARMS, ORDERS, PLACES, SURFACES
from driftlang.source import Sources
from driftlang.syntax.ast import Block
from driftlang.syntax.read import read
from driftlang.validity.load import load_checked
from tests.specification.fences import annotated, is_printed, read_page

GRAMMAR = Path(__file__).parents[2] / "grammar"
PAGES = sorted([*GRAMMAR.glob("*.md"), *GRAMMAR.glob("reference/*.md")])


def _names(path):
    return path.relative_to(GRAMMAR).as_posix()


def _found(path: Path):
    sources, sink = Sources(), Sink()
    load_checked(path, sources, sink)
    return {
        (sources[one.span.file].position(one.span.start)[0], one.severity.value, one.id)
        for one in sink.found
        if Path(sources[one.span.file].path).name == path.name
    }


def _examples():
    for path in PAGES:
        page = read_page(path)
        for number, section in enumerate(page.sections):
            if section.parts:
                yield pytest.param(page, number, id=f"{_names(path)}: {section.title}")


@pytest.mark.parametrize(("page", "number"), list(_examples()))
def test_an_example_has_the_mistakes_that_it_says_it_has(page, number, tmp_path):
    for section in page.sections[: number + 1]:
        for name, content in section.files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
    path = tmp_path / "example.drift"
    text = page.prelude + page.sections[number].parts
    path.write_text(text, encoding="utf-8")
    assert _found(path) == annotated(text)


def _files():
    for path in PAGES:
        page = read_page(path)
        for number, section in enumerate(page.sections):
            for name in section.files:
                if name.endswith(".drift"):
                    yield pytest.param(page, number, name, id=f"{_names(path)}: {name}")


@pytest.mark.parametrize(("page", "number", "name"), list(_files()))
def test_a_whole_file_has_the_mistakes_that_it_says_it_has(page, number, name, tmp_path):
    for section in page.sections[: number + 1]:
        for beside, content in section.files.items():
            target = tmp_path / beside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
    assert _found(tmp_path / name) == annotated(page.sections[number].files[name])


def _sessions():
    for path in PAGES:
        page = read_page(path)
        if any(section.commands for section in page.sections):
            yield pytest.param(page, id=_names(path))


@pytest.mark.parametrize("page", list(_sessions()))
def test_a_command_prints_what_the_page_shows(page, tmp_path):
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    for section in page.sections:
        for name, content in section.files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        for line, expected in section.commands:
            program, *arguments = shlex.split(line)
            assert program == "driftlang"
            ended = subprocess.run(
                [sys.executable, "-m", "driftlang", *arguments],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=300,
                check=False,
            )
            printed = tuple(one.rstrip() for one in ended.stdout.splitlines())
            assert is_printed(expected, printed), f"$ {line}\n{ended.stdout}"


def _words(block: Block, kind: str, found: set[tuple[str, str]]) -> None:
    for entry in block.entries:
        word = entry.word.text
        if word == "when":
            _words(entry.block, kind, found)
            continue
        found.add((kind, word))
        if entry.block.is_there:
            _words(entry.block, word, found)


def _texts():
    for path in PAGES:
        page = read_page(path)
        for section in page.sections:
            yield section.parts
            yield from (content for name, content in section.files.items() if name.endswith(".drift"))


def test_the_pages_show_every_word_of_every_block():
    found: set[tuple[str, str]] = set()
    for text in _texts():
        _words(read(text, 0, Sink()).body, "", found)
    wanted = {("", word) for word in (*vocabulary.DECLARATIONS, *vocabulary.DIRECTIVES)}
    wanted |= {(kind, shape.word) for kind, block in vocabulary.BLOCKS.items() for shape in block.shapes}
    assert wanted - found == set()


@pytest.mark.parametrize("words", [ARMS, ORDERS, PLACES, SURFACES], ids=["arms", "orders", "places", "surfaces"])
def test_the_pages_show_every_choice(words):
    text = "\n".join(_texts())
    assert [word for word in words if word not in text] == []
