"""Details of trials, made when they are asked for; and what others make of them, kept in the store of the run.

In: where each scored trial is recorded. Out: `TrialDetail`s in their order, and bytes that were made of each.
Refuses to do: holding them: a study has more of them than a report can need at once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import overload

from attrs import frozen

from driftlang.build.plan import PlannedScript
from driftlang.estimate.forms import ScoredTrial
from driftlang.report.details import detail_trial
from driftlang.report.forms import Gathered, TrialDetail
from driftlang.report.kept_store import KeptStore
from driftlang.report.plan_index import PlannedTrials
from driftlang.run.reading import ResultReader, open_results
from driftlang.run.records import TrialResult

#: Makes of one trial what is to be kept of it.
Make = Callable[[TrialDetail], bytes]
MakeOfResult = Callable[[TrialResult, PlannedScript], bytes]


@frozen
class RecordedTrial:
    """A scored trial, where it is recorded, and the key that what is made of it is kept under; empty for none."""

    run: Path
    planned: PlannedTrials
    scored: ScoredTrial
    key: str = ""


@frozen
class KeptDetails(Sequence[TrialDetail]):
    """The details of trials, each read from its journal whenever it is asked for."""

    recorded: tuple[RecordedTrial, ...]

    def __len__(self) -> int:
        return len(self.recorded)

    @overload
    def __getitem__(self, index: int) -> TrialDetail: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TrialDetail, ...]: ...
    def __getitem__(self, index: int | slice) -> TrialDetail | tuple[TrialDetail, ...]:
        if isinstance(index, slice):
            return tuple(self._read(self.recorded[index]))
        return next(self._read((self.recorded[index],)))

    def __iter__(self) -> Iterator[TrialDetail]:
        return self._read(self.recorded)

    def _read(self, recorded: Sequence[RecordedTrial]) -> Iterator[TrialDetail]:
        pairs = zip(recorded, _results(recorded), strict=True)
        return (detail_trial(result, one.scored, _script(one)) for one, result in pairs)

    def made(self, kind: str, make: Make) -> tuple[bytes, ...]:
        """What `make` makes of each, in their order."""

        def make_of(one: RecordedTrial, result: TrialResult) -> bytes:
            return make(detail_trial(result, one.scored, _script(one)))

        return _made(self.recorded, kind, make_of)

    def made_of_results(self, kind: str, make: MakeOfResult) -> tuple[bytes, ...]:
        """The same of what the journal holds of each trial, and its script."""
        return _made(self.recorded, kind, lambda one, result: make(result, _script(one)))


def made_of_details(gathered: Gathered, kind: str, make: Make) -> tuple[bytes, ...]:
    """What `make` makes of each trial's details, in the order of `gathered.trials`.

    It is kept in the run's folder: of a trial that has not changed it is not made again, and its details are not read.

    Args:
        gathered: with evidence.
        kind: names what is made and the version of what makes it; what is kept under another name does not count.
        make: depends on nothing but the details.
    """
    details = gathered.details
    return details.made(kind, make) if isinstance(details, KeptDetails) else tuple(map(make, details))


def _script(one: RecordedTrial) -> PlannedScript:
    return one.planned.script_of(one.scored.trial)


def _results(recorded: Sequence[RecordedTrial]) -> Iterator[TrialResult]:
    with ExitStack() as stack:
        readers: dict[Path, ResultReader] = {}
        for one in recorded:
            if one.run not in readers:
                readers[one.run] = stack.enter_context(open_results(one.run))
            yield readers[one.run].read(one.scored.trial)


def _made(
    recorded: Sequence[RecordedTrial], kind: str, make: Callable[[RecordedTrial, TrialResult], bytes]
) -> tuple[bytes, ...]:
    stores = {run: KeptStore(run) for run in dict.fromkeys(one.run for one in recorded)}
    found = {run: store.find(kind) for run, store in stores.items()}
    lacking = [one for one in recorded if one.key not in found[one.run]]
    anew = {one.scored.trial: make(one, result) for one, result in zip(lacking, _results(lacking), strict=True)}
    for run, store in stores.items():
        store.keep(kind, {one.key: anew[one.scored.trial] for one in lacking if one.run == run and one.key})
    return tuple(anew.get(one.scored.trial) or found[one.run].get(one.key, b"") for one in recorded)
