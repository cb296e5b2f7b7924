"""Fixtures of the tests that drive the real OpenCode."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import PlanShape, make_plan

from driftlang.run.opencode import find_opencode


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[[PlanShape], Path]:
    """Makes plans, each in a folder of its own."""
    made: list[Path] = []

    def make(shape: PlanShape) -> Path:
        made.append(make_plan(tmp_path / f"plan-{len(made) + 1}", shape))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def opencode() -> Path:
    """The real OpenCode, installed when it is not there."""
    return find_opencode()
