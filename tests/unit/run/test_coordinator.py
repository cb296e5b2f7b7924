"""The coordinator with a real Dask scheduler and workers in this process; what they are asked to do is the test's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve
from distributed import LocalCluster, Worker, get_worker
from journals import DIGEST, entry_of, exchange_of, tree_of

from driftlang.diagnostics.failure import Failure
from driftlang.gateway.ledger import Ledger
from driftlang.observe.snapshot import Kept
from driftlang.run.cluster import coordinator, plan_store
from driftlang.run.cluster.coordinator import Cluster, join_cluster
from driftlang.run.cluster.orders import Attempted, Order, PlanNeeded
from driftlang.run.commons import SandboxWish
from driftlang.run.ending import Ending, Stops
from driftlang.run.folder import digest_folder
from driftlang.run.journal import Journal, read_results
from driftlang.run.progress import Silence
from driftlang.run.recorder import MemoryRecorder
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.scheduler import Outcome, Rules, carry_out
from driftlang.run.selection import Job
from driftlang.run.services import Services
from tests.scheduler_jobs import job_of

SENT: Counter[str] = Counter()


def _describe(_: SandboxWish) -> tuple[str, tuple[str, ...]]:
    return "none", ("there is no sandbox here",)


def _keep(digest: str, packed: bytes, dask_worker: Worker) -> None:
    SENT[dask_worker.address] += 1
    plan_store.keep_plan(digest, packed)


def _attempt(order: Order) -> Attempted | PlanNeeded:
    """A worker that has no shared folder, and whose attempts take no time."""
    if plan_store.find_plan(order.digest, Path("/nowhere")) is None:
        return PlanNeeded(get_worker().address)
    recorder = MemoryRecorder(7)
    attempt = recorder.begin(order.trial, "marker", "0123456789ab")
    kept = Kept()
    recorder.note_base(attempt, tree_of(kept, a=b"start"), kept.contents)
    recorder.add_step(attempt, entry_of(attempt, 1, b"note", b"work"))
    recorder.end(attempt, "", 1.0, ())
    return Attempted(recorder.record, Ending())


def _paid_attempt(order: Order) -> Attempted:
    """An attempt that costs three dimes, in a step and behind it, where it may spend them."""
    recorder = MemoryRecorder(7)
    attempt = recorder.begin(order.trial, "marker", "0123456789ab")
    if order.budget is None or order.budget < Decimal("0.3"):
        recorder.end(attempt, "the budget is used up", 1.0, ())
        return Attempted(recorder.record, Ending("the budget is used up", Stops.RUN))
    entry = entry_of(attempt, 1, b"note", b"work")
    calls = tuple(evolve(call, dollars=Decimal("0.1")) for call in entry.exchanges)
    recorder.add_step(attempt, evolve(entry, exchanges=calls))
    recorder.end(attempt, "", 1.0, (evolve(exchange_of(attempt, 2, 0), dollars=Decimal("0.2")),))
    return Attempted(recorder.record, Ending())


def _fail(order: Order) -> Attempted:
    raise Failure(f"on the worker: no OpenCode for {order.trial}", help="install it")


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(plan_store, "_known", {})
    plan_store._store.cache_clear()
    monkeypatch.setattr(coordinator, "describe_sandbox", _describe)
    monkeypatch.setattr(coordinator, "keep_plan", _keep)
    SENT.clear()


@asynccontextmanager
async def _joined(
    folder: Path, jobs: list[Job], workers: int, budget: Decimal | None = None
) -> AsyncIterator[tuple[Cluster, LocalCluster, list[str]]]:
    """A coordinator whose plan is in `folder`, with so many workers of one thread."""
    (folder / "plan").mkdir()
    (folder / "plan" / "plan.toml").write_text("[study]\n")
    run = SimpleNamespace(plan=folder / "plan", digest=digest_folder(folder / "plan"))
    notices: list[str] = []
    async with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=False, asynchronous=True, dashboard_address="127.0.0.1:0"
    ) as local:
        with Journal(folder, DIGEST, [job.trial.id for job in jobs]) as journal:
            work: Any = SimpleNamespace(
                folder=run,
                journal=journal,
                progress=Silence(),
                limits=None,
                wish=SandboxWish("auto", (), Bounds()),
                notice=notices.append,
                services=Services(ledger=Ledger(budget)),
            )
            async with join_cluster(local.scheduler_address, work) as cluster:
                yield cluster, local, notices


def _run(
    folder: Path,
    jobs: list[Job],
    *,
    workers: int = 2,
    budget: Decimal | None = None,
    check: Callable[[Cluster, list[str]], None] = lambda *_: None,
) -> Outcome:
    async def run() -> Outcome:
        async with asyncio.timeout(60), _joined(folder, jobs, workers, budget) as (cluster, _, notices):
            check(cluster, notices)
            return await carry_out(tuple(jobs), cluster.attempt, Rules(cluster.most_jobs), admission=cluster)

    return asyncio.run(run())


def test_attempts_of_workers_are_in_the_journal_and_each_worker_is_sent_the_plan_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(coordinator, "carry_out_order", _attempt)
    jobs = [job_of(run=run) for run in range(1, 13)]
    assert _run(tmp_path, jobs) == Outcome()
    results = list(read_results(tmp_path))
    assert [(found.record.status, found.record.attempts) for found in results] == [("finished", 1)] * 12
    assert all(len(found.record.steps) == 1 for found in results)
    assert SENT
    assert set(SENT.values()) == {1}


def test_how_agents_are_confined_is_asked_of_the_workers_and_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(coordinator, "carry_out_order", _attempt)
    told: list[str] = []

    def check(cluster: Cluster, notices: list[str]) -> None:
        told.extend([cluster.sandbox, *notices])

    _run(tmp_path, [job_of()], check=check)
    assert told == ["none", "there is no sandbox here"]


def test_trouble_of_a_workers_machine_ends_the_run_with_its_reason_and_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(coordinator, "carry_out_order", _fail)
    with pytest.raises(BaseExceptionGroup) as group:
        _run(tmp_path, [job_of()])
    (trouble,) = group.value.exceptions
    while isinstance(trouble, BaseExceptionGroup):
        (trouble,) = trouble.exceptions
    assert isinstance(trouble, Failure)
    assert trouble.message.startswith("on the worker: no OpenCode for ")
    assert trouble.help == "install it"


def test_a_worker_that_joins_later_makes_room_for_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(coordinator, "_COUNT_EVERY", 0.05)

    async def run() -> list[int]:
        async with asyncio.timeout(60), _joined(tmp_path, [job_of()], 1) as (cluster, local, _):
            rooms = [cluster.room]
            local.scale(3)
            while cluster.room < 3:  # noqa: ASYNC110 - counted by asking
                await asyncio.sleep(0.05)
            return [*rooms, cluster.room]

    assert asyncio.run(run()) == [1, 3]


def test_a_scheduler_without_workers_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(coordinator, "_COUNT_EVERY", 0.05)
    monkeypatch.setattr(coordinator, "_WORKER_SECONDS", 0.2)
    with pytest.raises(Failure, match="the Dask scheduler has had no worker"):
        _run(tmp_path, [job_of()], workers=0)


@pytest.mark.parametrize("workers", [1, 3])
def test_a_budget_is_shared_by_the_workers_and_ends_the_run_before_it_is_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
):
    monkeypatch.setattr(coordinator, "carry_out_order", _paid_attempt)
    ledgers: list[Ledger] = []
    jobs = [job_of(run=run) for run in range(1, 13)]
    outcome = _run(
        tmp_path,
        jobs,
        workers=workers,
        budget=Decimal("1.1"),
        check=lambda cluster, _: ledgers.append(cluster._work.services.ledger),
    )
    finished = sum(found.record.status == "finished" for found in read_results(tmp_path))
    assert outcome.ended.startswith("the budget is used up")
    assert 1 <= finished <= 3
    assert ledgers[0].spent == finished * Decimal("0.3")
