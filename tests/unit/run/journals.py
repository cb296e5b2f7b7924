"""Made-up records for the journal's tests."""

from pathlib import Path

from attrs import evolve

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Entry, Tree
from driftlang.observe.snapshot import Kept
from driftlang.run.journal import Attempt, Journal, StepEntry
from driftlang.run.records import StepRecord

DIGEST = "d" * 64
TRIALS = ("t1", "t2", "t3")


def open_journal(folder: Path, digest: str = DIGEST) -> Journal:
    return Journal(folder, digest, TRIALS)


def tree_of(kept: Kept, **files: bytes) -> Tree:
    """A snapshot of files in the top folder; contents go to `kept`."""
    from hashlib import sha256

    entries = {}
    for name, content in sorted(files.items()):
        digest = sha256(content).hexdigest()
        kept.keep(digest, content)
        entries[f"{name}.py"] = Entry("100644", digest, len(content))
    return Tree(entries)


def exchange_of(attempt: Attempt, sequence: int, position: int) -> Exchange:
    return Exchange(
        trial=attempt.trial,
        attempt=attempt.number,
        position=position,
        sequence=sequence,
        session="ses_1",
        path="/v1/chat/completions",
        request=b'{"messages":[%d]}' % sequence,
        response=b"data: [DONE]\n\n",
        status=200,
        started=1000.0 + sequence,
        seconds=0.5,
        prompt_tokens=100,
        completion_tokens=10,
        error="",
    )


RECORD = StepRecord(
    position=1,
    step="postgres",
    started=1000.0,
    seconds=2.5,
    injected=("placed",),
    finish="stop",
    error="",
    prompt_tokens=100,
    completion_tokens=10,
    model_calls=1,
)
MESSAGES = b'[{"info":{"role":"assistant"},"parts":[{"type":"text","text":"Done."}]}]'


def entry_of(attempt: Attempt, position: int, before: bytes, after: bytes, *, error: str = "") -> StepEntry:
    kept = Kept()
    trees = tree_of(kept, a=before), tree_of(kept, a=after)
    record = evolve(RECORD, position=position, error=error)
    exchanges = (exchange_of(attempt, position, position),)
    return StepEntry(record, ("a.py",), "ses_1", *trees, kept.contents, MESSAGES, exchanges)


def play(journal: Journal, trial: str, *, steps: int = 2, reason: str = "") -> Attempt:
    """A whole attempt at `trial`: each step changes the one file."""
    attempt = journal.begin(trial, f"marker-{trial}", "0123456789ab")
    kept = Kept()
    journal.note_base(attempt, tree_of(kept, a=b"start"), kept.contents)
    for position in range(1, steps + 1):
        journal.add_step(attempt, entry_of(attempt, position, b"note %d" % position, b"work %d" % position))
    journal.end(attempt, reason, 5.0, ())
    return attempt
