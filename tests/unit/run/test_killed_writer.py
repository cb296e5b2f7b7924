"""A writer killed at any statement leaves a whole journal: what it had said is there, the rest is done again."""

import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from journals import DIGEST, TRIALS, entry_of, play, tree_of

from driftlang.observe.snapshot import Kept
from driftlang.run import schema
from driftlang.run.journal import Attempt, Journal
from driftlang.run.reading import read_results
from driftlang.run.records import RunnerStamp, TrialResult
from driftlang.run.schema import JOURNAL_FILE, reading
from driftlang.run.verifying import verify_run

STAMP = RunnerStamp("0.1.0", "1.18.33", "bubblewrap", "3.11", "Linux x86_64", 2)
#: How many records an undisturbed writer writes.
WRITTEN = 13


def _branch_step(attempt: Attempt, position: int) -> object:
    entry = entry_of(attempt, position, b"other %d" % position, b"arm %d" % position)
    calls = tuple(evolve(call, sequence=100 + position) for call in entry.exchanges)
    return evolve(entry, record=evolve(entry.record, branch="placebo"), exchanges=calls)


def _write(folder: Path, say: Callable[[], object]) -> None:
    """A run with an error, a branch, a new plan, and an orderly end; `say` after each record."""
    with Journal(folder, DIGEST, TRIALS[:2]):
        say()
    _go_on(folder, say)


def _go_on(folder: Path, say: Callable[[], object] = lambda: None) -> None:
    with Journal(folder, "e" * 64, TRIALS) as journal:
        say()
        journal.open_run(STAMP)
        say()
        statuses = journal.statuses()
        for cut in journal.cut_attempts():
            journal.note_cut(cut)
        if statuses["t1"] in {"pending", "running"} and not journal.error_counts()["t1"]:
            failed = journal.begin("t1", "m", "0123456789ab")
            say()
            journal.add_step(failed, entry_of(failed, 1, b"a", b"b", error="the server died"))
            say()
            journal.end(failed, "the server died", 1.0, ())
            say()
        if statuses["t1"] != "finished":
            _write_trial(journal, "t1", say)
        journal.close_run()
        say()


def _write_trial(journal: Journal, trial: str, say: Callable[[], object]) -> None:
    attempt = journal.begin(trial, "m", "0123456789ab")
    kept = Kept()
    journal.note_base(attempt, tree_of(kept, a=b"start"), kept.contents)
    journal.add_step(attempt, entry_of(attempt, 1, b"note 1", b"work 1"))
    say()
    journal.add_step(attempt, _branch_step(attempt, 2))
    say()
    journal.add_step(attempt, entry_of(attempt, 2, b"note 2", b"work 2"))
    say()
    journal.end(attempt, "", 5.0, ())
    say()


def _results(folder: Path) -> list[TrialResult]:
    """Without what a kill may change: when, and how often it was tried."""
    return [evolve(result, record=evolve(result.record, started=0.0, attempts=0)) for result in read_results(folder)]


def _die_at(folder: Path, statement: int) -> int:
    """Write in a process of its own that kills itself before a statement; how often it had said something, or -1."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        count = 0

        def trace(_: str) -> None:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        true_connect = sqlite3.connect

        def connect(*arguments: object, **options: object) -> sqlite3.Connection:
            connection = true_connect(*arguments, **options)
            connection.set_trace_callback(trace)
            return connection

        schema.sqlite3.connect = connect
        _write(folder, lambda: os.write(tell, b"."))
        os._exit(0)
    os.close(tell)
    with os.fdopen(told, "rb") as words:
        said = len(words.read())
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return said
    assert os.waitstatus_to_exitcode(status) == 0
    return -1


def _acknowledged(folder: Path) -> int:
    """How many of the moments at which the writer says something the journal has come to."""
    if not (folder / JOURNAL_FILE).is_file():
        return 0
    with reading(folder) as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM records ORDER BY number")]
    first_error = kinds.index("begun") if "begun" in kinds else len(kinds)
    return sum(kind not in {"begun", "base"} or place == first_error for place, kind in enumerate(kinds))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[TrialResult]:
    folder = tmp_path_factory.mktemp("undisturbed")
    _write(folder, lambda: None)
    return _results(folder)


def test_a_writer_killed_before_any_statement_loses_nothing_that_it_had_said(
    tmp_path: Path, undisturbed: list[TrialResult]
):
    statement, said = 0, 0
    while said >= 0:
        statement += 1
        folder = tmp_path / str(statement)
        folder.mkdir()
        said = _die_at(folder, statement)
        if said > 0:
            assert _acknowledged(folder) >= said, f"at statement {statement}"
            assert verify_run(folder).findings == (), f"at statement {statement}"
        _go_on(folder)
        assert verify_run(folder).findings == (), f"at statement {statement}"
        assert _results(folder) == undisturbed, f"at statement {statement}"
    assert statement > WRITTEN * 4, "every record takes some statements"


def test_a_clock_that_goes_back_and_forth_changes_neither_order_nor_results(
    tmp_path: Path, undisturbed: list[TrialResult], monkeypatch: pytest.MonkeyPatch
):
    moments = iter([2e9, 1e9, 3e9, 0.5e9, *[1.5e9 - hour * 3600.0 for hour in range(100)]])
    monkeypatch.setattr("driftlang.run.journal.time.time", lambda: next(moments))
    _write(tmp_path, lambda: None)
    assert _results(tmp_path) == undisturbed
    assert [result.record.seconds for result in read_results(tmp_path)] == [5.0, 0.0, 0.0]
    assert verify_run(tmp_path).findings == ()


def test_errors_are_counted_until_a_runner_ends_in_order(tmp_path: Path):
    with Journal(tmp_path, DIGEST, TRIALS) as journal:
        journal.open_run(STAMP)
        play(journal, "t1", reason="a")
        play(journal, "t2")
    with Journal(tmp_path, DIGEST, TRIALS) as journal:  # the first runner was killed
        journal.open_run(STAMP)
        play(journal, "t1", reason="b")
        assert journal.error_counts() == {"t1": 2}
        assert [(ending.attempt, ending.reason) for ending in journal.endings()] == [
            (Attempt("t1", 1), "a"),
            (Attempt("t2", 1), ""),
            (Attempt("t1", 2), "b"),
        ]
        journal.close_run()
        assert journal.error_counts() == {}


@pytest.mark.parametrize("other", [evolve(STAMP, opencode="1.18.34"), evolve(STAMP, sandbox="none")])
def test_a_runner_whose_trials_would_not_be_comparable_is_refused(tmp_path: Path, other: RunnerStamp):
    with Journal(tmp_path, DIGEST, TRIALS) as journal:
        journal.open_run(STAMP)
        with pytest.raises(Exception, match="would not be comparable"):
            journal.open_run(other)
        journal.open_run(evolve(STAMP, jobs=4, python="3.12", driftlang="0.2.0"))
    assert verify_run(tmp_path).findings == ()


def test_an_update_of_the_sandbox_is_told_and_not_refused(tmp_path: Path):
    with Journal(tmp_path, DIGEST, TRIALS) as journal:
        told = [journal.open_run(evolve(STAMP, sandbox=f"bubblewrap {version}")) for version in ("0.8", "0.8", "0.9")]
    assert told == ["", "", "the sandbox is bubblewrap 0.9 now; so far it was bubblewrap 0.8"]
    assert verify_run(tmp_path).findings == ()


def test_a_branch_is_read_from_the_work_tree_that_it_forked_off(tmp_path: Path):
    _write(tmp_path, lambda: None)
    result = next(found for found in read_results(tmp_path) if found.record.trial == "t1")
    assert [step.position for step in result.record.steps] == [1, 2]
    (branch,) = result.branches
    assert (branch.arm, [step.position for step in branch.steps]) == ("placebo", [2])
    assert branch.observation.base == {"a.py": b"work 1"}
    (step,) = branch.observation.steps
    assert [(change.before, change.after) for change in step.injected] == [(b"work 1", b"other 2")]
    assert [(change.before, change.after) for change in step.changes] == [(b"other 2", b"arm 2")]
    assert [(change.before, change.after) for change in result.observation.steps[1].injected] == [
        (b"work 1", b"note 2")
    ]


def test_each_trial_tells_under_what_it_was_made(tmp_path: Path):
    _write(tmp_path, lambda: None)
    assert [(result.record.opencode, result.record.sandbox) for result in read_results(tmp_path)] == [
        ("1.18.33", "bubblewrap"),
        ("", ""),
        ("", ""),
    ]
