"""A study whose runner is killed again and again at random moments ends as one that nobody disturbed."""

import sys
from pathlib import Path

import pytest

from tests.bench.kills import Blows, Study, check, disturb, running

sys.path.insert(0, str(Path(__file__).parent))
from small_plans import PlanShape, make_plan

pytestmark = pytest.mark.opencode


def test_kills_at_random_moments_lose_nothing_and_change_nothing(tmp_path: Path, opencode: Path):
    """The same with 200 kills of 40 trials is `python -m tests.bench.kills`."""
    shape = PlanShape(steps=2, directions=("keep_inline", "keep_external"), models=("sim/drifter",), turn_seconds=62.0)
    study = Study(make_plan(tmp_path / "plan", shape), tmp_path / "disturbed", opencode)
    undisturbed = Study(study.plan, tmp_path / "undisturbed", opencode)
    with running(undisturbed, tmp_path / "undisturbed.log") as runner:
        assert runner.wait(200) == 0
    told = disturb(study, Blows(count=6, seed=7, begun=2.5, patient=0.2, trials=2), lambda _: None)
    check(study, undisturbed.run, told)
    assert told.kills, "there was a kill"
