"""What an agent does when it is probed is undone, and a compaction that fails is an error: with the real OpenCode."""

from pathlib import Path

import pytest
from session_plans import PROBE, Scenario, run_scenario

from driftlang.sim import respond
from driftlang.sim.chat import Answer, Call, ChatError, ChatRequest
from driftlang.sim.playbook import Playbook

pytestmark = pytest.mark.opencode

_TRACES = "echo x >> probed.txt; echo x >> ~/.probed; echo x >> $TMPDIR/probed; git commit -q --allow-empty -m probed"
_LISTING = "ls -A . ~ $TMPDIR > listing.txt; git log --format=%s >> listing.txt; cksum shop/*.py >> listing.txt"


def _meddling(request: ChatRequest, _: Playbook) -> Answer:
    """Answers a probe after a command that leaves traces everywhere."""
    if not request.turns[-1].done:
        return Answer("0-0", calls=(Call("bash", {"command": _TRACES, "description": "Leave traces"}),))
    return Answer("0-1", text="Done.")


def _failing(_: ChatRequest, __: Playbook) -> Answer:
    raise ChatError(400, "invalid_request_error", "no summaries today")


def test_what_a_probe_made_the_agent_do_is_undone(tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(respond, "_aside", _meddling)
    session = f'mode continue\n  probe rules at step 2 {{ ask "{PROBE}" }}'
    scenario = Scenario(session, steps=("orders", "returns"), runs=f'run "{_LISTING}"')
    ran = run_scenario(tmp_path / "study", scenario, opencode)
    step = ran.result.record.steps[1]
    assert (step.error, [probe.reply for probe in step.probes]) == ("", ["Done."])
    assert [one.status for one in ran.exchanges if one.purpose == "probe"] == [200, 200]
    listing = next(
        change.after for change in ran.result.observation.steps[1].changes if change.path.endswith("listing.txt")
    )
    assert listing
    assert b"probed" not in listing
    assert b"Start the shop" in listing


def test_a_compaction_that_fails_is_an_error_and_no_score(
    tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(respond, "_aside", _failing)
    scenario = Scenario("mode continue\n  compact before step 2", steps=("orders", "returns"))
    ran = run_scenario(tmp_path / "study", scenario, opencode)
    record = ran.result.record
    assert (record.status, record.attempts, len(record.steps)) == ("error", 2, 1)
    assert record.reason.startswith("`compact` before step 2 (")
    assert "no summaries today" in record.reason
    (failed,) = [one for one in ran.exchanges if one.purpose == "compact"]
    assert (failed.position, failed.status) == (2, 400)
