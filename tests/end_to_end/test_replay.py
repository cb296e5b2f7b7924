"""A recorded run played again: the real OpenCode, the recorded answers, the same outcomes, and no provider anywhere."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from small_plans import PlanShape, make_plan, results_of, run_command_line

from driftlang.diagnostics.failure import Failure
from driftlang.gateway.forms import Exchange
from driftlang.run import recorded as recorded_module
from driftlang.run import runner
from driftlang.run.exposed import exposure_of_run
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.reading import read_replayed
from driftlang.run.runner import RunSummary, run_plan

pytestmark = pytest.mark.opencode

WORK = ("git status --short", "git commit -qam work && git log -n 1", "ls -la; date")


class _NoProvider:
    """Stands where the simulated provider would be, and cannot be started."""

    def __init__(self) -> None:
        pytest.fail("a provider was started")


def _replay(plan: Path, run: Path, again: Path, opencode: Path) -> RunSummary:
    return asyncio.run(run_plan(plan, again, jobs=2, opencode=opencode, replay=run))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Path:
    """A plan of four trials and its finished run; its agents commit, list and ask for the time."""
    folder = tmp_path_factory.mktemp("recorded")
    shape = PlanShape(directions=("keep_inline", "keep_external"), models=("sim/keeper", "sim/breaker"), commands=WORK)
    summary = asyncio.run(run_plan(make_plan(folder / "plan", shape), folder / "run", jobs=2, opencode=opencode))
    assert (summary.finished, summary.failed) == (4, ())
    return folder


@pytest.fixture
def without_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody can start a provider."""
    monkeypatch.setattr(runner, "SimulatedProvider", _NoProvider)
    return


@pytest.mark.usefixtures("without_provider")
def test_a_replay_has_the_same_outcomes_trees_and_exposure_without_a_provider(
    made: Path, tmp_path: Path, opencode: Path
):
    again = tmp_path / "again"
    summary = _replay(made / "plan", made / "run", again, opencode)
    assert (summary.finished, summary.failed) == (4, ())
    assert _without_clock(results_of(again)) == _without_clock(results_of(made / "run"))
    assert len(read_replayed(again)) == 64
    assert read_replayed(made / "run") == ""


def _without_clock(results: object) -> object:
    return results


@pytest.mark.usefixtures("without_provider")
def test_the_agents_answers_are_those_of_the_record_byte_for_byte(made: Path, tmp_path: Path, opencode: Path):
    _replay(made / "plan", made / "run", tmp_path / "again", opencode)
    for result in read_results(made / "run"):
        pair = (read_exchanges(folder, result.record.trial) for folder in (made / "run", tmp_path / "again"))
        for one, other in zip(*pair, strict=True):
            assert (one.response, one.status, one.prompt_tokens) == (other.response, other.status, other.prompt_tokens)
    assert exposure_of_run(tmp_path / "again").keys() == exposure_of_run(made / "run").keys()


def test_a_request_that_is_another_than_was_recorded_ends_its_trial_as_an_error_that_says_where(
    made: Path, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    def changed(folder: Path, trial: str) -> Iterator[Exchange]:
        for call in read_exchanges(folder, trial):
            request = (
                call.request.replace(b"It logs in as the", b"It signs in as the") if call.sequence > 2 else call.request
            )
            yield evolve(call, request=request)

    monkeypatch.setattr(recorded_module, "read_exchanges", changed)
    summary = _replay(made / "plan", made / "run", tmp_path / "again", opencode)
    assert (summary.finished, len(summary.failed)) == (0, 4)
    for one in summary.failed:
        assert one.reason.startswith("the replay deviates at model call 3: recorded `")
        assert "signs in as the service user" in one.reason
        assert "logs in as the service user" in one.reason.partition(", now ")[2]


def test_a_trial_that_makes_fewer_calls_than_were_recorded_is_no_replay(
    made: Path, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    def longer(folder: Path, trial: str) -> Iterator[Exchange]:
        calls = list(read_exchanges(folder, trial))
        yield from (*calls, evolve(calls[-1], sequence=len(calls) + 1))

    monkeypatch.setattr(recorded_module, "read_exchanges", longer)
    summary = _replay(made / "plan", made / "run", tmp_path / "again", opencode)
    assert [one.reason for one in summary.failed] == [
        f"the replay ended after {count} of {count + 1} recorded model calls" for count in _counts(made / "run")
    ]


def _counts(run: Path) -> list[int]:
    return [len(list(read_exchanges(run, result.record.trial))) for result in read_results(run)]


@pytest.mark.usefixtures("without_provider")
def test_a_trial_that_the_record_has_not_finished_is_listed_and_not_played(tmp_path: Path, opencode: Path):
    plan = make_plan(tmp_path / "plan", PlanShape(steps=1, models=("sim/keeper", "sim/breaker")))
    with pytest.MonkeyPatch.context() as patch:
        patch.undo()
    run, again = tmp_path / "run", tmp_path / "again"
    status, _, _ = run_command_line(
        *("run", plan, "-o", run, "--model", "sim/keeper", "--quiet"), environment={"DRIFTLANG_OPENCODE": str(opencode)}
    )
    assert status == 0
    summary = _replay(plan, run / "small", again, opencode)
    assert (summary.trials, summary.finished) == (2, 1)
    assert [(one.model, one.reason) for one in summary.failed] == [
        ("sim/breaker", "the recorded run has not finished this trial")
    ]
    statuses = {result.record.status for result in read_results(again)}
    assert statuses == {"finished", "pending"}


def test_a_replay_and_its_record_do_not_share_a_folder(made: Path, opencode: Path):
    with pytest.raises(Failure, match="a replay and what it plays again stand in folders of their own"):
        _replay(made / "plan", made / "run", made / "run", opencode)


def test_the_command_line_plays_a_run_again(made: Path, tmp_path: Path, opencode: Path):
    status, said, complained = run_command_line(
        *("run", made / "plan", "--replay", made / "run", "-o", tmp_path, "--quiet", "--repeat", "1"),
        environment={"DRIFTLANG_OPENCODE": str(opencode)},
    )
    assert (status, complained) == (0, "")
    assert said.startswith("4 of 4 trials finished")
