"""A recorded run played again: the real OpenCode, the recorded answers, the same outcomes, and no provider anywhere."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from small_plans import PlanShape, attempts_of, make_plan, results_of, run_command_line

from driftlang.diagnostics.failure import Failure
from driftlang.gateway.forms import Exchange
from driftlang.run import recorded as recorded_module
from driftlang.run import runner
from driftlang.run.exposed import exposure_of_run
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.reading import read_replayed
from driftlang.run.runner import RunSummary, run_plan
from driftlang.run.selection import Selection

pytestmark = pytest.mark.opencode

#: What tells the time, and so differs from one run to the next.
WORK = ("git commit -qam work && git log -n 1", "ls -la; date")
ONE = Selection(models=("sim/keeper",))


class _NoProvider:
    """Stands where the simulated provider would be, and cannot be started."""

    def __init__(self) -> None:
        pytest.fail("a provider was started")


def _replay(folder: Path, again: Path, opencode: Path, selection: Selection = ONE) -> RunSummary:
    """Play the run in `folder` again; no provider can be started meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "SimulatedProvider", _NoProvider)
        played = run_plan(folder / "plan", again, jobs=2, opencode=opencode, selection=selection, replay=folder / "run")
        return asyncio.run(played)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Path:
    """A plan of two finished trials and one that was not run; its agents commit, list and ask for the time."""
    folder = tmp_path_factory.mktemp("recorded")
    plan = make_plan(folder / "plan", PlanShape(models=("sim/keeper", "sim/breaker", "sim/drifter"), commands=WORK))
    chosen = Selection(models=("sim/keeper", "sim/breaker"))
    summary = asyncio.run(run_plan(plan, folder / "run", jobs=2, opencode=opencode, selection=chosen))
    assert (summary.finished, summary.failed) == (2, ())
    return folder


@pytest.fixture(scope="module")
def played(made: Path, opencode: Path) -> tuple[RunSummary, Path]:
    """The whole plan played again."""
    return _replay(made, made / "again", opencode, Selection()), made / "again"


def test_a_replay_has_the_same_outcomes_and_trees(made: Path, played: tuple[RunSummary, Path]):
    recorded = results_of(made / "run")
    assert results_of(played[1]) == recorded
    assert [status for status, *_ in recorded.values()] == ["finished", "finished", "pending"]


def test_its_journal_says_of_which_run_it_is_a_replay(made: Path, played: tuple[RunSummary, Path]):
    assert len(read_replayed(played[1])) == 64
    assert read_replayed(made / "run") == ""


def test_a_trial_that_the_record_has_not_finished_is_listed_and_not_played(played: tuple[RunSummary, Path]):
    summary, again = played
    assert (summary.trials, summary.finished) == (3, 2)
    assert [(one.model, one.reason) for one in summary.failed] == [
        ("sim/drifter", "the recorded run has not finished this trial")
    ]
    assert [result.record.attempts for result in read_results(again)] == [1, 1, 0]


def test_answers_are_those_of_the_record_byte_for_byte(made: Path, played: tuple[RunSummary, Path]):
    for result in read_results(made / "run"):
        calls = [list(read_exchanges(folder, result.record.trial)) for folder in (made / "run", played[1])]
        said = [[(one.response, one.status, one.prompt_tokens) for one in some] for some in calls]
        assert said[0] == said[1]


def test_what_the_model_had_read_is_the_same(made: Path, played: tuple[RunSummary, Path]):
    assert _read_in(played[1]) == _read_in(made / "run")


def _read_in(run: Path) -> dict[tuple[str, str], list[list[tuple[object, ...]]]]:
    """What each step's messages came to, without distances: a path may be longer the second time."""
    return {
        trial: [
            [(one.message, one.is_read_before_edit, one.calls, one.kinds, one.copies) for one in step.messages]
            for step in steps
        ]
        for trial, steps in exposure_of_run(run).items()
    }


def test_a_request_that_is_another_than_was_recorded_ends_its_trial_as_an_error_that_says_where(
    made: Path, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    def changed(folder: Path, trial: str) -> Iterator[Exchange]:
        for call in read_exchanges(folder, trial):
            other = call.request.replace(b"It logs in as the", b"It signs in as the")
            yield evolve(call, request=other) if call.sequence == 3 else call

    monkeypatch.setattr(recorded_module, "read_exchanges", changed)
    (failed,) = _replay(made, tmp_path / "again", opencode).failed
    assert failed.reason.startswith("the replay deviates at model call 3: recorded `")
    recorded, _, now = failed.reason.partition(", now ")
    assert "signs in as the service user" in recorded
    assert "logs in as the service user" in now
    assert attempts_of(tmp_path / "again")[failed.trial] == 1, "another attempt would come to the same"


def test_a_trial_that_makes_fewer_calls_than_were_recorded_is_no_replay(
    made: Path, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    def longer(folder: Path, trial: str) -> Iterator[Exchange]:
        calls = list(read_exchanges(folder, trial))
        yield from (*calls, evolve(calls[-1], sequence=len(calls) + 1))

    monkeypatch.setattr(recorded_module, "read_exchanges", longer)
    (failed,) = _replay(made, tmp_path / "again", opencode).failed
    count = len(list(read_exchanges(made / "run", failed.trial)))
    assert failed.reason == f"the replay ended after {count} of {count + 1} recorded model calls"


def test_a_replay_and_its_record_do_not_share_a_folder(made: Path, opencode: Path):
    with pytest.raises(Failure, match="a replay and what it plays again stand in folders of their own"):
        _replay(made, made / "run", opencode)


def test_the_command_line_plays_a_run_again(made: Path, tmp_path: Path, opencode: Path):
    status, said, complained = run_command_line(
        *("run", made / "plan", "--replay", made / "run", "-o", tmp_path, "--quiet", "--model", "sim/breaker"),
        environment={"DRIFTLANG_OPENCODE": str(opencode)},
    )
    assert (status, complained) == (0, "")
    assert said.startswith("1 of 1 trials finished")
