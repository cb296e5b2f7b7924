"""Judging a run: every step put before every judge, vote by vote, and what they say kept.

In: a run's folder, a jury, services. Out: votes in the run's folder, and a `Judging`: how it went.
Refuses to do: asking what was asked before, and more judges than the steps' models allow, see `jury.py`. What is cut
short by a budget, by a provider or by a kill goes on where it was with the same call.
"""

import asyncio
import fcntl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import product
from pathlib import Path

from attrs import evolve, field, frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.judge.asking import Asked, Bench, TroubleError
from driftlang.judge.forms import BROKEN, KEPT, Verdict
from driftlang.judge.jury import Juror, families, why_barred
from driftlang.judge.question import make_question
from driftlang.judge.sampling import Sample, every_step
from driftlang.judge.steps import JudgedStep, RunSteps
from driftlang.judge.store import JUDGE_FOLDER, Votes, open_votes
from driftlang.run.services import Services
from driftlang.sim.judge import Truth

_LOCK_FILE = "lock"
#: Votes in a row that may fail before a judge is asked no more.
_MOST_TROUBLE = 5
#: Votes at a time with judges of whose provider no bound is known.
USUAL_JOBS = 8


@frozen
class Jury:
    """Who judges a run, and how.

    Attributes:
        jurors: the judges.
        votes: of each, on each step.
        allows_family: whether a judge may judge models of its own family.
    """

    jurors: tuple[Juror, ...]
    votes: int = 1
    allows_family: bool = False


@frozen
class Barred:
    """A judge that does not judge a model, and why."""

    judge: str
    subject: str
    why: str


@frozen
class Judging:
    """How a judging went.

    Attributes:
        steps: how many steps were put before a judge.
        votes: how many votes there are now on them: asked for, and known before.
        asked: of those, how many were asked for now.
        abstained, rejected: of the votes, how many say nothing.
        failed: votes that could not be had, by reason.
        barred: who did not judge whom.
        families: how many families of models judge.
        dollars: what was spent, earlier judgings of the run included.
        unpriced: judges whose price is not known.
        ended: why it was ended before its time; empty when it was not.
    """

    steps: int
    votes: int
    asked: int
    abstained: int
    rejected: int
    failed: Mapping[str, int] = field(factory=dict)
    barred: tuple[Barred, ...] = ()
    families: int = 0
    dollars: Decimal = Decimal(0)
    unpriced: tuple[str, ...] = ()
    ended: str = ""


class Tally:
    """The counts while a judging goes on; `told` is called when one changes."""

    def __init__(self, told: "Callable[[Tally], None]" = lambda _: None) -> None:
        self.wanted = 0
        self.steps = 0
        self.votes = 0
        self.asked = 0
        self.abstained = 0
        self.rejected = 0
        self.dollars = Decimal(0)
        self.failed: Counter[str] = Counter()
        self._told = told

    def note(self, *, is_asked: bool, abstained: bool = False, rejected: bool = False) -> None:
        """A vote is in."""
        self.votes += 1
        self.asked += is_asked
        self.abstained += abstained
        self.rejected += rejected
        self._told(self)

    def note_failure(self, reason: str) -> None:
        """A vote could not be had."""
        self.failed[reason] += 1
        self._told(self)


def bar(jury: Jury, subjects: tuple[str, ...]) -> tuple[Barred, ...]:
    """Who of the jury does not judge whom.

    Raises:
        Failure: a model is left that nobody may judge.
    """
    found = tuple(
        Barred(juror.name, subject, why)
        for subject in subjects
        for juror in jury.jurors
        if (why := why_barred(juror, subject, allows_family=jury.allows_family))
    )
    for subject in subjects:
        whys = [one for one in found if one.subject == subject]
        if len(whys) == len(jury.jurors):
            raise Failure(
                f"nobody may judge `{subject}`: of `{whys[0].judge}`, {whys[0].why}",
                help="name a judge of another family with `--judge`, or allow its own with `--same-family`",
                status=ExitStatus.MISUSE,
            )
    return found


async def judge_run(  # noqa: PLR0913 - a run, and how it is to be judged
    steps: RunSteps,
    jury: Jury,
    services: Services,
    *,
    sample: Sample | None = None,
    jobs: int = 0,
    tally: Tally | None = None,
    bench: Bench | None = None,
) -> Judging:
    """Have `jury` vote on the steps of a run.

    Args:
        steps: the run's; see `open_steps`.
        jury: who judges.
        services: what stands behind the judges' names; its ledger holds the judging's budget.
        sample: which steps; by default all.
        jobs: votes at a time; by default as many as the providers of the judges take.
        tally: is told how it goes.
        bench: where judges are asked; by default one of its own.

    Raises:
        Failure: a judge cannot be reached, nobody may judge a model, or another judging of the run is at work.
    """
    barred = bar(jury, steps.subjects)
    for juror in jury.jurors:
        if not juror.is_simulated:
            services.check_model(juror.model)
    counts = tally or Tally()
    chosen = every_step(steps.folder) if sample is None else sample
    counts.wanted = len(chosen) * len(jury.jurors) * jury.votes
    with _held(steps.folder), open_votes(steps.folder) as votes:
        async with bench or Bench(services) as at:
            session = _Session(jury, barred, at, votes, counts, jobs or _rooms(jury, services))
            try:
                await session.judge(steps, chosen)
            except* Failure as failures:
                raise failures.exceptions[0] from None
    return _came_to(counts, jury, services, barred, session.ended)


def _came_to(counts: Tally, jury: Jury, services: Services, barred: tuple[Barred, ...], ended: str) -> Judging:
    real = [juror.model for juror in jury.jurors if not juror.is_simulated]
    return Judging(
        steps=counts.steps,
        votes=counts.votes,
        asked=counts.asked,
        abstained=counts.abstained,
        rejected=counts.rejected,
        failed=dict(sorted(counts.failed.items())),
        barred=barred,
        families=len(families(jury.jurors)),
        dollars=services.ledger.spent,
        unpriced=tuple(sorted({model for model in real if services.price_of(model) is None})),
        ended=ended,
    )


def _rooms(jury: Jury, services: Services) -> int:
    """Votes at a time: what the judges' providers take together."""
    names = {juror.model.partition("/")[0] for juror in jury.jurors}
    return sum(services.rooms.get(name, USUAL_JOBS) for name in names)


@contextmanager
def _held(run_folder: Path) -> Iterator[None]:
    """The run's votes, and nobody else's while the context lasts."""
    folder = run_folder / JUDGE_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / _LOCK_FILE).open("ab")
    except OSError as trouble:
        raise Failure(
            f"verdicts cannot be written to {folder}: {(trouble.strerror or str(trouble)).lower()}",
            help="make the folder of the run writable",
        ) from trouble
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(
                f"another judging of {run_folder} is at work", help="wait until it has ended", status=ExitStatus.MISUSE
            ) from None
        yield


class _Session:
    """One judging under way."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one judging, from the one place that makes it
        self, jury: Jury, barred: tuple[Barred, ...], bench: Bench, votes: Votes, tally: Tally, jobs: int
    ) -> None:
        self._stopped: dict[str, str] = {}
        self._jury = jury
        self._barred = {(one.judge, one.subject) for one in barred}
        self._bench = bench
        self._votes = votes
        self._tally = tally
        self._room = asyncio.Semaphore(jobs)
        self._asking: dict[str, asyncio.Lock] = {}
        self._trouble: Counter[str] = Counter()

    @property
    def ended(self) -> str:
        """Why judges were asked no more; empty where none was given up."""
        return "; ".join(f"{name}: {why}" for name, why in sorted(self._stopped.items()))

    async def judge(self, steps: RunSteps, chosen: Sample) -> None:
        """Put each chosen step before each judge that may judge it, as long as there is one that answers."""
        async with asyncio.TaskGroup() as group:
            for step in steps:
                if step.key not in chosen:
                    continue
                jurors = [one for one in self._jury.jurors if (one.name, step.subject) not in self._barred]
                self._tally.steps += bool(jurors)
                for juror, vote in product(jurors, range(1, self._jury.votes + 1)):
                    await self._room.acquire()
                    if len(self._stopped) == len(self._jury.jurors):
                        return
                    group.create_task(self._cast(juror, step, vote))

    async def _cast(self, juror: Juror, step: JudgedStep, vote: int) -> None:
        try:
            if juror.name not in self._stopped:
                await self._vote(juror, step, vote)
        except TroubleError as trouble:
            self._tally.note_failure(f"{juror.name}: {trouble}")
            self._trouble[juror.name] += 1
            if trouble.is_final or self._trouble[juror.name] >= _MOST_TROUBLE:
                self._stopped.setdefault(juror.name, str(trouble))
        finally:
            self._room.release()

    async def _vote(self, juror: Juror, step: JudgedStep, vote: int) -> None:
        question = make_question(step.rubric, step.constraint, step.shown, vote)
        truth = truth_of(step, vote)
        digest = self._bench.digest_of(juror, question, truth)
        verdict = Verdict(*_place(step), judge=juror.name, vote=vote, digest=digest)
        # Two steps may ask the very same: the second one waits for the answer to the first.
        lock = self._asking.setdefault(digest, asyncio.Lock())
        async with lock:
            known = self._votes.find(digest)
            if known is not None:
                if not self._votes.is_noted(verdict):
                    self._votes.note(verdict)
                self._tally.note(is_asked=False, abstained=known.abstained, rejected=bool(known.rejected))
                return
            try:
                asked = await self._bench.ask(juror, question, truth)
            except TroubleError as trouble:
                self._votes.keep_calls(digest, trouble.calls)
                raise
            self._trouble[juror.name] = 0
            self._keep(verdict, asked)

    def _keep(self, verdict: Verdict, asked: Asked) -> None:
        made = verdict_of(verdict, asked)
        self._votes.keep(made, asked.calls)
        self._tally.dollars += Decimal(made.dollars or 0)
        self._tally.note(is_asked=bool(asked.calls), abstained=made.abstained, rejected=bool(made.rejected))


def verdict_of(verdict: Verdict, asked: Asked) -> Verdict:
    """`verdict` with what was answered."""
    read = asked.read
    if read is None:
        why = f"the answer cannot be used: {asked.rejected}" if asked.calls else asked.rejected
        return evolve(verdict, rejected=why, dollars=asked.dollars)
    return evolve(
        verdict,
        label="" if read.abstains else read.label,
        intent=None if read.abstains else read.intent,
        evidence=() if read.abstains else read.evidence,
        confidence=read.confidence,
        abstained=read.abstains,
        reason=read.reason,
        dollars=asked.dollars,
    )


def _place(step: JudgedStep) -> tuple[str, str, int]:
    return step.key.trial, step.key.branch, step.key.position


def truth_of(step: JudgedStep, vote: int) -> Truth:
    """What a simulated judge is told; of what was neither kept nor broken that it was neither."""
    label = step.outcome if step.outcome in (KEPT, BROKEN) else ""
    return Truth("/".join(map(str, _place(step))), vote, label)
