"""The catalogue: every id is explained, and its examples show it."""

import re
from pathlib import Path

import pytest

import driftlang
from driftlang.build.emit import build_study
from driftlang.build.proof.prove import prove
from driftlang.cells.expand import expand
from driftlang.diagnostics.catalogue import CATALOGUE, RETIRED
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources

_ID = re.compile(r"^[a-z]+(-[a-z]+)*$")
_GIVEN = re.compile(r"(?:\.(?:error|warn)|Diagnostic)\(\s*\"([a-z-]+)\"")
_STUDY = 'study all_of_it {\n  run     hello\n  models  ["sim/keeper"]\n  repeat  1\n  harness native\n}\n'


def _ids(explanation, text, folder):
    """The ids that checking gives, and for what only a build or the file's tests find, building or testing."""
    for name, content in explanation.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith("-> "):
            file.symlink_to(content.removeprefix("-> "))
        else:
            file.write_text(content, encoding="utf-8")
    path = folder / "example.drift"
    path.write_text(text + (_STUDY if explanation.stage == "build" else ""), encoding="utf-8")
    sources, sink = Sources(), Sink()
    model = load_model(path, sources, sink)
    if explanation.stage == "build":
        assert sink.found == ()
        for study in model.studies:
            expand(study, sink)
            if not sink.has_errors:
                build_study(study, model, path.name, folder / "out", sink)
    if explanation.stage == "test":
        assert sink.found == ()
        prove(model, sink)
    return {diagnostic.id for diagnostic in sink.found}


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_bad_example_has_the_diagnostic(explanation, tmp_path):
    assert explanation.id in _ids(explanation, explanation.bad, tmp_path)


@pytest.mark.parametrize("explanation", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_good_example_has_none(explanation, tmp_path):
    assert _ids(explanation, explanation.good, tmp_path) == set()


def test_every_id_that_the_package_gives_is_explained():
    package = Path(driftlang.__file__).parent
    given = {found for file in package.rglob("*.py") for found in _GIVEN.findall(file.read_text(encoding="utf-8"))}
    assert given - CATALOGUE.keys() == set()


def test_ids_are_kebab_case_and_retired_ones_are_not_used_again():
    assert [name for name in CATALOGUE if not _ID.match(name)] == []
    assert RETIRED & CATALOGUE.keys() == set()
