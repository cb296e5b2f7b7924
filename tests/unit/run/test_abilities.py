"""What a runner cannot do is refused before anything is started."""

import asyncio
from pathlib import Path

import pytest
from attrs import evolve

from driftlang.build.plan import PlannedCell, PlannedScript, PlannedTrial, Tool
from driftlang.cells.events import (
    CompactEvent,
    ForkEvent,
    PadEvent,
    PrefixTurn,
    ProbeEvent,
    RemindEvent,
    SwitchEvent,
    TurnEvent,
)
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


def test_whatever_a_session_may_hold_is_run():
    events = (
        *(ForkEvent(("placebo",)), SwitchEvent("other", "b", "Drop it.", "Drop it."), CompactEvent()),
        *(PadEvent(400, "0" * 16), RemindEvent("Keep it."), ProbeEvent("mood", "How is it going?")),
    )
    refuse_unable([job(*events, cell=evolve(CELL, prefix=(PrefixTurn("user", "Hello."),)))])


def test_checks_of_steps_are_run():
    refuse_unable([job(checks=(TurnCheck("true", 60.0),))])


def test_a_closed_network_needs_a_sandbox():
    closed = job(cell=evolve(CELL, network="none"))
    with pytest.raises(Failure, match="wants `network none`, which only a sandbox can see to") as failure:
        refuse_unable([closed])
    assert failure.value.status is ExitStatus.MISUSE
    refuse_unable([closed], is_confined=True)


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
    monkeypatch.setattr(runner, "select_jobs", lambda *_: (job(cell=evolve(CELL, network="none")),))
    monkeypatch.setattr(runner, "find_opencode", pytest.fail)
    with pytest.raises(Failure, match="`network none`"):
        asyncio.run(runner.run_plan(tmp_path / "plan", tmp_path / "run", sandbox="none"))
    assert list(tmp_path.iterdir()) == []
