"""`driftlang runs`: what runs have come to, what they do, and whether they are whole, also while one goes on."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve
from journals import entry_of, exchange_of

from driftlang.build.plan_toml import read_plan
from driftlang.cli import group, status_of
from driftlang.diagnostics.failure import ExitStatus
from driftlang.run.chain import read_head
from driftlang.run.folder import hold
from driftlang.run.journal import Journal
from driftlang.run.records import RunnerStamp
from driftlang.run.schema import JOURNAL_FILE

sys.path.insert(0, str(Path(__file__).parents[2] / "end_to_end"))
from small_plans import PlanShape, make_plan

Call = Callable[..., tuple[int, str, str]]
STAMP = RunnerStamp("0.1.0", "1.18.33", "bubblewrap", "3.11.7", "Linux x86_64", 2)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls `driftlang runs`: exit status, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        words = ["runs", *map(str, arguments)]
        status = status_of(lambda: group.main(words, prog_name="driftlang", standalone_mode=False))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of four trials: one finished, one that was tried again, one in error, one pending."""
    plan = make_plan(tmp_path / "plan", PlanShape(repeat=2, arms=("opposing", "placebo"), models=("sim/drifter",)))
    folder = tmp_path / "runs" / "small"
    with hold(folder, plan) as held, Journal(folder, held.digest, _trials(plan)) as journal:
        first, second, third, _ = _trials(plan)
        journal.open_run(STAMP)
        _play(journal, first)
        _play(journal, second, reason="step 2 (redis): the server ended by SIGKILL")
        _play(journal, second)
        _play(journal, third, reason="step 1 (postgres): the server ended by SIGKILL")
        journal.close_run()
    return folder


def _trials(plan: Path) -> list[str]:
    return [trial.id for trial in read_plan(plan).trials]


def _play(journal: Journal, trial: str, reason: str = "") -> None:
    attempt = journal.begin(trial, "m", "0123456789ab")
    for position in (1, 2):
        call = evolve(exchange_of(attempt, position, position), session=f"s{position}")
        entry = entry_of(attempt, position, b"a", b"b")
        journal.add_step(attempt, evolve(entry, exchanges=(call,)))
    journal.end(attempt, reason, 5.0, ())


def test_a_run_is_shown_with_its_trials_errors_and_tokens(call: Call, run: Path):
    status, said, complained = call("show", run, "--json")
    found = json.loads(said)
    assert (status, complained) == (0, "")
    assert found["trials"] == {"finished": 2, "error": 1, "running": 0, "pending": 1}
    assert found["attempts"] == {"finished": 2, "error": 2}
    assert found["failures"] == [{"reason": "the server ended by SIGKILL", "attempts": 2, "trials": 2}]
    (model,) = found["models"]
    assert (model["calls"], model["prompt_tokens"], model["completion_tokens"]) == (8, 800, 80)
    assert (model["dollars"], model["unpriced"]) == (None, 8)
    assert [(one["attempts"], one["stamp"]["sandbox"]) for one in found["runners"]] == [(4, "bubblewrap")]
    assert [retried["attempts"] for retried in found["retried"]] == [
        ["step 2 (redis): the server ended by SIGKILL", "finished"]
    ]
    assert found["head"]["digest"] == read_head(run).digest


def test_a_run_is_shown_in_words(call: Call, run: Path):
    status, said, _ = call("show", run)
    assert status == 0
    assert "trials: 2 finished, 1 error, 1 pending" in said
    assert "error: the server ended by SIGKILL (2 attempts at 2 trials)" in said
    assert "runner: driftlang 0.1.0, OpenCode 1.18.33, sandbox bubblewrap" in said


def test_runs_are_listed_and_a_damaged_one_hides_no_other(call: Call, run: Path):
    other = run.parent / "other"
    other.mkdir()
    (other / JOURNAL_FILE).write_bytes(b"no database" * 100)
    status, said, complained = call("list", run.parent)
    assert status == ExitStatus.INFRASTRUCTURE
    assert "small" in said
    assert complained.startswith(f"error: {other / JOURNAL_FILE} is damaged")
    status, said, _ = call("list", run.parent, "--json")
    assert [found["trials"]["finished"] for found in json.loads(said)["runs"]] == [2]


def test_a_folder_without_runs_is_told_from_one_that_is_not_there(call: Call, tmp_path: Path):
    assert call("list", tmp_path) == (0, f"no runs in {tmp_path}\n", "")
    status, _, complained = call("list", tmp_path / "none")
    assert (status, complained.splitlines()[0]) == (2, f"error: there is no folder {tmp_path / 'none'}")


@pytest.mark.parametrize("command", ["show", "tail", "verify"])
def test_a_folder_that_holds_no_run_is_misuse(call: Call, tmp_path: Path, command: str):
    status, _, complained = call(command, tmp_path)
    assert (status, "holds no run" in complained) == (2, True)


def test_the_last_records_are_told(call: Call, run: Path):
    status, said, _ = call("tail", run, "-n", "3")
    lines = said.splitlines()
    assert (status, len(lines)) == (0, 3)
    assert lines[1].endswith(
        "(ledger/keep_inline/opposing#2, sim/drifter): error: step 1 (postgres): the server ended by SIGKILL"
    )
    assert lines[2] == "the runner ended in order"
    status, said, _ = call("tail", run, "-n", "1", "--json")
    assert json.loads(said)["kind"] == "closed"


def test_a_run_is_followed_until_its_runner_is_gone(run: Path, tmp_path: Path):
    *_, fourth = _trials(tmp_path / "plan")
    command = [sys.executable, "-m", "driftlang", "runs", "tail", str(run), "--follow", "-n", "1"]
    with hold(run, tmp_path / "plan") as held, Journal(run, held.digest, _trials(tmp_path / "plan")) as journal:
        follower = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert follower.stdout is not None
        told = [follower.stdout.readline()]  # of the past: from here on it follows
        attempt = journal.begin(fourth, "m", "0123456789ab")
        told.append(follower.stdout.readline())
        journal.end(attempt, "", 5.0, ())
    said, _ = follower.communicate(timeout=30)
    assert follower.returncode == 0
    assert [line.strip().rpartition("): ")[2] for line in (*told, *said.splitlines())] == [
        "the runner ended in order",
        "an attempt began",
        "finished, 5.0 s",
    ]


def test_a_whole_run_is_verified_and_its_head_told(call: Call, run: Path):
    head = read_head(run)
    status, said, _ = call("verify", run, "--head", head.digest)
    assert status == 0
    assert said.startswith(f"{run}: whole: {head.number} records, 8 model calls, ")
    assert said.endswith(f"head {head.digest}\n")


def test_a_run_that_was_changed_ends_with_a_finding(call: Call, run: Path):
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        connection.execute("DROP TRIGGER exchanges_stay")
        connection.execute("DELETE FROM exchanges WHERE number = 3")
        connection.commit()
    status, said, _ = call("verify", run, "--json")
    (found,) = json.loads(said)["runs"]
    assert status == ExitStatus.FINDING
    assert [(finding["record"] > 0, finding["step"]) for finding in found["findings"]] == [
        (True, 1),
        (True, 2),
        (False, 0),
    ]
    status, said, _ = call("verify", run)
    assert "step 1): model call 1 is missing" in said


def test_a_plan_that_was_changed_is_a_finding(call: Call, run: Path):
    (run / "plan" / "scorers").mkdir()
    assert call("verify", run)[0] == 0, "an empty folder says nothing"
    (run / "plan" / "scorers" / "ledger.toml").write_text("mode = 'lenient'")
    status, said, _ = call("verify", run)
    assert (status, said.splitlines()[0]) == (
        ExitStatus.FINDING,
        f"{run}: the plan in `plan` is not the one that the journal names",
    )


def test_a_head_is_of_one_run(call: Call, run: Path):
    assert call("verify", run, run, "--head", "abc")[0] == ExitStatus.MISUSE


def test_one_run_is_nothing_to_compare(call: Call, run: Path):
    assert call("compare", run)[0] == ExitStatus.MISUSE


def test_what_was_killed_reads_as_cut_off_in_all_commands(call: Call, tmp_path: Path):
    plan, folder = make_plan(tmp_path / "plan", PlanShape(models=("sim/drifter",))), tmp_path / "run"
    with hold(folder, plan) as held, Journal(folder, held.digest, _trials(plan)) as journal:
        journal.begin(*_trials(plan), "m", "0123456789ab")
    assert "trials: 1 running" in call("show", folder)[1]
    with hold(folder, plan) as held, Journal(folder, held.digest, _trials(plan)) as journal:
        (cut,) = journal.cut_attempts()
        journal.note_cut(cut)
        said = call("show", folder)[1]
    assert "a runner is at work" in said
    assert "attempts: 1 cut" in said
    assert call("tail", folder, "-n", "1")[1].endswith("cut off: what it left was removed\n")
