"""The functions that a Dask worker runs.

In: an `Order`. Out: `Attempted`, or `PlanNeeded` where the plan is not there.
Refuses to do: the work of another version of this program, and going on when nobody wants the answer any more: a task
that Dask has forgotten, as it does when the coordinator is lost, or a worker that closes, ends its attempt in order.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from driftlang.build.plan import PlannedTrial
from driftlang.diagnostics.failure import Failure
from driftlang.run.cluster.house import House
from driftlang.run.cluster.orders import Attempted, Order, PlanNeeded, identity
from driftlang.run.cluster.plan_store import find_plan
from driftlang.run.commons import SandboxWish

if TYPE_CHECKING:
    from distributed import Worker

_house = cache(House)


def carry_out_order(order: Order) -> Attempted | PlanNeeded:
    """Make one attempt.

    Raises:
        Failure: this worker runs another version, or its machine is in trouble.
    """
    from distributed import get_worker

    worker = get_worker()
    if order.identity != identity():
        raise Failure(
            f"the worker {worker.address} runs {identity()}, not {order.identity}",
            help="install the same version of driftlang there, and start the worker again",
        )
    folder = find_plan(order.digest, Path(order.plan))
    if folder is None:
        return PlanNeeded(worker.address)
    key = worker.get_current_task()

    def tell(kind: str, trial: PlannedTrial, record: str) -> None:
        told = {"kind": kind, "trial": trial.id, "worker": worker.address, "record": record}
        worker.log_event(order.run, told)

    try:
        return _house().attempt(order, folder, tell, lambda: _is_wanted(worker, key))
    except Failure as trouble:
        raise Failure(f"on the worker {worker.address}: {trouble.message}", help=trouble.help) from None


async def describe_sandbox(wish: SandboxWish) -> tuple[str, tuple[str, ...]]:
    """What confines the agents on this worker, and what the user should know of it.

    Raises:
        Failure: OpenCode is missing there, or there is no sandbox and there must be one.
    """
    return await _house().describe(wish)


async def end_attempts(run: str) -> int:
    """End the attempts of `run` on this worker, and wait until they have; how many there were."""
    return await _house().end(run) if _house.cache_info().currsize else 0


def _is_wanted(worker: "Worker", key: object) -> bool:
    from distributed.core import Status

    task = worker.state.tasks.get(key)  # type: ignore[call-overload]  # what Dask takes for a key differs by version
    is_open = worker.status not in {Status.closing, Status.closed, Status.failed}
    return is_open and task is not None and task.state == "executing"
