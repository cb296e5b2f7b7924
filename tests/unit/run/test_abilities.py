"""What a runner cannot do is refused before anything is started."""

import asyncio
from pathlib import Path

import pytest
from attrs import evolve

from driftlang.build.plan import PlannedCell, PlannedScript, PlannedTrial, Tool
from driftlang.cells.events import CompactEvent, PrefixTurn, RemindEvent, TurnEvent
from driftlang.cells.forms import Turn, TurnCheck
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.run import runner
from driftlang.run.abilities import refuse_unable
from driftlang.run.selection import Job

CELL = PlannedCell(
    *("s/keep/bare", "s", "keep", "a", "b", "bare", {}, "agents_file", "Keep it.", "Keep it.", "continue", "stay"),
    *("repos/0", "ledger", "0" * 40, "scorers/s.toml", "solutions/s.toml"),
)


def job(*events: TurnEvent, cell: PlannedCell = CELL, checks: tuple[TurnCheck, ...] = ()) -> Job:
    turn = Turn(1, "one", "Do it.", (), (), events, checks)
    script = PlannedScript("s/keep/bare#1", CELL.id, 1, 7, (turn,))
    return Job(PlannedTrial("0" * 16, script.id, "sim/keeper", {}), script, cell)


def test_a_plan_without_events_is_run():
    refuse_unable([job()])


def test_events_are_refused_by_name_each_once():
    with pytest.raises(Failure, match=r"cannot run yet: `compact`, `remind`$") as failure:
        refuse_unable([job(), job(CompactEvent(), RemindEvent("Keep it."), RemindEvent("Keep it."))])
    assert failure.value.status is ExitStatus.MISUSE


def test_checks_of_steps_are_refused_and_not_passed_over():
    with pytest.raises(Failure, match="`check`"):
        refuse_unable([job(checks=(TurnCheck("true", 60.0),))])


def test_a_prefix_and_a_closed_network_are_refused():
    cell = evolve(CELL, prefix=(PrefixTurn("user", "Hello."),), network="none")
    with pytest.raises(Failure, match="`prefix`, `network none`"):
        refuse_unable([job(cell=cell)])


def test_a_tool_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("driftlang.run.abilities.AGENT_PATH", (str(tmp_path),))
    needing = job(cell=evolve(CELL, uses=(Tool("go", "1.22"),)))
    with pytest.raises(Failure, match=r"uses `go` 1\.22, which is not on the agent's PATH"):
        refuse_unable([needing])
    (tmp_path / "go").write_text("#!/bin/sh\n")
    (tmp_path / "go").chmod(0o755)
    refuse_unable([needing])


def test_nothing_is_written_or_started_for_a_plan_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runner, "read_plan", lambda _: None)
    monkeypatch.setattr(runner, "check_manifest", lambda _: None)
    monkeypatch.setattr(runner, "select_jobs", lambda *_: (job(CompactEvent()),))
    monkeypatch.setattr(runner, "find_opencode", pytest.fail)
    with pytest.raises(Failure, match="`compact`"):
        asyncio.run(runner.run_plan(tmp_path / "plan", tmp_path / "run"))
    assert list(tmp_path.iterdir()) == []
