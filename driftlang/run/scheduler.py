"""Carrying out jobs, some at a time, until each is finished, has ended in an error, or is not worth trying.

In: jobs, what makes an attempt at one, and the rules. Out: an `Outcome`.
Refuses to do: knowing what a trial is and where it goes on; and trying what fails the same way again and again.

Nobody waits for a place: a worker that finds no job which may begin ends. Room for one is made only by another worker
whose job has ended, and that one takes it. So the cost of a job is that of a few heap operations.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from attrs import field, frozen

from driftlang.run.ending import Ending, Stops, same_failure
from driftlang.run.lanes import Lanes, Turn
from driftlang.run.progress import Progress, Silence
from driftlang.run.selection import Job

#: Makes one attempt at a job.
Attempt = Callable[[Job], Awaitable[Ending]]


@frozen
class Rules:
    """How jobs are carried out.

    Attributes:
        jobs: how many go on at a time.
        provider_jobs: how many of one provider; 0 is as many as `rooms` says.
        retries: how often a trial that ended in an error is tried again.
        identical: how many failures in a row with the same cause end the trials of a model.
        keeps_going: whether no model is given up, whatever its failures are.
        rooms: how many trials of a provider may go on at a time, by its name; without one, or with 0, any number.
    """

    jobs: int
    provider_jobs: int = 0
    retries: int = 1
    identical: int = 5
    keeps_going: bool = False
    rooms: Mapping[str, int] = field(factory=dict)

    def room_of(self, provider: str) -> int:
        """How many trials of `provider` may go on at a time; 0 is any number."""
        return self.provider_jobs or self.rooms.get(provider, 0)


@frozen
class StoppedModel:
    """A model whose trials were given up: why, and how many were not tried because of it."""

    model: str
    reason: str
    trials_left: int


@frozen
class Outcome:
    """How jobs ended that did not finish.

    Attributes:
        failed: reasons of trials whose last attempt ended in an error, by trial.
        stopped: models that were given up.
        ended: why the whole run was, or empty.
    """

    failed: dict[str, str] = field(factory=dict)
    stopped: tuple[StoppedModel, ...] = ()
    ended: str = ""


class Admission(Protocol):
    """Says when one more trial may begin; asked for one at a time."""

    async def enter(self) -> None:
        """Wait until the trial may begin."""

    def leave(self) -> None:
        """The trial has ended."""


class Open:
    """Lets every trial begin."""

    async def enter(self) -> None:
        """Do not wait."""

    def leave(self) -> None:
        """Do nothing."""


async def carry_out(  # noqa: PLR0913 - the last three have defaults, and are named at every call
    jobs: Sequence[Job],
    attempt: Attempt,
    rules: Rules,
    *,
    admission: Admission = Open(),  # noqa: B008 - it has no state
    progress: Progress = Silence(),  # noqa: B008 - it has no state
    former: Iterable[tuple[str, str]] = (),
) -> Outcome:
    """Make attempts at every job until none is left.

    `former` are the attempts that a killed runner has made already, in order: trial, and reason or nothing. They count
    as if they had been made now. What `attempt` raises ends all jobs; those under way are cancelled, and waited for.
    """
    schedule = _Schedule(jobs, attempt, rules, admission, progress)
    schedule.count_former(former)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(rules.jobs, len(jobs))):
            group.create_task(schedule.work())
    return schedule.outcome()


@frozen
class _Streak:
    """Failures of a model in a row that have the same cause."""

    cause: str = ""
    length: int = 0

    def after(self, reason: str) -> "_Streak":
        cause = same_failure(reason)
        return _Streak(cause, self.length + 1 if cause == self.cause else 1)


_NO_STREAK = _Streak()


class _Schedule:
    """The jobs under way and those to come."""

    def __init__(
        self, jobs: Sequence[Job], attempt: Attempt, rules: Rules, admission: Admission, progress: Progress
    ) -> None:
        self._attempt = attempt
        self._rules = rules
        self._admission = admission
        self._progress = progress
        self._jobs = jobs
        self._tried: Counter[str] = Counter()
        self._lanes = Lanes(())
        self._failed: dict[str, str] = {}
        self._streaks: dict[str, _Streak] = {}
        self._stopped: dict[str, str] = {}
        self._left: dict[str, int] = {}
        self._ended = ""

    def count_former(self, former: Iterable[tuple[str, str]]) -> None:
        """Count attempts that were made already, and line up what is left to do."""
        models = {job.trial.id: job.trial.model for job in self._jobs}
        for trial, reason in former:
            model = models.get(trial, "")
            if not reason:
                self._streaks.pop(model, None)
            elif model:
                self._streaks[model] = self._streaks.get(model, _NO_STREAK).after(reason)
                self._tried[trial] += 1
                self._failed[trial] = reason
        left = [job for job in self._jobs if self._tried[job.trial.id] <= self._rules.retries]
        self._lanes = Lanes(left, self._rules.room_of, lambda trial: self._tried[trial])

    def outcome(self) -> Outcome:
        stopped = tuple(StoppedModel(model, reason, self._left[model]) for model, reason in self._stopped.items())
        return Outcome(self._failed, stopped, self._ended)

    async def work(self) -> None:
        """Carry out one job after the other until none may begin."""
        admission = self._admission
        while (turn := self._lanes.take()) is not None:
            try:
                await admission.enter()
                try:
                    ending = await self._carry_out(turn)
                finally:
                    admission.leave()
            finally:
                self._lanes.leave(turn)
            if ending is not None:
                self._note(turn, ending)

    async def _carry_out(self, turn: Turn) -> Ending | None:
        """One attempt; nothing when its model was given up while it waited to be admitted."""
        trial = turn.job.trial
        if trial.model in self._stopped:
            self._give_up(turn)
            return None
        self._progress.trial_began(trial)
        return await self._attempt(turn.job)

    def _note(self, turn: Turn, ending: Ending) -> None:
        trial = turn.job.trial
        if not ending.reason:
            if trial.model in self._streaks:
                del self._streaks[trial.model]
            self._failed.pop(trial.id, None)
            self._progress.trial_finished(trial)
            return
        self._failed[trial.id] = ending.reason
        self._stop(trial.model, ending)
        is_vain = ending.stops is Stops.TRIAL or trial.model in self._stopped
        is_tried_again = turn.number <= self._rules.retries and not is_vain
        self._progress.trial_failed(trial, ending.reason, is_tried_again=is_tried_again)
        if is_tried_again:
            self._lanes.put_back(turn)

    def _stop(self, model: str, ending: Ending) -> None:
        """Give up what the failure says is not worth trying."""
        if ending.stops is Stops.TRIAL:
            return
        streak = self._streaks[model] = self._streaks.get(model, _NO_STREAK).after(ending.reason)
        if ending.stops is Stops.RUN:
            self._ended = self._ended or ending.reason
            for name in self._lanes.models:
                self._stop_model(name, ending.reason)
        elif self._rules.keeps_going:
            return
        elif ending.stops is Stops.MODEL:
            self._stop_model(model, ending.reason)
        elif streak.length >= self._rules.identical:
            self._stop_model(model, f"{streak.length} failures in a row: {ending.reason}")

    def _stop_model(self, model: str, reason: str) -> None:
        if model in self._stopped:
            return
        dropped = self._lanes.drop(model)
        self._stopped[model] = reason
        self._left[model] = sum(job.trial.id not in self._failed for job in dropped)
        self._progress.model_stopped(model, reason)

    def _give_up(self, turn: Turn) -> None:
        if turn.job.trial.id not in self._failed:
            self._left[turn.job.trial.model] += 1
