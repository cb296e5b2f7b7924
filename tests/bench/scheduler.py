"""What the scheduler costs a trial: jobs that do nothing, against bare asyncio workers over a queue, in one run.

The jobs are of six models of three providers, in 100 cells, each provider bounded; memory is asked for as in a run.
Rounds of both are interleaved in one process; CPU time, medians.
"""

import asyncio
import statistics
from collections import deque
from time import process_time

from driftlang.run.capacity import MemoryAdmission
from driftlang.run.ending import Ending
from driftlang.run.scheduler import Rules, carry_out
from driftlang.run.selection import Job
from tests.scheduler_jobs import job_of

TRIALS = 20_000
WORKERS = 8
ROUNDS = 5
MODELS = ("openai/a", "openai/b", "anthropic/a", "anthropic/b", "xai/a", "xai/b")
_DONE = Ending()


async def do_nothing(_: Job) -> Ending:
    """A trial that costs nothing."""
    return _DONE


async def bare(jobs: tuple[Job, ...]) -> None:
    """The floor: workers that take from a queue."""
    queue = deque(jobs)

    async def work() -> None:
        while queue:
            await do_nothing(queue.popleft())

    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(work())


async def scheduled(jobs: tuple[Job, ...]) -> None:
    """The scheduler as `run_plan` calls it."""
    outcome = await carry_out(jobs, do_nothing, Rules(WORKERS, 4), admission=MemoryAdmission())
    assert not outcome.failed


def main() -> None:
    """Print the cost of a trial."""
    cells, runs = 100, TRIALS // 100 // len(MODELS) + 1
    every = tuple(
        job_of(model, cell=f"cell-{cell}", run=run) for run in range(runs) for cell in range(cells) for model in MODELS
    )
    jobs = every[:TRIALS]
    assert len({job.trial.id for job in jobs}) == TRIALS
    ours, floor = [], []
    for _ in range(ROUNDS):
        begun = process_time()
        asyncio.run(bare(jobs))
        floor.append((process_time() - begun) / TRIALS * 1e6)
        begun = process_time()
        asyncio.run(scheduled(jobs))
        ours.append((process_time() - begun) / TRIALS * 1e6)
    cost, least = statistics.median(ours), statistics.median(floor)
    print(f"{TRIALS} trials that do nothing: {cost:.1f} us each, bare workers {least:.1f} us; target at most 15 us")


if __name__ == "__main__":
    main()
