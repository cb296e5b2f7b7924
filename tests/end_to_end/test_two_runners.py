"""Two runners at one plan: in one folder the second is refused, in two folders neither disturbs the other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import PlanShape, command_line, finished_in, markers_of, results_of, rows_of, wait_until

from driftlang.run.reaping import marked

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


def test_two_runners_at_one_plan_come_to_the_same_results(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(PlanShape(steps=1, models=("sim/drifter",)))
    environment = {"DRIFTLANG_OPENCODE": str(opencode)}
    one, two = tmp_path / "one", tmp_path / "two"
    with (
        command_line("run", plan, "-o", one, "--quiet", environment=environment) as first,
        command_line("run", plan, "-o", two, "--quiet", environment=environment) as second,
    ):
        wait_until(lambda: rows_of(one / "small", "SELECT 1 FROM attempts"), what="attempt of the first runner")
        with command_line("run", plan, "-o", one, "--quiet", environment=environment) as third:
            _, complained = third.communicate(timeout=60)
        ends = [runner.communicate(timeout=150)[1] for runner in (first, second)]
    assert third.returncode == 2
    assert "another runner" in complained
    assert (first.returncode, second.returncode, ends) == (0, 0, ["", ""])
    assert len(finished_in(one / "small")) == 1
    assert results_of(one / "small") == results_of(two / "small")
    assert [marker for run in (one, two) for marker in markers_of(run / "small") if marked(marker)] == []
