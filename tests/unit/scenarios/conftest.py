"""Fixtures: each pair of values of the library, and the cells of its studies."""

import pytest
from pairs import PAIRS, Pair, without_key
from worlds import Loaded, cells_of

from driftlang.cells.forms import Cell


@pytest.fixture(scope="session", params=PAIRS.values(), ids=PAIRS)
def pair(request: pytest.FixtureRequest) -> Pair:
    """Each pair."""
    found: Pair = request.param
    return found


@pytest.fixture(scope="module")
def loaded(request: pytest.FixtureRequest) -> Loaded:
    """The main file of the pair that a module is about."""
    found: Pair = request.module.PAIR
    return found.loaded


@pytest.fixture(scope="session")
def first_look(pair: Pair) -> tuple[Cell, ...]:
    """The cells of its demo."""
    return cells_of(pair.model, f"demo_{pair.folder}")


@pytest.fixture(scope="session")
def whole(pair: Pair) -> tuple[Cell, ...]:
    """The cells of the study that has every arm in every condition."""
    return cells_of(pair.model, f"repaired_{pair.folder}" if pair.is_told_apart else pair.folder)


@pytest.fixture(scope="session")
def studies(pair: Pair, first_look: tuple[Cell, ...], whole: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], ...]:
    """The cells of each of its studies that has messages and controls in one number of runs."""
    others = (study.name for study in without_key(pair) if study.name != f"demo_{pair.folder}")
    return (first_look, whole, *(cells_of(pair.model, name) for name in others))
