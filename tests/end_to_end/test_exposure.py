"""What the model had read when it edited, through the real OpenCode; recorded and measured anew alike."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from small_plans import PlanShape, make_plan

from driftlang.exposure.forms import NOWHERE
from driftlang.run.exposed import exposure_of_run
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.records import TrialRecord
from driftlang.run.runner import run_plan

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


def _run(plan: Path, run: Path, opencode: Path) -> TrialRecord:
    """The record of the plan's only trial, which must have finished; what was recorded can be measured anew."""
    summary = asyncio.run(run_plan(plan, run, jobs=1, opencode=opencode))
    assert summary.failed == ()
    (result,) = read_results(run)
    assert exposure_of_run(run) == {(result.record.trial, ""): tuple(step.exposure for step in result.record.steps)}
    return result.record


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> tuple[TrialRecord, Path]:
    """Three steps whose notes stand in the files that the agent reads before it edits them."""
    folder = tmp_path_factory.mktemp("read")
    plan = make_plan(folder / "plan", PlanShape(steps=3, commands=("git status --short",)))
    return _run(plan, folder / "run", opencode), folder / "run"


def test_a_note_in_a_file_that_is_read_before_it_is_edited_has_been_read(read: tuple[TrialRecord, Path]):
    for step in read[0].steps:
        own = step.exposure.messages[-1]
        assert (own.position, own.is_read_before_edit, own.kinds) == (step.position, True, ("tool result",))
        assert (own.copies, own.messages_back) == (1, 0)
        assert own.calls == step.model_calls - 1, "all but the one that had not read the file yet"


def test_notes_of_former_steps_stand_farther_and_farther_back(read: tuple[TrialRecord, Path]):
    former = [step.exposure.messages[0] for step in read[0].steps]
    assert [one.is_read_before_edit for one in former] == [True, True, True]
    assert former[0].characters_back < former[1].characters_back < former[2].characters_back
    assert former[0].messages_back < former[1].messages_back < former[2].messages_back


def test_the_constraint_is_where_it_should_be_and_the_context_is_that_of_the_calls(read: tuple[TrialRecord, Path]):
    record, run = read
    for step in record.steps:
        assert (step.exposure.integrity.calls, step.exposure.integrity.violations) == (step.model_calls, ())
        last = [call for call in read_exchanges(run, record.trial) if call.position == step.position][-1]
        context = step.exposure.context
        assert (context.calls, context.request_bytes) == (step.model_calls, len(last.request))
        assert (context.prompt_tokens, context.first_edit) == (last.prompt_tokens, 2)


def test_a_note_in_a_file_that_is_not_read_has_not_been_read(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(PlanShape(steps=2, notes_in="README.md"))
    for step in _run(plan, tmp_path / "run", opencode).steps:
        assert step.injected == ("placed",)
        assert [(one.is_read_before_edit, one.calls, one.characters_back) for one in step.exposure.messages] == [
            (False, 0, NOWHERE)
        ] * step.position


def test_a_note_that_is_read_behind_the_edit_has_not_been_read_before_it(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    plan = plan_of(PlanShape(steps=2, notes_in="README.md", session="fresh", commands=("cat README.md",)))
    for step in _run(plan, tmp_path / "run", opencode).steps:
        own = step.exposure.messages[-1]
        assert (own.is_read_before_edit, own.calls, own.copies) == (False, 1, 0)


@pytest.mark.parametrize("place", ["system_prompt", "agents_file"])
def test_a_fresh_session_has_read_nothing_of_former_steps(
    place: str, plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    first, second = _run(plan_of(PlanShape(session="fresh", place=place)), tmp_path / "run", opencode).steps
    assert [one.is_read_before_edit for one in first.exposure.messages] == [True]
    assert [one.is_read_before_edit for one in second.exposure.messages] == [False, True]
    assert [step.exposure.integrity.violations for step in (first, second)] == [(), ()]


def test_an_agent_that_edits_its_agents_file_is_noticed_and_its_trial_is_no_error(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    edits = ("sed -i s/literal/constant/ AGENTS.md",)
    first, second = _run(plan_of(PlanShape(commands=edits)), tmp_path / "run", opencode).steps
    missing = "the constraint stands nowhere in the system message, not once"
    assert first.exposure.integrity.violations[-1] == "the agent changed its agents file"
    assert second.exposure.integrity.violations == (f"every call: {missing}",)
