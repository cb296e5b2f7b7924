"""Fixtures of the tests that drive the real OpenCode."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import PlanShape, make_plan

from driftlang.diagnostics.failure import Failure
from driftlang.run.opencode import find_opencode
from driftlang.run.sandbox import launch
from driftlang.run.sandbox.confinement import BUBBLEWRAP, confine

#: Set where tests of the sandbox are to fail when it does not work, instead of being skipped.
REQUIRED = "DRIFTLANG_TEST_SANDBOX"


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
    """The real OpenCode, installed when it is not there; where the sandbox is required, it works."""
    binary = find_opencode()
    obstacle = asyncio.run(_obstacle(binary)) if os.environ.get(REQUIRED) else ""
    assert obstacle == ""
    return binary


@pytest.fixture(scope="session")
def bubblewrap(opencode: Path) -> str:
    """The mode of runs that must be confined. Fails where it is required (as by `.ci/run`) and does not work."""
    if obstacle := asyncio.run(_obstacle(opencode)):
        pytest.skip(obstacle)
    return BUBBLEWRAP


async def _obstacle(binary: Path) -> str:
    """Why no sandbox can be had, and what to do about it; empty when one can."""
    try:
        async with confine(BUBBLEWRAP, (), binary, print):
            return ""
    except Failure as failure:
        return f"{failure.message}; {failure.help}"


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
