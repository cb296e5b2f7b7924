"""The journal keeps whole steps, survives being cut off anywhere, and reads back what was written."""

import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve
from journals import DIGEST, TRIALS, entry_of, exchange_of, open_journal, play

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.observe.forms import Change
from driftlang.run.chain import HEAD_FILE
from driftlang.run.journal import Attempt, Journal, read_exchanges, read_results
from driftlang.run.records import EarlierText
from driftlang.run.schema import JOURNAL_FILE


def _statuses(folder: Path) -> dict[str, str]:
    return {result.record.trial: result.record.status for result in read_results(folder)}


def test_every_trial_of_the_plan_is_pending_at_first_in_the_plans_order(tmp_path: Path):
    with open_journal(tmp_path):
        assert [(result.record.trial, result.record.status) for result in read_results(tmp_path)] == [
            (trial, "pending") for trial in TRIALS
        ]


def test_a_finished_trial_reads_back_as_it_was_written(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        play(journal, "t2")
    (result,) = (found for found in read_results(tmp_path) if found.record.trial == "t2")
    assert (result.record.status, result.record.attempts, result.record.seconds) == ("finished", 1, 5.0)
    assert [step.position for step in result.record.steps] == [1, 2]
    assert result.record.steps[0].injected == ("placed",)
    assert result.observation.base == {"a.py": b"start"}
    first, second = result.observation.steps
    assert first.injected == (Change("a.py", b"start", b"note 1"),)
    assert first.changes == (Change("a.py", b"note 1", b"work 1"),)
    assert second.injected == (Change("a.py", b"work 1", b"note 2"),)
    assert (second.targets, second.reply) == (("a.py",), "Done.")


def test_model_calls_read_back_byte_for_byte_in_order(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = play(journal, "t1")
    assert list(read_exchanges(tmp_path, "t1")) == [exchange_of(attempt, number, number) for number in (1, 2)]


def test_readers_see_the_last_attempt_alone(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        play(journal, "t1", steps=1, reason="the server died")
        second = play(journal, "t1", steps=2)
    (result,) = (found for found in read_results(tmp_path) if found.record.trial == "t1")
    assert (result.record.attempts, result.record.status, len(result.record.steps)) == (2, "finished", 2)
    assert {exchange.attempt for exchange in read_exchanges(tmp_path, "t1")} == {second.number}


def test_a_trial_in_error_keeps_its_reason_and_its_steps_so_far(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        play(journal, "t3", steps=1, reason="step 2 (redis): the server ended by SIGKILL")
    (result,) = (found for found in read_results(tmp_path) if found.record.trial == "t3")
    assert (result.record.status, len(result.record.steps)) == ("error", 1)
    assert result.record.reason == "step 2 (redis): the server ended by SIGKILL"


def test_text_that_is_no_unicode_is_kept_with_question_marks(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        entry = entry_of(attempt, 1, b"a", b"b", error="bad \ud83d")
        calls = tuple(evolve(call, error="\udc00", path="/\udc00") for call in entry.exchanges)
        journal.add_step(attempt, evolve(entry, session="s\ud83d", exchanges=calls))
        journal.end(attempt, "bad \ud83d", 1.0, ())
    result = next(found for found in read_results(tmp_path) if found.record.trial == "t1")
    assert (result.record.reason, result.record.steps[0].error) == ("bad ?", "bad ?")
    assert [(call.error, call.path) for call in read_exchanges(tmp_path, "t1")] == [("?", "/?")]


EARLIER = EarlierText("altered", "a.py", "Ines asks.")


def test_what_became_of_earlier_comments_is_on_record(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        entry = entry_of(attempt, 1, b"a", b"b")
        journal.add_step(attempt, evolve(entry, record=evolve(entry.record, earlier=(EARLIER,))))
        journal.add_step(attempt, entry_of(attempt, 2, b"c", b"d"))
    result = next(found for found in read_results(tmp_path) if found.record.trial == "t1")
    assert [(step.injected, step.earlier) for step in result.record.steps] == [
        (("placed",), (EARLIER,)),
        (("placed",), ()),
    ]


def test_a_step_that_cannot_be_written_whole_leaves_nothing(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        journal.add_step(attempt, entry_of(attempt, 1, b"a", b"b"))
        with pytest.raises(Failure, match="UNIQUE constraint"):
            journal.add_step(attempt, entry_of(attempt, 1, b"c", b"d"))
        journal.add_step(attempt, entry_of(attempt, 2, b"e", b"f"))
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (9,), "files, trees and messages of two steps"
    assert connection.execute("SELECT count(*) FROM exchanges").fetchone() == (2,)
    connection.close()


WRITER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from journals import entry_of, open_journal, play
journal = open_journal(Path({folder!r}))
play(journal, "t1")
attempt = journal.begin("t2", "the-marker", "0123456789ab")
position = 0
while True:
    position += 1
    journal.add_step(attempt, entry_of(attempt, position, b"x%d" % position, b"y%d" % position))
    print(position, flush=True)
"""


def test_kill_9_loses_no_step_that_was_acknowledged(tmp_path: Path):
    """Whatever the writer said was written is there after it was killed in the middle of writing more."""
    script = WRITER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(40)]
        writer.kill()
        said = int([*acknowledged, *writer.stdout.readlines()][-1])
    with open_journal(tmp_path) as journal:
        assert journal.statuses() == {"t1": "finished", "t2": "running", "t3": "pending"}
        (cut,) = journal.cut_attempts()
        assert (cut.attempt, cut.marker, cut.place) == (Attempt("t2", 1), "the-marker", "0123456789ab")
    (result,) = (found for found in read_results(tmp_path) if found.record.trial == "t2")
    assert [step.position for step in result.record.steps][:said] == list(range(1, said + 1))
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_cut_attempt_is_reaped_once_and_its_trial_begins_anew(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        journal.begin("t1", "m", "p")
    with open_journal(tmp_path) as journal:
        (cut,) = journal.cut_attempts()
        journal.note_cut(cut)
        assert journal.cut_attempts() == ()
        assert journal.begin("t1", "m2", "p2") == Attempt("t1", 2)


def test_a_plan_that_lacks_a_trial_of_the_run_is_refused(tmp_path: Path):
    open_journal(tmp_path).__exit__(None, None, None)
    with pytest.raises(Failure, match="another plan") as refusal:
        Journal(tmp_path, "e" * 64, TRIALS[1:])
    assert refusal.value.status is ExitStatus.MISUSE


def test_a_full_disk_is_one_failure_and_the_journal_stays_good(tmp_path: Path):
    """A limit on the size of files is what a full disk is to SQLite: a write that is refused."""
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from journals import entry_of, open_journal, play
from driftlang.diagnostics.failure import Failure
import os
journal = open_journal(Path({str(tmp_path)!r}))
play(journal, "t1")
attempt = journal.begin("t2", "m", "p")
try:
    for position in range(1, 1000):
        journal.add_step(attempt, entry_of(attempt, position, os.urandom(5000), os.urandom(5000)))
except Failure as failure:
    print(failure.message)
    sys.exit(failure.status)
"""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, preexec_fn=limit
    )
    assert (ended.returncode, ended.stderr) == (ExitStatus.INFRASTRUCTURE, "")
    assert JOURNAL_FILE in ended.stdout
    assert ended.stdout.count("\n") == 1
    with open_journal(tmp_path) as journal:
        assert journal.statuses()["t1"] == "finished"
        play(journal, "t2")
    assert _statuses(tmp_path)["t2"] == "finished"


def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / JOURNAL_FILE).write_bytes(b"somebody's notes, not a database" * 100)
    with pytest.raises(Failure, match="not a database"):
        open_journal(tmp_path)
    with pytest.raises(Failure, match="not a database"):
        list(read_results(tmp_path))
    assert (tmp_path / JOURNAL_FILE).read_bytes().startswith(b"somebody's notes")


def test_a_database_of_somebody_else_is_refused(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    for use in (lambda: open_journal(tmp_path), lambda: list(read_results(tmp_path))):
        with pytest.raises(Failure, match="not a journal of driftlang"):
            use()


def test_a_journal_of_another_form_is_refused(tmp_path: Path):
    open_journal(tmp_path).__exit__(None, None, None)
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Failure, match="form 99"):
        open_journal(tmp_path)


def test_a_folder_without_a_journal_holds_no_run(tmp_path: Path):
    with pytest.raises(Failure, match="holds no run") as refusal:
        list(read_results(tmp_path))
    assert refusal.value.status is ExitStatus.MISUSE


def test_a_place_that_cannot_be_written_is_one_failure(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="cannot be used"):
        open_journal(tmp_path / "file")


def test_a_run_can_be_read_while_it_is_written(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        journal.add_step(attempt, entry_of(attempt, 1, b"a", b"b"))
        (result,) = (found for found in read_results(tmp_path) if found.record.trial == "t1")
        assert (result.record.status, len(result.record.steps)) == ("running", 1)


def test_a_closed_journal_is_one_file_beside_that_of_its_head(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        play(journal, "t1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [HEAD_FILE, JOURNAL_FILE]


def test_the_digest_of_the_plan_is_kept(tmp_path: Path):
    journal = Journal(tmp_path, DIGEST, TRIALS)
    journal.__exit__(None, None, None)
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    query = "SELECT json_extract(content, '$.digest') FROM records WHERE kind = 'plan'"
    assert connection.execute(query).fetchall() == [(DIGEST,)]
    connection.close()
