"""What goes wrong in one trial is that trial's error; what is wrong with the machine or the plan ends the run."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.run import trial


def _play(trouble: Exception) -> str:
    """The reason that an attempt ends with when `trouble` comes up in it."""

    async def play(_: str) -> None:
        raise trouble

    study = SimpleNamespace(trial_seconds=60.0)
    world = SimpleNamespace(plan=SimpleNamespace(study=study))
    attempt: Any = SimpleNamespace(world=world, play=play, waited=0.0)
    return asyncio.run(trial._play(attempt, "marker"))


def test_an_exception_that_nobody_foresaw_is_the_trials_error_with_its_place():
    reason = _play(LookupError("unknown encoding: hex"))
    assert reason.startswith("unexpected LookupError (test_trial_errors.py, line ")
    assert reason.endswith("): unknown encoding: hex")


def test_a_failure_ends_the_run():
    with pytest.raises(Failure, match="the plan is damaged"):
        _play(Failure("the plan is damaged"))


def test_a_full_disk_ends_the_run():
    with pytest.raises(OSError, match="No space"):
        _play(OSError(28, "No space left on device"))
