"""Where the attempts of a run are made: on this machine, or on the workers of a Dask scheduler.

In: `Work`, the run as far as it does not depend on that. Out: a `Site`, open as long as the context lasts.
Refuses to do: choosing what is attempted, and when.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import evolve, frozen

from driftlang.build.plan import Plan
from driftlang.gateway.ledger import Ledger
from driftlang.gateway.replay import ReplayProvider
from driftlang.run.capacity import MemoryAdmission, default_jobs
from driftlang.run.commons import Commons, SandboxWish, open_commons
from driftlang.run.ending import Ending, Stops
from driftlang.run.folder import RunFolder
from driftlang.run.journal import Journal
from driftlang.run.progress import Progress
from driftlang.run.recorded import RecordedRun, ReplayUpstreams
from driftlang.run.scheduler import Admission, Attempt
from driftlang.run.selection import Job
from driftlang.run.services import Services
from driftlang.run.trial import Limits, attempt_trial
from driftlang.run.upstreams import Upstreams
from driftlang.sim.server import SimulatedProvider


@frozen
class Work:
    """A run, wherever its attempts are made.

    Attributes:
        jobs: how many attempts go on at a time; 0 is as many as fit.
        notice: is told what the user should know of how it is run.
        services: the providers of models that are not simulated, and the run's money.
        recorded: the run that is played again, or nothing.
        simulated: what plays the simulated models, where the run is not to have its own.
    """

    plan: Plan
    folder: RunFolder
    journal: Journal
    progress: Progress
    limits: Limits
    jobs: int
    wish: SandboxWish
    notice: Callable[[str], None]
    services: Services
    recorded: RecordedRun | None = None
    simulated: SimulatedProvider | None = None


@frozen
class Site:
    """Where attempts are made.

    Attributes:
        sandbox: what confines the agents there; see `Confinement.label`.
        jobs: how many may go on at a time.
        room: how many there is room for now, where that differs.
    """

    attempt: Attempt
    admission: Admission
    sandbox: str
    jobs: int
    room: int


def within_budget(ending: Ending, ledger: Ledger) -> Ending:
    """The ending of an attempt, which ends the run where the budget did not suffice for it."""
    return evolve(ending, stops=Stops.RUN) if ending.reason and ledger.exceeded else ending


@asynccontextmanager
async def local_site(work: Work, opencode: Path | None) -> AsyncIterator[Site]:
    """This machine."""
    opening = open_commons(work.wish, opencode, work.notice, work.simulated)
    async with opening as commons, _upstreams(work, commons) as upstreams:
        world = commons.world(upstreams, work.journal, work.progress, work.limits)

        async def attempt(job: Job) -> Ending:
            return within_budget(await attempt_trial(world, job), work.services.ledger)

        jobs = work.jobs or default_jobs()
        yield Site(attempt, MemoryAdmission(), commons.confinement.label, jobs, jobs)


@asynccontextmanager
async def _upstreams(work: Work, commons: Commons) -> AsyncIterator[Upstreams | ReplayUpstreams]:
    """Where model calls go: to providers, or where a run is played again to its record and nowhere else."""
    if work.recorded is None:
        yield Upstreams(work.plan, work.folder.plan, commons.provider, work.services)
        return
    async with ReplayProvider() as player:
        yield ReplayUpstreams(work.plan, work.folder.plan, work.recorded, player, work.services)


@asynccontextmanager
async def dask_site(work: Work, address: str) -> AsyncIterator[Site]:
    """The workers of the Dask scheduler at `address`."""
    from driftlang.run.cluster.coordinator import join_cluster

    async with join_cluster(address, work) as cluster:
        yield Site(cluster.attempt, cluster, cluster.sandbox, work.jobs or cluster.most_jobs, cluster.room)
