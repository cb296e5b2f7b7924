"""The journal against plain SQLite: the same rows in the same transactions, without chain, triggers, views and forms.

Both write to fresh files in one folder with the same settings, in turns of a thousand records, and the median of the
turns' ratios counts; absolute rates are for scale only. Then what a run of ten thousand trials costs to read.

    python -m tests.bench.journal [TRIALS]
"""

import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from attrs import evolve

from driftlang.gateway.forms import Exchange
from driftlang.observe.forms import Entry, Tree
from driftlang.run.chain import read_head
from driftlang.run.journal import Attempt, Journal, StepEntry
from driftlang.run.reading import read_exchanges, read_results
from driftlang.run.records import StepRecord
from driftlang.run.schema import JOURNAL_FILE, connect
from driftlang.run.verifying import verify_run

ROUNDS = 9
RECORDS = 1000
STEPS = 12
RECORD = StepRecord(1, "postgres", 1.7e9, 2.5, ("placed",), "stop", "", 900, 40, 3)
MESSAGES = b'[{"info":{"role":"assistant"},"parts":[{"type":"text","text":"Done."}]}]'
#: What the journal's own columns hold: a record's content is what one of its beginnings is.
PLAIN = (
    "CREATE TABLE records (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, trial TEXT NOT NULL, "
    "attempt INTEGER NOT NULL, branch TEXT NOT NULL, position INTEGER NOT NULL, "
    "content TEXT NOT NULL, digest TEXT NOT NULL) STRICT"
)


def files_of(contents: dict[str, bytes]) -> tuple[Tree, dict[str, bytes]]:
    """A snapshot and its contents by digest."""
    digests = {path: sha256(content).hexdigest() for path, content in contents.items()}
    entries = {path: Entry("100644", digest, len(contents[path])) for path, digest in digests.items()}
    return Tree(entries), {digests[path]: content for path, content in contents.items()}


def small_records(journal: Journal, start: int) -> None:
    """A thousand records of attempts that begin and end."""
    for number in range(start, start + RECORDS // 2):
        attempt = journal.begin(f"{number:016x}", "0" * 32, "0123456789ab")
        journal.end(attempt, "", 1.0, ())


def plain_records(connection: sqlite3.Connection, start: int) -> None:
    """The same rows by SQLite alone."""
    for number in range(start * 2 + 1, start * 2 + RECORDS + 1):
        connection.execute("BEGIN IMMEDIATE")
        row = (number, "begun", f"{number:016x}", 1, "", 0, f'{{"started":1.7e9,"marker":"{0:032x}"}}', "0" * 64)
        connection.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")


def timed(work: Callable[[], None]) -> float:
    """Seconds that `work` takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def compare_rates(folder: Path) -> None:
    """Print records a second of both, and their ratio."""
    plain = connect(folder / "plain.sqlite3")
    plain.executescript("DROP VIEW steps; DROP VIEW trials; DROP VIEW planned; DROP VIEW attempts; DROP TABLE records;")
    plain.execute(PLAIN)
    with Journal(folder, "d" * 64, ()) as journal:
        ours, floor = [], []
        for number in range(ROUNDS):
            start = number * RECORDS // 2
            floor.append(timed(lambda: plain_records(plain, start)))  # noqa: B023 - called here
            ours.append(timed(lambda: small_records(journal, start)))  # noqa: B023 - called here
    plain.close()
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    rates = [RECORDS / statistics.median(times) for times in (ours, floor)]
    print(
        f"records of one transaction each: {rates[0]:,.0f}/s, plain SQLite {rates[1]:,.0f}/s, median ratio {ratio:.2f}"
    )


def write_trials(folder: Path, trials: int) -> None:
    """A run of trials with 12 steps each: one changed file and two model calls a step."""
    ids = [f"{number:016x}" for number in range(trials)]
    base = {f"ledger/{number}.py": b"def a():\n    raise NotImplementedError\n" + b"#" * number for number in range(20)}
    with Journal(folder, "d" * 64, ids) as journal:
        seconds = 0.0
        for trial in ids:
            tree, blobs = files_of(base)
            contents = dict(base)
            entries = []
            for position in range(1, STEPS + 1):
                before, injected = files_of(contents | {"ledger/0.py": os.urandom(20)})
                contents["ledger/0.py"] = os.urandom(20)
                after, written = files_of(contents)
                attempt = Attempt(trial, 1)
                calls = tuple(call_of(attempt, 2 * position - 1 + more, position) for more in range(2))
                record = evolve(RECORD, position=position)
                kept = injected | written
                entries.append(StepEntry(record, ("a.py",), "ses_1", before, after, kept, MESSAGES, calls))
            begun = perf_counter()
            attempt = journal.begin(trial, "0" * 32, "0123456789ab")
            journal.note_base(attempt, tree, blobs)
            for entry in entries:
                journal.add_step(attempt, entry)
            journal.end(attempt, "", 1.0, ())
            seconds += perf_counter() - begun
    size = (folder / JOURNAL_FILE).stat().st_size
    print(
        f"{trials:,} trials of {STEPS} steps with 2 snapshots and 2 calls: {trials * STEPS / seconds:,.0f} steps/s, "
        f"{trials * (STEPS + 3) / seconds:,.0f} records/s, {size / trials / 1024:.0f} KiB a trial"
    )


def call_of(attempt: Attempt, sequence: int, position: int) -> Exchange:
    """A call whose request grows with its number, as an agent's do."""
    request = b'{"messages":[' + b'{"role":"user","content":"step"},' * 30 * sequence + b"]}"
    return Exchange(
        *(
            attempt.trial,
            attempt.number,
            position,
            sequence,
            "ses_1",
            "/v1/chat/completions",
            200,
            1.7e9,
            0.5,
            9,
            9,
            "",
        ),
        *(request, b"data: [DONE]\n\n"),
    )


def read_all(folder: Path, trials: int) -> None:
    """Print what reading and verifying cost."""
    seconds = timed(lambda: sum(1 for _ in read_results(folder)) and None)
    print(f"read_results: {seconds / trials * 1e6:,.0f} us a trial, {seconds:.1f} s in all")
    some = [f"{number:016x}" for number in range(0, trials, max(1, trials // 100))]
    seconds = timed(lambda: sum(1 for trial in some for _ in read_exchanges(folder, trial)) and None)
    print(f"read_exchanges: {seconds / len(some) * 1e6:,.0f} us a trial")
    seconds = timed(lambda: print(f"  {verify_run(folder).records:,} records, head {read_head(folder).digest[:12]}"))
    print(f"verify: {seconds / trials * 1e6:,.0f} us a trial, {seconds:.1f} s in all")


def main() -> None:
    """Print all of it."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        for part in ("rates", "trials"):
            (Path(name) / part).mkdir()
        compare_rates(Path(name) / "rates")
        write_trials(Path(name) / "trials", trials)
        read_all(Path(name) / "trials", trials)


if __name__ == "__main__":
    main()
