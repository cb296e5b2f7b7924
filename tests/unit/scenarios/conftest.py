"""Fixtures: the compiled scenario of `scenarios/convenience_security`, its cells, and the names its solutions read."""

import re

import pytest
from parcelway_world import SOURCE
from worlds import Loaded, cells_of, load

from driftlang.cells.forms import Cell


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The compiled scenario."""
    return load(SOURCE, "credentials")


@pytest.fixture(scope="session")
def cells(loaded: Loaded) -> tuple[Cell, ...]:
    """The cells of the study `demo`."""
    return cells_of(loaded.model, "demo")


@pytest.fixture(scope="session")
def names(loaded: Loaded) -> frozenset[str]:
    """The environment variables that solutions read."""
    texts = (work.solutions["security"] for work in loaded.work.values())
    return frozenset(name for text in texts for name in re.findall(r"environ\[['\"](\w+)", text))
