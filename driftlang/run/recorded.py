"""A recorded run, to be played again without a provider.

In: the folder of a run, and the trials that are wanted of it. Out: `RecordedRun`: which of them it has finished, and
an `Upstream` for each of these that says again what was said.
Refuses to do: playing a trial that did not finish. What is missing of it nobody has ever said.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import Plan, PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Upstream
from driftlang.gateway.replay import Recording, ReplayProvider
from driftlang.run.configuration import Subject
from driftlang.run.reading import read_exchanges
from driftlang.run.schema import reading
from driftlang.run.selection import Job
from driftlang.run.server import AttemptError
from driftlang.run.services import Services
from driftlang.run.upstreams import subject_for


@frozen
class RecordedRun:
    """What can be played again.

    Attributes:
        folder: the run's folder.
        finished: the trials that it has finished, of those that are wanted.
        digest: sha256 over what was asked and answered in them.
    """

    folder: Path
    finished: frozenset[str]
    digest: str

    def why_not(self, trial: str) -> str:
        """Why a trial is not played again; empty where it is."""
        return "" if trial in self.finished else "the recorded run has not finished this trial"


def read_recorded(folder: Path, jobs: Iterable[Job]) -> RecordedRun:
    """The recorded run in `folder`, as far as these jobs go.

    Raises:
        Failure: there is no journal, it is damaged, or it has finished none of them.
    """
    wanted = [job.trial.id for job in jobs]
    with reading(folder) as connection:
        rows = connection.execute("SELECT trial FROM trials WHERE status = 'finished'").fetchall()
    finished = frozenset(row[0] for row in rows) & set(wanted)
    if not finished:
        raise Failure(
            f"{folder} has finished none of the trials that are to be played again",
            help="name the run of this very plan, and finish it first",
            status=ExitStatus.MISUSE,
        )
    return RecordedRun(folder, finished, _digest(folder, sorted(finished)))


def _digest(folder: Path, trials: Iterable[str]) -> str:
    total = sha256()
    for trial in trials:
        for call in read_exchanges(folder, trial):
            said = sha256(bytes(call.request)).digest() + sha256(bytes(call.response)).digest()
            total.update(f"{trial} {call.sequence} {call.status} ".encode() + said)
    return total.hexdigest()


@frozen
class ReplayUpstreams:
    """Opens upstreams that play a recorded run; stands in the place of `Upstreams`."""

    plan: Plan
    plan_folder: Path
    recorded: RecordedRun
    provider: ReplayProvider
    services: Services = field(factory=Services)

    def subject(self, trial: PlannedTrial, harness: str, base_url: str) -> Subject:
        """The trial's model as OpenCode is to see it, as when it was recorded."""
        return subject_for(trial, harness, base_url, self.services)

    @contextmanager
    def open(self, trial: PlannedTrial, solutions: str, subject: Subject) -> Iterator[Upstream]:  # noqa: ARG002 - as of `Upstreams`
        """The upstream of one attempt.

        Raises:
            AttemptError: the attempt ended well without all of its recorded calls.
        """
        recording = Recording(tuple(read_exchanges(self.recorded.folder, trial.id)))
        upstream = self.provider.open(recording)
        try:
            yield upstream
        except AttemptError as trouble:
            raise (AttemptError(recording.deviation, is_final=True) if recording.deviation else trouble) from None
        finally:
            self.provider.close(upstream)
        if recording.left:
            raise AttemptError(recording.left, is_final=True)
