"""A journal is verified: what was changed, taken out, moved or put in is found, with its trial and step."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve
from journals import DIGEST, TRIALS, entry_of, exchange_of, open_journal, play

from driftlang.run.chain import HEAD_FILE, Head, HeadFile, Link, read_head
from driftlang.run.journal import Journal
from driftlang.run.schema import JOURNAL_FILE
from driftlang.run.stored_forms import pack, unpack
from driftlang.run.verifying import verify_run

#: Numbers of the records that `run` has: the plan; then of `t1` its beginning, base, two steps and end; then `t2`'s.
FIRST_STEP, SECOND_STEP, END, LAST = 4, 5, 6, 11


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with open_journal(tmp_path) as journal:
        play(journal, "t1")
        play(journal, "t2")
    return tmp_path


def _tamper(run: Path, *statements: str) -> None:
    """What somebody does who knows SQLite: the triggers go, and come back so that nobody sees it."""
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def _messages(run: Path, head: str = "") -> list[str]:
    return [finding.message for finding in verify_run(run, head).findings]


def test_a_journal_that_nobody_touched_is_whole(run: Path):
    found = verify_run(run)
    assert (found.findings, found.records, found.calls, found.is_head_named) == ((), LAST, 4, True)
    assert found.head == read_head(run)


@pytest.mark.parametrize("table", ["records", "blobs", "exchanges"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 100"])
def test_sqlite_refuses_to_change_or_remove_what_was_recorded(run: Path, table: str, statement: str):
    with (
        closing(sqlite3.connect(run / JOURNAL_FILE)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append only"),
    ):
        connection.execute(statement.format(table))


def test_sqlite_refuses_a_record_that_does_not_stand_behind_the_last(run: Path):
    with (
        closing(sqlite3.connect(run / JOURNAL_FILE)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="another runner"),
    ):
        connection.execute("INSERT INTO records VALUES (99, 'begun', 't9', 1, '', 0, '{}', '')")


NO_LINK = "it does not follow from the record before: it was changed, moved or put in"
STEP_2 = f"record {SECOND_STEP} (step, trial t1, attempt 1, step 2)"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            f'UPDATE records SET content = replace(content, \'"error":""\', \'"error":"x"\') WHERE number = {SECOND_STEP}',
            f"{STEP_2}: {NO_LINK}",
        ),
        (
            f"UPDATE records SET trial = 't3' WHERE number = {END}",
            f"record {END} (ended, trial t3, attempt 1): {NO_LINK}",
        ),
        (
            f"DELETE FROM records WHERE number = {FIRST_STEP}",
            f"{STEP_2}: record {FIRST_STEP} is missing before it",
        ),
        (
            "DELETE FROM exchanges WHERE trial = 't1' AND sequence = 2",
            f"{STEP_2}: model call 2 is missing",
        ),
        (
            "UPDATE exchanges SET record = replace(record, ':200', ':201') WHERE trial = 't1' AND sequence = 2",
            f"{STEP_2}: model call 2 was changed",
        ),
        (
            "UPDATE exchanges SET response = x'00' WHERE trial = 't1' AND sequence = 2",
            f"{STEP_2}: model call 2 cannot be read, nor those that are told from it",
        ),
        (
            "INSERT INTO exchanges SELECT 't3', 1, 1, record, request, response, 0, 0, 0 FROM exchanges LIMIT 1",
            "trial t3, attempt 1: model call 1 is in no record: it was put in",
        ),
        (
            "DROP VIEW trials",
            "tables, views or triggers of the journal were changed",
        ),
    ],
    ids=["content", "trial", "record gone", "call gone", "call", "call unreadable", "call put in", "view"],
)
def test_what_was_changed_is_told_with_its_place(run: Path, change: str, message: str):
    _tamper(run, change)
    assert message in _messages(run)


def _blob(run: Path, content: bytes) -> str:
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        rows = connection.execute("SELECT digest, content FROM blobs").fetchall()
    return next(digest for digest, stored in rows if content in unpack(stored))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"work 1", "`a.py` in the work tree after the turn"),
        (b"note 1", "`a.py` in the work tree before the turn"),
        (b"start", "`a.py` in the repository at its start"),
        (b'"Done."', "the turn's messages"),
    ],
)
def test_a_content_that_was_changed_or_is_gone_is_told_at_the_steps_that_saw_it(run: Path, content: bytes, told: str):
    digest = _blob(run, content)
    other = pack(b"another").hex()
    _tamper(run, f"UPDATE blobs SET content = x'{other}' WHERE digest = '{digest}'")
    changed = verify_run(run).findings
    _tamper(run, f"DELETE FROM blobs WHERE digest = '{digest}'")
    gone = verify_run(run).findings
    assert {finding.message.partition(": ")[2] for finding in changed} == {f"{told} was changed"}
    assert {finding.message.partition(": ")[2] for finding in gone} == {f"{told} is missing"}
    assert {finding.trial for finding in changed} == {"t1", "t2"}


def test_a_snapshot_that_was_changed_is_told(run: Path):
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        (digest,) = connection.execute("SELECT after FROM steps WHERE trial = 't1' AND position = 2").fetchone()
    _tamper(run, f"UPDATE blobs SET content = x'{pack(b'{}').hex()}' WHERE digest = '{digest}'")
    assert f"{STEP_2}: the work tree after the turn was changed" in _messages(run)


def test_records_that_changed_places_are_both_told(run: Path):
    moves = ((FIRST_STEP, -1), (SECOND_STEP, FIRST_STEP), (-1, SECOND_STEP))
    _tamper(run, *(f"UPDATE records SET number = {to} WHERE number = {of}" for of, to in moves))
    told = {finding.record for finding in verify_run(run).findings}
    assert {FIRST_STEP, SECOND_STEP} <= told


def test_a_step_that_was_taken_out_with_the_gap_closed_is_told(run: Path):
    renumber = [f"UPDATE records SET number = number - 1 WHERE number = {n}" for n in range(SECOND_STEP, LAST + 1)]
    _tamper(run, f"DELETE FROM records WHERE number = {FIRST_STEP}", *renumber)
    messages = _messages(run)
    place = f"record {FIRST_STEP} (step, trial t1, attempt 1, step 2)"
    assert f"{place}: step 1 of the attempt is missing before it" in messages
    assert f"{place}: {NO_LINK}" in messages


def _chain_anew(run: Path, *, change: Callable[[Link], Link] = lambda link: link, upto: int = LAST) -> None:
    """A journal written anew by its own rules, which no chain can tell from the true one."""
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        rows = connection.execute("SELECT * FROM records WHERE number <= ? ORDER BY number", (upto,)).fetchall()
    former, statements = "", [f"DELETE FROM records WHERE number > {upto}"]
    for row in rows:
        link = change(Link(*row[:-1]))
        former = link.digest(former)
        content = link.content.replace("'", "''")
        statements.append(f"UPDATE records SET content = '{content}', digest = '{former}' WHERE number = {link.number}")
    _tamper(run, *statements)


def test_a_tail_that_was_cut_off_is_told_by_the_file_that_names_the_head(run: Path):
    _chain_anew(run, upto=END)
    _tamper(run, "DELETE FROM exchanges WHERE trial = 't2'")
    assert _messages(run) == [f"records {END + 1} to {LAST} are gone: the file `head` names the last of them"]


def test_a_tail_that_was_cut_off_with_its_file_is_told_by_a_head_that_was_noted(run: Path):
    noted = read_head(run)
    _chain_anew(run, upto=END)
    _tamper(run, "DELETE FROM exchanges WHERE trial = 't2'")
    (run / HEAD_FILE).unlink()
    assert _messages(run) == [], "a chain alone does not tell that it was longer"
    assert not verify_run(run).is_head_named
    assert _messages(run, noted.digest) == [
        f"no record has the digest {noted.digest}: the journal was cut off before it, or written anew"
    ]


def _finish_well(link: Link) -> Link:
    return evolve(link, content=link.content.replace('"seconds": 5.0', '"seconds": 1.0'))


def test_a_journal_that_was_written_anew_is_told_by_its_head_alone(run: Path):
    noted = read_head(run)
    _chain_anew(run, change=_finish_well)
    assert _messages(run) == [f"the file `head` names another record {LAST}"]
    file = HeadFile(run)
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        (digest,) = connection.execute("SELECT digest FROM records WHERE number = ?", (LAST,)).fetchone()
    file.write(Head(LAST, digest))
    file.close()
    assert _messages(run) == [], "whoever can write everything can write a whole chain"
    assert len(_messages(run, noted.digest[:16])) == 1


def test_a_head_that_was_noted_earlier_stays_in_the_chain(run: Path):
    noted = read_head(run)
    with open_journal(run) as journal:
        play(journal, "t3")
    assert _messages(run, noted.digest) == []


def test_records_that_were_put_in_behind_the_head_are_told(run: Path):
    former = read_head(run)
    with open_journal(run) as journal:
        play(journal, "t3")
    file = HeadFile(run)
    file.write(former)
    file.close()
    assert _messages(run) == ["5 records stand behind the one that the file `head` names"]


def test_one_record_behind_the_head_is_what_a_kill_leaves(run: Path):
    former = read_head(run)
    with open_journal(run) as journal:
        journal.begin("t3", "m", "p")
    file = HeadFile(run)
    file.write(former)
    file.close()
    assert _messages(run) == []


def test_records_that_a_machine_lost_are_told_also_when_the_run_has_gone_on(run: Path):
    lost = read_head(run)
    _chain_anew(run, upto=END)
    _tamper(run, "DELETE FROM exchanges WHERE trial = 't2'")
    with open_journal(run) as journal:
        play(journal, "t2")
    (message,) = _messages(run)
    assert message == f"record {END + 1} (lost): the records up to {LAST} ({lost.digest[:12]}) were lost before it"


def test_a_run_is_verified_while_it_is_written(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        journal.add_step(attempt, entry_of(attempt, 1, b"a", b"b"))
        assert _messages(tmp_path) == []


def test_a_copy_without_what_was_not_moved_yet_is_told(tmp_path: Path):
    """Who copies the database of a run under way alone misses its write-ahead log."""
    whole, copy = tmp_path / "whole", tmp_path / "copy"
    whole.mkdir()
    copy.mkdir()
    open_journal(whole).__exit__(None, None, None)
    with open_journal(whole) as journal:
        play(journal, "t1")
        for name in (JOURNAL_FILE, HEAD_FILE):
            shutil.copy(whole / name, copy / name)
    assert _messages(copy) == ["records 2 to 6 are gone: the file `head` names the last of them"]


def test_calls_told_from_each_other_keep_their_bytes_through_sessions_and_failures(tmp_path: Path):
    """Requests that share beginnings and ends, of two sessions in turn, with a step between that is not written."""
    from driftlang.run.reading import read_exchanges

    def bodies() -> Iterator[bytes]:
        history = ""
        for number in range(1, 80):
            history += json.dumps({"role": "user", "content": f"{number} Grüße {'x' * number}"}) + ","
            yield f'{{"model":"m","messages":[{history[: None if number % 7 else 20]}],"tools":[1,2]}}'.encode()

    calls = []
    with open_journal(tmp_path) as journal:
        attempt = journal.begin("t1", "m", "p")
        for number, body in enumerate(bodies(), 1):
            call = evolve(exchange_of(attempt, number, 1), request=body, session=f"ses_{number % 3}")
            entry = evolve(entry_of(attempt, number, b"a", b"b"), exchanges=(call,))
            journal.add_step(attempt, entry)
            calls.append(call)
            if number % 10 == 0:
                with pytest.raises(Exception, match="UNIQUE"):
                    journal.add_step(attempt, evolve(entry, exchanges=(evolve(call, sequence=900),)))
    assert list(read_exchanges(tmp_path, "t1")) == calls
    assert _messages(tmp_path) == []
    with closing(sqlite3.connect(tmp_path / JOURNAL_FILE)) as connection:
        (stored,) = connection.execute("SELECT sum(length(request)) FROM exchanges").fetchone()
    assert stored < sum(len(call.request) for call in calls) / 5


def test_a_journal_of_more_trials_notes_the_new_plan(run: Path):
    with Journal(run, "e" * 64, (*TRIALS, "t4")) as journal:
        assert journal.statuses() == {"t1": "finished", "t2": "finished", "t3": "pending", "t4": "pending"}
    with closing(sqlite3.connect(run / JOURNAL_FILE)) as connection:
        plans = connection.execute(
            "SELECT json_extract(content, '$.digest') FROM records WHERE kind = 'plan'"
        ).fetchall()
    assert plans == [(DIGEST,), ("e" * 64,)]
    assert _messages(run) == []
