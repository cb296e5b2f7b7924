"""Fixtures: the compiled scenario, its cells, and the names that its solutions read."""

import re

import pytest
from parcelway_world import Loaded, load

from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Sink


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The compiled scenario."""
    return load()


@pytest.fixture(scope="session")
def cells(loaded: Loaded) -> tuple[Cell, ...]:
    """The cells of the study `demo`."""
    sink = Sink()
    (study,) = (study for study in loaded.model.studies if study.name == "demo")
    found = expand(study, sink)
    assert sink.found == ()
    return found


@pytest.fixture(scope="session")
def names(loaded: Loaded) -> frozenset[str]:
    """The environment variables that solutions read."""
    texts = (work.solutions["security"] for work in loaded.work.values())
    return frozenset(name for text in texts for name in re.findall(r"environ\[['\"](\w+)", text))
