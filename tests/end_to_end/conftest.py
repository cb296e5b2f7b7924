"""Fixtures of the tests that drive the real OpenCode."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import PlanShape, make_plan

from driftlang.run.opencode import find_opencode
from driftlang.run.sandbox import launch


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


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the agent's commands can write to in the sandbox as well, under the name that it has here."""
    folder = tmp_path / "traces"
    folder.mkdir()
    usual = launch.folders
    monkeypatch.setattr(
        launch, "folders", lambda setup, tools: ("--bind", str(folder), str(folder), *usual(setup, tools))
    )
    return folder
