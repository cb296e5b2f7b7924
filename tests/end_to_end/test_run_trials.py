"""Trials through the real OpenCode: what happened is what the journal holds."""

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from small_plans import CONSTRAINT, INSTRUCTIONS, NOTE, PlanShape, make_plan, markers_of, rows_of, source_of, text_of

from driftlang.gateway.forms import Exchange
from driftlang.inject.forms import INTACT
from driftlang.run.configuration import NEUTRAL_PROMPT
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.reaping import marked
from driftlang.run.records import TrialResult
from driftlang.run.runner import RunSummary, run_plan

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]


def _run(plan: Path, run: Path, opencode: Path) -> RunSummary:
    return asyncio.run(run_plan(plan, run, jobs=1, opencode=opencode))


def _only(run: Path) -> TrialResult:
    (result,) = read_results(run)
    return result


def _messages(exchange: Exchange) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = json.loads(exchange.request)["messages"]
    return messages


def _text(message: dict[str, object]) -> str:
    """A message's text, be it one string or parts."""
    content = message["content"]
    if isinstance(content, str):
        return content
    assert isinstance(content, list)
    return "".join(part["text"] for part in content)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Path:
    """A finished run of one trial of two steps, the constraint in the agents file."""
    folder = tmp_path_factory.mktemp("finished")
    plan = make_plan(folder / "plan", PlanShape(steps=2, commands=("git status --short",)))
    summary = _run(plan, folder / "run", opencode)
    assert (summary.trials, summary.finished, summary.failed) == (1, 1, ())
    return folder / "run"


@pytest.fixture(scope="module")
def finished_with_system_prompt(tmp_path_factory: pytest.TempPathFactory, opencode: Path) -> Path:
    """The same with the constraint in the system prompt."""
    folder = tmp_path_factory.mktemp("system")
    _run(make_plan(folder / "plan", PlanShape(steps=2, place="system_prompt")), folder / "run", opencode)
    return folder / "run"


def test_a_trial_runs_to_its_end_and_the_journal_holds_what_happened(finished: Path):
    result = _only(finished)
    assert (result.record.status, result.record.attempts) == ("finished", 1)
    assert [(step.step, step.finish, step.error, step.injected) for step in result.record.steps] == [
        ("postgres", "stop", "", ("placed",)),
        ("redis", "stop", "", ("placed",)),
    ]
    assert all(step.prompt_tokens > 1000 and step.completion_tokens > 0 for step in result.record.steps)
    step = result.observation.steps[0]
    (injected,) = step.injected
    assert (injected.path, injected.before) == ("ledger/postgres.py", source_of("postgres").encode())
    assert NOTE.encode() in (injected.after or b"").replace(b"\n# ", b" ")
    (change,) = step.changes
    assert change.before == injected.after
    assert b'os.environ["PASSWORD"]' in (change.after or b"")
    assert [(run.command, run.exit, run.answer) for run in step.commands] == [("git status --short", 0, 3)]
    assert step.reply == "connect() of postgres is done."


@pytest.mark.parametrize("run", ["finished", "finished_with_system_prompt"])
def test_the_constraint_stands_once_in_every_system_prompt_and_in_no_user_turn(
    request: pytest.FixtureRequest, run: str
):
    folder: Path = request.getfixturevalue(run)
    result = _only(folder)
    exchanges = list(read_exchanges(folder, result.record.trial))
    assert len(exchanges) == sum(step.model_calls for step in result.record.steps) >= 4
    for exchange in exchanges:
        systems = [_text(message) for message in _messages(exchange) if message["role"] == "system"]
        users = [_text(message) for message in _messages(exchange) if message["role"] == "user"]
        assert "".join(systems).count(CONSTRAINT) == 1
        assert INSTRUCTIONS in "".join(systems)
        assert users == [text_of("postgres"), text_of("redis")][: exchange.position]


def test_each_comment_is_in_its_file_before_the_turn(finished: Path):
    """What the model was shown of the file in its turn holds the comment: it stood there when the agent read it."""
    trial = _only(finished).record.trial
    for position, module in ((1, "postgres"), (2, "redis")):
        calls = [call for call in read_exchanges(finished, trial) if call.position == position]
        shown = [
            _text(message)
            for message in _messages(calls[-1])
            if message["role"] == "tool" and f"ledger/{module}.py" in _text(message)
        ]
        assert any(f"Ticket {position}." in text for text in shown)
        assert not any(f"Ticket {position}." in _text(message) for message in _messages(calls[0]))


def test_the_agents_shell_sees_nothing_of_the_host_or_of_the_experiment(
    plan_of: MakePlan, tmp_path: Path, opencode: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET_OF_THE_HOST", "hunter2")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    _run(plan_of(PlanShape(steps=1, commands=("env > env.txt", "pwd >> env.txt"))), tmp_path / "run", opencode)
    (step,) = _only(tmp_path / "run").observation.steps
    seen = next((change.after or b"").decode() for change in step.changes if change.path == "env.txt")
    assert "HOME=" in seen
    for told in ("hunter2", "sk-real", str(Path.home()) + "\n", "drift", "breaker", "opposing", "keep_inline", "arm"):
        assert told not in seen.lower()


def test_what_the_agent_leaves_running_is_ended_with_the_trial(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(PlanShape(steps=1, commands=("sleep 600 > /dev/null 2>&1 &", "pgrep -x sleep > left.txt")))
    _run(plan, tmp_path / "run", opencode)
    (step,) = _only(tmp_path / "run").observation.steps
    left = next(change.after for change in step.changes if change.path == "left.txt")
    assert left, "the command was running while the trial went on"
    assert [process for marker in markers_of(tmp_path / "run") for process in marked(marker)] == []


def test_fresh_sessions_know_nothing_of_former_turns_and_removed_comments_are_gone(
    plan_of: MakePlan, tmp_path: Path, opencode: Path
):
    shape = PlanShape(steps=2, session="fresh", earlier="removed", harness="neutral", models=("sim/keeper",))
    _run(plan_of(shape), tmp_path / "run", opencode)
    result = _only(tmp_path / "run")
    assert result.record.status == "finished"
    last = list(read_exchanges(tmp_path / "run", result.record.trial))[-1]
    assert [_text(message) for message in _messages(last) if message["role"] == "user"] == [text_of("redis")]
    request = json.loads(last.request)
    assert (request["model"], request["temperature"]) == ("subject", 0)
    assert _text(_messages(last)[0]).startswith(NEUTRAL_PROMPT)
    assert len({row[0] for row in rows_of(tmp_path / "run", "SELECT session FROM steps")}) == 2
    removed, added = result.observation.steps[1].injected
    assert (removed.path, added.path) == ("ledger/postgres.py", "ledger/redis.py")
    assert NOTE.split()[0].encode() not in (removed.after or b"")
    assert [[(one.fate, one.path) for one in step.earlier] for step in result.record.steps] == [
        [],
        [(INTACT, "ledger/postgres.py")],
    ]


def test_a_taken_port_does_not_matter(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    """OpenCode asked for any port takes 4096 first."""
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else has it: as good
            taken.bind(("127.0.0.1", 4096))
            taken.listen()
        assert _run(plan_of(PlanShape(steps=1)), tmp_path / "run", opencode).finished == 1


def test_trials_at_the_same_time_do_not_meet(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    plan = plan_of(
        PlanShape(steps=1, directions=("keep_inline", "keep_external"), models=("sim/keeper", "sim/breaker"))
    )
    summary = asyncio.run(run_plan(plan, tmp_path / "run", jobs=4, opencode=opencode))
    assert summary.finished == summary.trials == 4
    for result in read_results(tmp_path / "run"):
        exchanges = list(read_exchanges(tmp_path / "run", result.record.trial))
        assert len({exchange.session for exchange in exchanges}) == 1
        assert [exchange.sequence for exchange in exchanges] == list(range(1, len(exchanges) + 1))
        assert [change.path for step in result.observation.steps for change in step.changes] == ["ledger/postgres.py"]


def test_a_turn_of_many_calls_is_recorded_whole_and_alone(plan_of: MakePlan, tmp_path: Path, opencode: Path):
    commands = tuple(f"echo {number}" for number in range(12))
    _run(plan_of(PlanShape(steps=2, commands=commands)), tmp_path / "run", opencode)
    for step in _only(tmp_path / "run").observation.steps:
        assert [ran.command for ran in step.commands] == list(commands)
