"""The scheduler: bounds, order, what is tried again and what is given up. Attempts here are functions of the test."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftlang.run.ending import Ending, Stops, ending_of, same_failure
from driftlang.run.lanes import in_fair_order, provider_of
from driftlang.run.scheduler import Attempt, Outcome, Rules, carry_out
from driftlang.run.selection import Job
from tests.scheduler_jobs import job_of

MODELS = ("openai/a", "openai/b", "xai/c", "sim/d")


class _Trials:
    """Attempts that end when the event loop has gone round some times; how many went on at a time is counted."""

    def __init__(
        self, reason: Callable[[Job, int], str] = lambda _job, _number: "", rounds: Iterable[int] = ()
    ) -> None:
        self._reason = reason
        self._rounds = dict(enumerate(rounds))
        self.at_work: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.begun: list[Job] = []
        self.tries: Counter[str] = Counter()

    async def attempt(self, job: Job) -> Ending:
        provider = provider_of(job.trial.model)
        self.tries[job.trial.id] += 1
        self.begun.append(job)
        self._count(provider, 1)
        for _ in range(self._rounds.get(len(self.begun), 1)):
            await asyncio.sleep(0)
        self._count(provider, -1)
        return Ending(self._reason(job, self.tries[job.trial.id]))

    def _count(self, provider: str, by: int) -> None:
        for name in ("all", provider):
            self.at_work[name] += by
            self.most[name] = max(self.most[name], self.at_work[name])


def _carry_out(jobs: Iterable[Job], attempt: Attempt, rules: Rules) -> Outcome:
    async def bounded() -> Outcome:
        async with asyncio.timeout(20):
            return await carry_out(tuple(jobs), attempt, rules)

    return asyncio.run(bounded())


def _jobs(models: Iterable[str], *, cells: int, runs: int) -> list[Job]:
    return [job_of(model, cell=f"c{cell}", run=run) for model in models for cell in range(cells) for run in range(runs)]


_SOME_JOBS = st.lists(
    st.builds(
        lambda model, cell, run: job_of(model, cell=f"c{cell}", run=run),
        st.sampled_from(MODELS),
        st.integers(0, 3),
        st.integers(1, 3),
    ),
    max_size=30,
    unique_by=lambda job: job.trial.id,
)
_SOME_RULES = st.builds(Rules, st.integers(1, 6), st.integers(0, 3), st.integers(0, 2), st.integers(2, 6))


@given(jobs=_SOME_JOBS, rules=_SOME_RULES, rounds=st.lists(st.integers(0, 5), max_size=30))
def test_every_trial_is_carried_out_once_and_never_more_than_the_bounds_allow_at_a_time(jobs, rules, rounds):
    trials = _Trials(rounds=rounds)
    outcome = _carry_out(jobs, trials.attempt, rules)
    assert outcome == Outcome()
    assert trials.tries == Counter(job.trial.id for job in jobs)
    assert trials.most["all"] <= rules.jobs
    assert not rules.provider_jobs or all(trials.most[name] <= rules.provider_jobs for name in ("openai", "xai", "sim"))


@given(jobs=_SOME_JOBS, rules=_SOME_RULES, rounds=st.lists(st.integers(0, 5), max_size=60), data=st.data())
def test_whatever_fails_every_trial_is_finished_or_failed_or_left_with_its_model(jobs, rules, rounds, data):
    reasons = st.sampled_from(["", "", "the server ended", "the turn did not end within 6 s"])
    trials = _Trials(lambda _job, _number: data.draw(reasons), rounds)
    outcome = _carry_out(jobs, trials.attempt, rules)
    assert trials.most["all"] <= rules.jobs
    assert all(count <= rules.retries + 1 for count in trials.tries.values())
    untried = [job for job in jobs if not trials.tries[job.trial.id]]
    assert Counter(job.trial.model for job in untried) == {
        one.model: one.trials_left for one in outcome.stopped if one.trials_left
    }
    assert set(outcome.failed) <= set(trials.tries)


@given(jobs=_SOME_JOBS, bound=st.integers(1, 3))
def test_no_more_workers_stand_idle_than_the_bounds_make_them(jobs, bound):
    """With attempts that all last as long, a provider with enough trials is kept busy up to its bound."""
    trials = _Trials()
    _carry_out(jobs, trials.attempt, Rules(len(MODELS) * bound, bound))
    counts = Counter(provider_of(job.trial.model) for job in jobs)
    assert {name: trials.most[name] for name in counts} == {name: min(count, bound) for name, count in counts.items()}


def test_a_provider_has_the_room_that_its_settings_give_it_unless_one_bound_for_all_is_set():
    jobs = _jobs(("openai/a", "xai/c"), cells=6, runs=1)
    trials = _Trials()
    _carry_out(jobs, trials.attempt, Rules(8, rooms={"openai": 2}))
    assert (trials.most["openai"], trials.most["xai"]) == (2, 6)
    bounded = _Trials()
    _carry_out(jobs, bounded.attempt, Rules(8, 3, rooms={"openai": 2}))
    assert (bounded.most["openai"], bounded.most["xai"]) == (3, 3)


def test_the_first_runs_of_all_cells_and_models_come_before_the_second_ones():
    jobs = _jobs(MODELS, cells=3, runs=3)
    trials = _Trials()
    _carry_out(jobs, trials.attempt, Rules(1))
    assert trials.begun == list(in_fair_order(jobs))
    assert [job.script.run for job in trials.begun] == sorted(job.script.run for job in jobs)
    first = trials.begun[: len(MODELS)]
    assert [job.trial.model for job in first] == list(MODELS)
    assert {job.script.cell for job in first} == {"c0"}


def test_a_slow_provider_does_not_hold_up_another():
    jobs = [*(job_of("openai/a", run=run) for run in range(1, 9)), *(job_of("xai/c", run=run) for run in range(1, 9))]
    trials = _Trials()
    gate = asyncio.Event()
    finished: list[str] = []

    async def attempt(job: Job) -> Ending:
        if job.trial.model == "openai/a":
            await gate.wait()
        ending = await trials.attempt(job)
        finished.append(job.trial.model)
        if finished.count("xai/c") == 8:
            gate.set()
        return ending

    assert _carry_out(jobs, attempt, Rules(4, provider_jobs=2)) == Outcome()
    assert finished[:8] == ["xai/c"] * 8


def test_a_trial_that_is_tried_again_comes_behind_the_first_attempts_of_its_run_number():
    jobs = _jobs(("sim/d",), cells=3, runs=2)
    trials = _Trials(lambda job, number: "x" if job is jobs[0] and number == 1 else "")
    _carry_out(jobs, trials.attempt, Rules(1))
    assert [(job.script.cell, job.script.run) for job in trials.begun] == [
        *(("c0", 0), ("c1", 0), ("c2", 0), ("c0", 0)),
        *(("c0", 1), ("c1", 1), ("c2", 1)),
    ]


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_a_trial_that_always_fails_is_tried_again_as_often_as_said(retries: int):
    trials = _Trials(lambda *_: "the server ended")
    outcome = _carry_out([job_of()], trials.attempt, Rules(2, retries=retries))
    assert trials.tries.total() == retries + 1
    assert list(outcome.failed.values()) == ["the server ended"]
    assert outcome.stopped == ()


def test_five_failures_in_a_row_with_the_same_cause_stop_their_model_and_no_other():
    jobs = _jobs(("openai/a", "sim/d"), cells=4, runs=5)
    trials = _Trials(
        lambda job, _: "" if job.trial.model == "sim/d" else f"step 1 (p): no tokens left in {len(job.script.id)} s"
    )
    outcome = _carry_out(jobs, trials.attempt, Rules(1, retries=0))
    (stopped,) = outcome.stopped
    assert stopped.model == "openai/a"
    assert stopped.reason.startswith("5 failures in a row: step 1 (p): no tokens left in ")
    assert stopped.trials_left == 15
    assert len(outcome.failed) == 5
    assert sum(job.trial.model == "sim/d" for job in trials.begun) == 20


def test_failures_with_different_causes_or_a_success_in_between_stop_nothing():
    endings = ["a", "a", "a", "a", "", "a", "a", "b", "a", "a", "a", "a"]
    trials = _Trials(lambda *_: endings[len(trials.begun) - 1])
    outcome = _carry_out(_jobs(("sim/d",), cells=12, runs=1), trials.attempt, Rules(1, retries=0))
    assert len(outcome.failed) == 11
    assert outcome.stopped == ()


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_an_answer_that_no_retry_mends_stops_its_model_at_once(status: int):
    calls: list[Job] = []

    async def attempt(job: Job) -> Ending:
        calls.append(job)
        return ending_of("APIError: no", status) if job.trial.model == "openai/a" else Ending()

    outcome = _carry_out(_jobs(("openai/a", "sim/d"), cells=2, runs=4), attempt, Rules(1, retries=3))
    (stopped,) = outcome.stopped
    assert (stopped.model, stopped.reason, stopped.trials_left) == ("openai/a", "APIError: no", 7)
    assert sum(job.trial.model == "openai/a" for job in calls) == 1
    assert sum(job.trial.model == "sim/d" for job in calls) == 8


@pytest.mark.parametrize("status", [0, 200, 400, 408, 429, 500, 503])
def test_an_answer_that_a_retry_may_mend_stops_nothing(status: int):
    assert ending_of("APIError: no", status).stops is Stops.NOTHING


def test_a_trial_that_finished_is_no_failure_whatever_its_last_answer():
    assert ending_of("", 404) == Ending()


def test_a_trial_that_would_come_to_the_same_again_is_not_tried_again_and_stops_nothing():
    jobs = _jobs(["openai/a"], cells=1, runs=8)
    tried = list[str]()

    async def attempt(job: Job) -> Ending:
        tried.append(job.trial.id)
        return ending_of("the replay deviates at model call 3", 400, is_final=True)

    outcome = _carry_out(jobs, attempt, Rules(jobs=1, retries=3))
    assert (sorted(tried), outcome.stopped) == (sorted(outcome.failed), ())
    assert len(tried) == len(jobs)


def test_a_failure_of_the_whole_run_begins_nothing_more():
    trials: list[Job] = []

    async def attempt(job: Job) -> Ending:
        trials.append(job)
        return Ending("the budget is spent", Stops.RUN)

    outcome = _carry_out(_jobs(MODELS, cells=2, runs=2), attempt, Rules(1))
    assert len(trials) == 1
    assert outcome.ended == "the budget is spent"
    assert sum(one.trials_left for one in outcome.stopped) == 15


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("step 1 (postgres): APIError: bad request req_011CX", "step 12 (redis): APIError: bad request req_0ff"),
        ("the turn did not end within 6 s", "the turn did not end within 60 s"),
        ("[Errno 111] Connect call failed ('127.0.0.1', 41233)", "[Errno 111] Connect call failed ('127.0.0.1', 9)"),
    ],
)
def test_failures_are_the_same_whatever_their_ids_numbers_and_steps(one: str, other: str):
    assert same_failure(one) == same_failure(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("POST /session: status 400 no", "POST /session: status 500 no"),
        ("the server ended by SIGKILL", "the server ended by SIGSEGV"),
    ],
)
def test_failures_of_different_kinds_are_not_the_same(one: str, other: str):
    assert same_failure(one) != same_failure(other)


def test_an_exception_ends_all_and_those_under_way_are_waited_for():
    ended: list[str] = []

    async def attempt(job: Job) -> Ending:
        if job.trial.model == "xai/c":
            await asyncio.sleep(0)
            raise OSError(28, "No space left on device")
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(job.trial.model)
        return Ending()

    with pytest.raises(ExceptionGroup) as group:
        _carry_out(_jobs(MODELS, cells=1, runs=1), attempt, Rules(4))
    assert [type(trouble) for trouble in group.value.exceptions] == [OSError]
    assert sorted(ended) == ["openai/a", "openai/b", "sim/d"]


def test_attempts_of_a_killed_runner_count_as_if_they_had_been_made_now():
    jobs = _jobs(("sim/d",), cells=3, runs=1)
    spent, once, fresh = (job.trial.id for job in jobs)
    former = [(spent, "the server ended"), (once, "the server ended"), (spent, "the server ended")]
    trials = _Trials(lambda *_: "the disk of the server is gone")

    async def run() -> Outcome:
        return await carry_out(tuple(jobs), trials.attempt, Rules(1), former=former)

    outcome = asyncio.run(run())
    assert trials.tries == {once: 1, fresh: 2}
    assert outcome.failed[spent] == "the server ended"
    assert outcome.stopped == ()


def test_a_row_of_failures_goes_on_over_the_death_of_the_runner():
    jobs = _jobs(("sim/d",), cells=9, runs=1)
    former = [(job.trial.id, "the server ended") for job in jobs[:4]]
    trials = _Trials(lambda *_: "the server ended")

    async def run() -> Outcome:
        return await carry_out(tuple(jobs), trials.attempt, Rules(1), former=former)

    (stopped,) = asyncio.run(run()).stopped
    assert trials.tries.total() == 1
    assert stopped.reason == "5 failures in a row: the server ended"
    assert stopped.trials_left == 4
