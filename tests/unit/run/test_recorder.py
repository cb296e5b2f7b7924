"""An attempt that was made elsewhere stands in the journal as if it had been made here."""

import pickle
from pathlib import Path

import pytest
from journals import entry_of, exchange_of, open_journal, play, tree_of

from driftlang.observe.snapshot import Kept
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.recorder import AttemptRecord, MemoryRecorder, append


def _made(*, steps: int, reason: str = "", number: int = 7) -> AttemptRecord:
    """What `journals.play` does, on another machine; it has gone over the wire."""
    recorder = MemoryRecorder(number)
    attempt = recorder.begin("t1", "marker-t1", "0123456789ab")
    kept = Kept()
    recorder.note_base(attempt, tree_of(kept, a=b"start"), kept.contents)
    for position in range(1, steps + 1):
        recorder.add_step(attempt, entry_of(attempt, position, b"note %d" % position, b"work %d" % position))
    recorder.end(attempt, reason, 5.0, ())
    record = pickle.loads(pickle.dumps(recorder.record))
    assert isinstance(record, AttemptRecord)
    return record


@pytest.mark.parametrize("reason", ["", "the server ended"])
def test_an_attempt_made_elsewhere_reads_as_one_made_here(tmp_path: Path, reason: str):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    with open_journal(here) as journal:
        play(journal, "t1", steps=2, reason=reason)
    with open_journal(there) as journal:
        append(_made(steps=2, reason=reason), journal)
    ours, theirs = next(read_results(here)), next(read_results(there))
    assert theirs.observation == ours.observation
    assert theirs.record.steps == ours.record.steps
    assert (theirs.record.status, theirs.record.reason) == (ours.record.status, ours.record.reason)
    assert list(read_exchanges(there, "t1")) == list(read_exchanges(here, "t1"))


def test_an_attempt_has_the_number_that_the_journal_gives_it(tmp_path: Path):
    with open_journal(tmp_path) as journal:
        play(journal, "t1", reason="x")
        assert append(_made(steps=1, number=40), journal).number == 2
    assert {one.attempt for one in read_exchanges(tmp_path, "t1")} == {2}


def test_an_attempt_began_when_it_began_and_not_when_it_was_written(tmp_path: Path):
    record = _made(steps=1)
    with open_journal(tmp_path) as journal:
        append(record, journal)
    assert next(read_results(tmp_path)).record.started == record.started


def test_calls_after_the_last_step_are_kept(tmp_path: Path):
    recorder = MemoryRecorder()
    attempt = recorder.begin("t1", "marker", "0123456789ab")
    recorder.end(attempt, "the server did not start within 90 s", 90.0, (exchange_of(attempt, 1, 0),))
    with open_journal(tmp_path) as journal:
        append(recorder.record, journal)
    assert [one.sequence for one in read_exchanges(tmp_path, "t1")] == [1]
    assert next(read_results(tmp_path)).record.status == "error"
