"""Gathering: from run folders to scored trials and what there is to show of them.

In: folders that `driftlang run` wrote. Out: `Gathered`.
Refuses to do: mixing what does not belong together. Two runs of one plan may be read together; where two plans claim
the same run of the same cell for different trials, the report would pair worlds that differ, and that is a `Failure`.

A trial that has ended is scored once: its outcomes are kept in the run's store. Trials are read one at a time and their
details made when asked for, so that memory does not grow with repositories.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from attrs import evolve, field, frozen

from driftlang.build.plan import PlannedScript
from driftlang.build.plan_toml import read_scorer
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.report.forms import Gathered, Incomplete, RunSource, ScoredBranch
from driftlang.report.frozen import with_frozen
from driftlang.report.judged_rows import with_labels
from driftlang.report.kept_details import KeptDetails, RecordedTrial
from driftlang.report.kept_forms import KeptTrial, dump_trial, load_trial
from driftlang.report.kept_statuses import kept_statuses
from driftlang.report.kept_store import KeptStore
from driftlang.report.plan_index import IndexedTrial, PlannedTrials, read_index
from driftlang.report.run_costs import read_costs
from driftlang.report.scorer_choice import ScorerChoice, departure
from driftlang.report.scoring_version import scoring_version
from driftlang.report.trial_lines import score_lines
from driftlang.report.trial_rows import rows_of
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.injections import is_placed
from driftlang.run.reading import ResultReader, open_results
from driftlang.run.records import TrialRecord, TrialResult
from driftlang.run.statuses import TrialStatus, read_last_digest
from driftlang.score.forms import Scorer

#: The kind of what is kept of a trial.
_KIND = "trial"
#: Trials that are kept for each that a run has: more of them are of former scorers and versions.
_MOST_KEPT = 4


@frozen
class _Read:
    """One trial as read: what is scored of it, and where its details are."""

    status: str
    reason: str
    sandbox: str
    kept: KeptTrial
    recorded: RecordedTrial


def gather(
    runs: Sequence[Path], *, with_evidence: bool, scorers: ScorerChoice | None = None, again: bool = False
) -> Gathered:
    """Read and score all trials of `runs`.

    Args:
        runs: run folders.
        with_evidence: whether there are diffs, replies and the like for the page.
        scorers: take the place of those in the plans.
        again: score every trial anew, whatever is kept.

    Raises:
        Failure: a folder is no run or is damaged, or two runs do not go together.
    """
    sources: list[RunSource] = []
    found: dict[str, _Read] = {}
    repeated: dict[str, None] = {}
    for run in runs:
        reading = _Run(run, scorers, again=again)
        sources.append(reading.source)
        for read in reading.trials():
            trial = read.kept.scored.trial
            if trial in found:
                repeated[trial] = None
            if trial not in found or _rank(read) > _rank(found[trial]):
                found[trial] = read
    _refuse_strangers(found.values())
    scored = [read for read in found.values() if read.kept.scored.steps]
    return Gathered(
        tuple(sources),
        tuple(read.kept.scored for read in scored),
        KeptDetails(tuple(read.recorded for read in scored)) if with_evidence else (),
        tuple(_incomplete(read) for read in found.values() if not read.kept.scored.steps),
        tuple(repeated),
        tuple(sorted(Counter(read.sandbox for read in scored).items())),
        with_labels((row for read in scored for row in read.kept.rows), runs),
        tuple(branch for read in scored for branch in read.kept.branches),
    )


def _rank(read: _Read) -> int:
    """Which of two readings of one trial counts: the higher one, or else the first."""
    if read.status == "finished":
        return 2
    return 1 if read.kept.scored.steps else 0


class _Run:
    """One run's folder, read with the help of what is kept beside its journal."""

    def __init__(self, folder: Path, scorers: ScorerChoice | None, *, again: bool) -> None:
        self._folder = folder
        self._store = KeptStore(folder)
        if again:
            self._store.drop(_KIND, frozenset())
        self._planned = PlannedTrials(folder / PLAN_FOLDER)
        self._index = read_index(folder, self._store, self._planned)
        self._scorers = _Scorers(folder / PLAN_FOLDER, scorers)
        self._last = read_last_digest(folder)
        costs = read_costs(folder, self._store, {one.trial: one.cell.model for one in self._index.trials})
        source = evolve(self._index.source, scored=departure(folder, scorers))
        source = evolve(source, models=costs.models, runners=costs.runners)
        self.source = with_frozen(source, folder)

    def trials(self) -> Iterator[_Read]:
        """Every trial of the plan, those of the journal first; those that it does not hold are pending."""
        statuses = kept_statuses(self._folder, self._store, self._last)
        indexed = {one.trial: one for one in self._index.trials}
        for status in statuses:
            if status.trial not in indexed:
                message = f"the journal of `{self._folder}` holds a trial `{status.trial}` that its plan does not"
                raise Failure(message, help="the folder was changed by hand: run the plan again into a new folder")
        yield from self._recorded(statuses, indexed)
        begun = {status.trial for status in statuses}
        for one in self._index.trials:
            if one.trial not in begun:
                yield self._unscored(one, TrialStatus(one.trial))

    def _recorded(self, statuses: Sequence[TrialStatus], indexed: Mapping[str, IndexedTrial]) -> Iterator[_Read]:
        known = self._store.find(_KIND)
        anew: dict[str, bytes] = {}
        used = set()
        with ExitStack() as stack:
            reader: ResultReader | None = None
            for status in statuses:
                one = indexed[status.trial]
                key = self._key(status, one)
                used.add(key)
                kept = _loaded(known.get(key), one)
                if kept is not None:
                    yield self._read(status, kept, key)
                elif status.attempts:
                    reader = reader or stack.enter_context(open_results(self._folder))
                    result = reader.read(status.trial)
                    kept = self._score(result, one)
                    if key and result.record.attempts == status.attempts:
                        anew[key] = dump_trial(kept)
                    yield self._read(_status_of(result.record), kept, key)
                else:
                    yield self._unscored(one, status)
        self._store.keep(_KIND, anew)
        if anew and len(known) + len(anew) > _MOST_KEPT * len(statuses):
            self._store.drop(_KIND, frozenset(used))

    def _key(self, status: TrialStatus, one: IndexedTrial) -> str:
        """What the outcomes of a trial follow from; empty while it goes on."""
        if not status.has_ended:
            return ""
        parts = (status.digest, status.trial, self._scorers.digest_of(one.scorer), scoring_version())
        return sha256("\n".join(parts).encode()).hexdigest()

    def _score(self, result: TrialResult, one: IndexedTrial) -> KeptTrial:
        script, cell = self._planned.script_of(one.trial), self._planned.cell_of(one.trial)
        lines = score_lines(result, script, cell.direction, self._scorers.read(one.scorer))
        outcomes = lines[0].outcomes
        scheduled, placed = _placements(script, result.record) if outcomes else (0, 0)
        scored = ScoredTrial(one.trial, one.cell, one.run, outcomes, scheduled, placed)
        branches = (ScoredBranch(one.trial, line.arm, line.fork, line.outcomes) for line in lines[1:])
        return KeptTrial(scored, rows_of(one.trial, one.cell, one.run, lines), tuple(branches))

    def _unscored(self, one: IndexedTrial, status: TrialStatus) -> _Read:
        return self._read(status, KeptTrial(ScoredTrial(one.trial, one.cell, one.run, ()), ()), "")

    def _read(self, status: TrialStatus, kept: KeptTrial, key: str) -> _Read:
        recorded = RecordedTrial(self._folder, self._planned, kept.scored, key)
        return _Read(status.status, status.reason, status.sandbox, kept, recorded)


@frozen
class _Scorers:
    """The scorers of a plan, or the one that takes their place."""

    folder: Path
    other: ScorerChoice | None
    _digests: dict[str, str] = field(factory=dict)
    _read: dict[str, Scorer] = field(factory=dict)

    def digest_of(self, path: str) -> str:
        """The digest of a scorer, by its path in the plan's folder."""
        if path not in self._digests:
            try:
                content = repr(self.other.of(path)).encode() if self.other else (self.folder / path).read_bytes()
            except OSError:
                content = b""  # `read_scorer` says what is wrong
            self._digests[path] = sha256(content).hexdigest()
        return self._digests[path]

    def read(self, path: str) -> Scorer:
        """The scorer.

        Raises:
            Failure: there is none, or it is damaged.
        """
        if path not in self._read:
            self._read[path] = self.other.of(path) if self.other else read_scorer(self.folder / path)
        return self._read[path]


def _loaded(content: bytes | None, one: IndexedTrial) -> KeptTrial | None:
    """What is kept of a trial, if anything."""
    if content is None:
        return None
    try:
        return load_trial(content, one.trial, one.cell, one.run)
    except ValueError:
        return None


def _status_of(record: TrialRecord) -> TrialStatus:
    return TrialStatus(record.trial, record.status, record.reason, record.attempts, sandbox=record.sandbox)


def _placements(script: PlannedScript, record: TrialRecord) -> tuple[int, int]:
    """Injections that the plan has for the steps that were begun, and how many of them were placed."""
    turns = {turn.position: turn for turn in script.turns}
    steps = [(turns[step.position].injections, step.injected) for step in record.steps if step.position in turns]
    scheduled = sum(len(injections) for injections, _ in steps)
    return scheduled, sum(sum(map(is_placed, went[: len(injections)])) for injections, went in steps)


def _refuse_strangers(found: Iterable[_Read]) -> None:
    """Refuse two trials that claim the same run of the same cell."""
    places: dict[tuple[CellKey, int], str] = {}
    for read in found:
        scored = read.kept.scored
        if places.setdefault((scored.cell, scored.run), scored.trial) != scored.trial:
            message = f"the runs hold different plans of the study `{scored.cell.study}`"
            raise Failure(message, help="report them apart", status=ExitStatus.MISUSE)


def _incomplete(read: _Read) -> Incomplete:
    scored = read.kept.scored
    return Incomplete(scored.trial, scored.cell, scored.run, read.status, read.reason)
