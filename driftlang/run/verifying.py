"""Verifying a journal: whether all that was recorded is there, and as it was.

In: a run's folder, and a head that somebody noted. Out: a `Verification` with what was found, by trial and step.
Refuses to do: mending, and claiming what cannot be known. A journal that was written anew from its beginning, by its
own rules, is told only by a head that was noted elsewhere. Also while a run goes on.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from attrs import field, frozen

from driftlang.run.chain import Head, Link, read_head
from driftlang.run.schema import BASE, ENDED, LOST, STEP, is_schema_ours, reading
from driftlang.run.stored_calls import read_calls
from driftlang.run.stored_forms import load_tree, unpack

_UNREADABLE = (zlib.error, ValueError, KeyError, TypeError, AttributeError)
_FEWEST_DIGITS = 12


@frozen
class Finding:
    """Something that is not as it was recorded.

    Attributes:
        record: number of the record that it shows at; 0 where there is none.
        trial, attempt, branch, step: what that record is about; empty and 0 where it is about the run, or no step.
        message: what is wrong, with the place in words.
    """

    record: int
    message: str
    trial: str = ""
    attempt: int = 0
    branch: str = ""
    step: int = 0


@frozen
class Verification:
    """What a journal was found to be.

    Attributes:
        records, calls, contents: how many there are.
        head: the last record.
        is_head_named: whether the head's file is there, without which a tail that was cut off cannot be told.
        findings: what is wrong, in the order of the records.
    """

    records: int
    calls: int
    contents: int
    head: Head
    is_head_named: bool
    findings: tuple[Finding, ...]


def verify_run(run_folder: Path, head: str = "") -> Verification:
    """Read everything once and compare it with its digests.

    `head` is the digest of a record, or at least 12 digits of its beginning: one that the chain must hold.

    Raises:
        Failure: there is no journal, or SQLite cannot read it.
    """
    before = read_head(run_folder)
    with reading(run_folder) as connection:
        connection.execute("BEGIN")  # all of it as of one moment
        count = connection.execute("SELECT count(*) FROM records").fetchone()[0]
        after = read_head(run_folder)
        search = _Search(connection)
        search.check_schema()
        search.check_contents()
        last = search.check_records(head)
        search.check_calls()
        search.check_head(before, after, last)
    return Verification(
        records=count,
        calls=search.count.calls,
        contents=len(search.contents),
        head=last,
        is_head_named=bool(after.number),
        findings=tuple(sorted(search.findings, key=lambda finding: finding.record or count + 1)),
    )


class _Count:
    """Model calls so far."""

    calls = 0


@frozen
class _Named:
    """A model call that a record names."""

    digest: str
    link: Link


@frozen
class _Search:
    """What was read so far.

    Attributes:
        contents: digests of the contents that are what they were; True for those that are not.
        calls: what records name, by attempt and sequence.
        digests: digests of records by number, where a head may stand.
        positions: the last step of each attempt's own line.
    """

    connection: sqlite3.Connection
    findings: list[Finding] = field(factory=list)
    contents: dict[str, bool] = field(factory=dict)
    calls: dict[tuple[str, int], dict[int, _Named]] = field(factory=dict)
    digests: dict[int, str] = field(factory=dict)
    positions: dict[tuple[str, int], int] = field(factory=dict)
    count: _Count = field(factory=_Count)

    def check_schema(self) -> None:
        """Views decide what readers see, so they must be ours."""
        if not is_schema_ours(self.connection):
            self.findings.append(Finding(0, "tables, views or triggers of the journal were changed"))

    def check_contents(self) -> None:
        """Every content against the digest that it is under."""
        for digest, stored in self.connection.execute("SELECT digest, content FROM blobs"):
            try:
                is_bad = sha256(unpack(stored)).hexdigest() != digest
            except _UNREADABLE:
                is_bad = True
            self.contents[digest] = is_bad

    def check_records(self, head: str) -> Head:
        """The chain, and that what each record names is there; the last record."""
        last, found = Head(), not head
        for row in self.connection.execute("SELECT * FROM records ORDER BY number"):
            link = Link(*tuple(row)[:-1])
            found = found or (len(head) >= _FEWEST_DIGITS and row["digest"].startswith(head.lower()))
            self._check_link(link, row["digest"], last)
            self._check_named(link)
            last = Head(link.number, row["digest"])
            self.digests[last.number] = last.digest
        if not found:
            self.findings.append(
                Finding(0, f"no record has the digest {head}: the journal was cut off before it, or written anew")
            )
        return last

    def _check_link(self, link: Link, digest: str, former: Head) -> None:
        missing = range(former.number + 1, link.number)
        if missing:
            which = f"record {missing[0]} is" if len(missing) == 1 else f"records {missing[0]} to {missing[-1]} are"
            self._find(link, f"{which} missing before it")
        elif link.digest(former.digest) != digest:
            self._find(link, "it does not follow from the record before: it was changed, moved or put in")

    def _check_named(self, link: Link) -> None:
        """What a record names; a record that cannot be read was found to be changed already."""
        try:
            content = json.loads(link.content)
            if link.kind == LOST:
                self._find(
                    link, f"the records up to {content['number']} ({content['digest'][:12]}) were lost before it"
                )
            elif link.kind == BASE:
                self._check_tree(link, content["tree"], "the repository at its start")
            elif link.kind == STEP:
                self._check_step(link)
                self._check_tree(link, content["before"], "the work tree before the turn")
                self._check_tree(link, content["after"], "the work tree after the turn")
                self._check_content(link, content["messages"], "the turn's messages")
            if link.kind in {STEP, ENDED}:
                named = self.calls.setdefault((link.trial, link.attempt), {})
                named.update({sequence: _Named(digest, link) for sequence, digest in content["exchanges"]})
        except _UNREADABLE:
            self._find(link, "its content cannot be read")

    def _check_step(self, link: Link) -> None:
        if link.branch:
            return
        former = self.positions.get((link.trial, link.attempt), 0)
        if link.position != former + 1:
            self._find(link, f"step {former + 1} of the attempt is missing before it")
        self.positions[link.trial, link.attempt] = link.position

    def _check_tree(self, link: Link, digest: str, what: str) -> None:
        if not self._check_content(link, digest, what):
            return
        (stored,) = self.connection.execute("SELECT content FROM blobs WHERE digest = ?", (digest,)).fetchone()
        for path, entry in load_tree(unpack(stored)).entries.items():
            if entry.is_kept:
                self._check_content(link, entry.digest, f"`{path}` in {what}")

    def _check_content(self, link: Link, digest: str, what: str) -> bool:
        is_bad = self.contents.get(digest)
        if is_bad is None:
            self._find(link, f"{what} is missing")
        elif is_bad:
            self._find(link, f"{what} was changed")
        return is_bad is False

    def check_calls(self) -> None:
        """Model calls against the records that name them."""
        query = "SELECT * FROM exchanges ORDER BY trial, attempt, sequence"
        rows = self.connection.execute(query)
        for attempt, stored in groupby(rows, key=lambda row: (row["trial"], row["attempt"])):
            self._check_attempt(attempt, stored, self.calls.pop(attempt, {}))
        for attempt, named in self.calls.items():
            self._check_attempt(attempt, iter(()), named)

    def _check_attempt(self, attempt: tuple[str, int], rows: Iterator[sqlite3.Row], named: dict[int, _Named]) -> None:
        try:
            for call in read_calls(rows):
                self.count.calls += 1
                sequence = call.exchange.sequence
                known = named.pop(sequence, None)
                if known is None:
                    place = f"trial {attempt[0]}, attempt {attempt[1]}"
                    message = f"{place}: model call {sequence} is in no record: it was put in"
                    self.findings.append(Finding(0, message, *attempt))
                elif known.digest != call.digest:
                    self._find(known.link, f"model call {sequence} was changed")
        except _UNREADABLE:
            for first in sorted(named)[:1]:
                self._find(named[first].link, f"model call {first} cannot be read, nor those that are told from it")
            return
        for sequence, known in named.items():
            self._find(known.link, f"model call {sequence} is missing")

    def check_head(self, before: Head, after: Head, last: Head) -> None:
        """The chain against the head's file, as it was before and after the journal was opened."""
        if before.number > last.number:
            missing = f"records {last.number + 1} to {before.number}"
            self.findings.append(Finding(0, f"{missing} are gone: the file `head` names the last of them"))
        elif before.number and self.digests.get(before.number) != before.digest:
            self.findings.append(Finding(before.number, f"the file `head` names another record {before.number}"))
        elif after.number and last.number > after.number + 1:  # one may have been written when its runner was killed
            behind = f"{last.number - after.number} records stand behind the one that the file `head` names"
            self.findings.append(Finding(after.number, behind))

    def _find(self, link: Link, message: str) -> None:
        step = link.position if link.kind == STEP else 0
        told = Finding(link.number, f"{place_of(link)}: {message}", link.trial, link.attempt, link.branch, step)
        self.findings.append(told)


def place_of(link: Link) -> str:
    """A record's place in words."""
    place = f"record {link.number} ({link.kind}"
    if link.trial:
        place += f", trial {link.trial}, attempt {link.attempt}"
    if link.kind == STEP:
        place += f", step {link.position}" + (f" of the branch `{link.branch}`" if link.branch else "")
    return place + ")"
