"""Trials that wait for their turn: in which order they are begun.

In: jobs, how many may go on at a time for each provider, and how those that are taken end. Out: the next job.
Refuses to do: waiting, and knowing why a job ends.

Order: run 1 of every cell with every model, then run 2 of every cell, and so on, so that what a run has when it is
ended early is balanced. In one run number the models take turns, cell by cell. A trial that is tried again comes behind
the first attempts of its run number. Where a provider has no room, the first job of another one goes ahead.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

from attrs import frozen

from driftlang.run.selection import Job


@frozen
class Turn:
    """A job whose turn it is; `number` counts its attempts in this run, from 1, and `place` is its place in order."""

    job: Job
    number: int
    place: int


#: A job that waits, in order of run number, attempt, place.
_Waiting = tuple[int, int, int, Job]


class Lanes:
    """A lane for each model.

    `room_of` tells how many trials of a provider may go on at a time, 0 being any number; `tried` how many attempts
    were made at a trial already.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        room_of: Callable[[str], int] = lambda _: 0,
        tried: Callable[[str], int] = lambda _: 0,
    ) -> None:
        self._lanes: dict[str, list[_Waiting]] = {}
        for place, job in enumerate(in_fair_order(jobs)):
            waiting = (job.script.run, tried(job.trial.id) + 1, place, job)
            self._lanes.setdefault(job.trial.model, []).append(waiting)
        for lane in self._lanes.values():
            heapify(lane)
        self._providers = {model: provider_of(model) for model in self._lanes}
        self._rooms = {name: room_of(name) for name in self._providers.values()}
        self._at_work: Counter[str] = Counter()

    def take(self) -> Turn | None:
        """The first job that may begin now; nothing when none waits whose provider has room."""
        first: list[_Waiting] | None = None
        model = ""
        for name, lane in self._lanes.items():
            if lane and self._has_room(name) and (first is None or lane[0] < first[0]):
                first, model = lane, name
        if first is None:
            return None
        _, number, place, job = heappop(first)
        self._at_work[self._providers[model]] += 1
        return Turn(job, number, place)

    def leave(self, turn: Turn) -> None:
        """A job that was taken is at work no more."""
        self._at_work[self._providers[turn.job.trial.model]] -= 1

    def put_back(self, turn: Turn) -> None:
        """A job that has left is to be tried again."""
        job = turn.job
        heappush(self._lanes[job.trial.model], (job.script.run, turn.number + 1, turn.place, job))

    def drop(self, model: str) -> tuple[Job, ...]:
        """Jobs of `model` that wait no more."""
        dropped = tuple(job for _, _, _, job in sorted(self._lanes[model]))
        self._lanes[model].clear()
        return dropped

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that has a lane."""
        return tuple(self._lanes)

    def _has_room(self, model: str) -> bool:
        provider = self._providers[model]
        room = self._rooms[provider]
        return not room or self._at_work[provider] < room


def in_fair_order(jobs: Sequence[Job]) -> tuple[Job, ...]:
    """The jobs in the order in which they are begun where nothing holds one up."""
    cells = {cell: place for place, cell in enumerate(dict.fromkeys(job.script.cell for job in jobs))}
    models = {model: place for place, model in enumerate(dict.fromkeys(job.trial.model for job in jobs))}
    return tuple(sorted(jobs, key=lambda job: (job.script.run, cells[job.script.cell], models[job.trial.model])))


def provider_of(model: str) -> str:
    """Who serves `model` (`provider/name`)."""
    return model.partition("/")[0]
