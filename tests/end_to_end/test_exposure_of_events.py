"""What the model had read in sessions in which something happens, through the real OpenCode."""

from pathlib import Path

import pytest
from session_plans import REMINDER, Ran, Scenario, run_scenario

from driftlang.run.exposed import exposure_of_run

pytestmark = pytest.mark.opencode

EVENTS = f"""
  mode    continue
  prefix  from "talk.jsonl"
  pad     400 tokens before step 2 from "log.txt"
  remind  at step 2 "{REMINDER}"
  switch  constraint at step 3 to by_address
  compact before step 3
  remind  at step 3 verbatim
"""
FORKS = """
  mode    continue
  switch  constraint at step 2 to by_address
  fork    at step 3 into placebo
"""


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """A trial with a prefix, filler, reminders, another constraint and a compaction before its last step."""
    return run_scenario(tmp_path_factory.mktemp("eventful") / "study", Scenario(EVENTS), opencode)


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Ran:
    """A trial whose constraint stands in the first turn, and is put right there; it forks before its last step."""
    scenario = Scenario(FORKS, place="first_turn")
    return run_scenario(tmp_path_factory.mktemp("forked") / "study", scenario, opencode)


def test_what_is_planned_between_turns_violates_no_integrity(eventful: Ran, forked: Ran):
    for ran in (eventful, forked):
        branches = [step for branch in ran.result.branches for step in branch.steps]
        for step in (*ran.result.record.steps, *branches):
            integrity = step.exposure.integrity
            assert (integrity.calls, integrity.violations) == (step.model_calls, ())


def test_a_compaction_loses_what_its_summary_does_not_repeat_and_nothing_else_is_taken_for_one(
    eventful: Ran, forked: Ran
):
    fates = [[one.compaction for one in step.exposure.messages] for step in eventful.result.record.steps]
    assert fates == [[""], ["", ""], ["lost", "lost", ""]]
    assert {one.compaction for step in forked.result.record.steps for one in step.exposure.messages} == {""}


def test_a_branch_has_read_what_its_trial_had_and_its_own_control(forked: Ran):
    (branch,) = forked.result.branches
    (step,) = branch.steps
    assert [one.position for one in step.exposure.messages] == [1, 2, 3]
    assert [one.is_read_before_edit for one in step.exposure.messages] == [True, True, True]
    assert step.exposure.messages[-1].message == "remarks"


@pytest.mark.parametrize("name", ["eventful", "forked"])
def test_every_line_can_be_measured_anew(request: pytest.FixtureRequest, name: str):
    ran: Ran = request.getfixturevalue(name)
    trial = ran.result.record.trial
    recorded = {(trial, ""): tuple(step.exposure for step in ran.result.record.steps)}
    for branch in ran.result.branches:
        recorded[trial, branch.arm] = tuple(step.exposure for step in branch.steps)
    assert exposure_of_run(ran.folder) == recorded
