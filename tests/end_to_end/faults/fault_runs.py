"""Runs in which each trial meets a fault of its own, and what can be read of them afterwards.

In: faults. Out: a `FaultRun`: a first run that meets them all, one attempt each, and a second one on the same folder
whose provider is whole again.
Refuses to do: saying what ought to be; the tests do.
"""

import asyncio
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from attrs import evolve, frozen
from fault_provider import Fault, FaultProvider, Plant
from small_plans import PlanShape, make_plan, markers_of, results_of, rows_of

from driftlang.build.plan_toml import render_form
from driftlang.gateway.forms import Exchange, RouteLimits
from driftlang.report.gather import gather
from driftlang.run.journal import read_exchanges, read_results
from driftlang.run.reaping import marked
from driftlang.run.records import TrialResult
from driftlang.run.runner import RunSummary, run_plan
from driftlang.run.sandbox.bounds import Bounds
from driftlang.run.sandbox.confinement import BUBBLEWRAP
from driftlang.run.selection import Selection
from driftlang.run.server import ServerLimits
from driftlang.run.trial import Limits
from driftlang.run.turns import TurnLimits
from driftlang.score.forms import BankPattern, Rule, Scorer

#: Bounds as a patient user would never set them, so that what waits without end is seen not to.
LIMITS = Limits(
    bounds=Bounds(memory=1536 * 2**20, processes=64, file=64 * 2**20, written=256 * 2**20),
    server=ServerLimits(health_every=0.5, health_timeout=2.0, health_misses=3, stop=2.0),
    turn=TurnLimits(retries=1, retry_wait=5.0, abort=5.0),
    route=RouteLimits(
        turn_calls=12,
        answer_bytes=16 * 2**20,
        retry_after_seconds=1.0,
        connect_seconds=2.0,
        silence_seconds=4.0,
    ),
)
TURN_SECONDS = 45.0
#: Stands in the runner's own environment.
SECRET = "hunter2-of-the-host"


@frozen
class Witness:
    """All that is known of one trial's first attempt, before the second run.

    Attributes:
        plant: what the provider knows of it.
        result: what the journal holds of the trial.
        exchanges: the model calls that the journal holds.
        outcomes: of the planned steps, as scored.
    """

    plant: Plant
    result: TrialResult
    exchanges: tuple[Exchange, ...]
    outcomes: tuple[str, ...]

    @property
    def detected(self) -> float:
        """Seconds from the fault's first strike, or from the step that it broke, to the end of that step."""
        assert self.plant.fault is not None
        steps = self.result.record.steps
        step = next((one for one in steps if one.error), steps[self.plant.fault.step - 1])
        return step.started + step.seconds - max(step.started, self.plant.struck_at)

    @property
    def lost(self) -> tuple[str, ...]:
        """What happened and is not in the journal."""
        calls = [
            f"call {number}"
            for number, (request, answer) in enumerate(zip(self.plant.requests, self.plant.answers, strict=True), 1)
            if not any(one.request == request and _is_of(one, bytes(answer)) for one in self.exchanges)
        ]
        held = {step.position for step in self.result.record.steps}
        struck = self.plant.fault.step if self.plant.fault else 0
        steps = [f"step {position}" for position in range(1, struck + 1) if position not in held]
        return (*calls, *steps, *(() if self.result.observation.base else ("the repository's start",)))


def _is_of(exchange: Exchange, answer: bytes) -> bool:
    """Whether the exchange holds `answer`, or as much of it as was passed on before a bound or an end."""
    return answer.startswith(exchange.response) if answer and exchange.response else not answer


@frozen
class FaultRun:
    """A run that met its faults, and what a second one on the same folder made of some of them.

    Attributes:
        witnesses, beginnings, ends: what is known, what the first step came to, and what the trial came to, by the
            fault's name.
        undisturbed: the same of the trials that had no fault.
        processes, folders: what was left when the run had ended.
        integrity: what SQLite says of the journal.
        again: how the second run went; `mended`: what its trials came to.
    """

    witnesses: dict[str, Witness]
    beginnings: dict[str, object]
    ends: dict[str, object]
    undisturbed: tuple["Undisturbed", ...]
    processes: tuple[int, ...]
    folders: tuple[str, ...]
    integrity: str
    again: RunSummary
    mended: dict[str, object]


@frozen
class Undisturbed:
    """What a trial without a fault came to."""

    beginning: object
    end: object
    outcomes: tuple[str, ...]


def fault_plan(folder: Path, runs: int) -> Path:
    """A plan of two steps with a scorer of its own, and `runs` runs of its only cell."""
    shape = PlanShape(steps=2, repeat=runs, turn_seconds=TURN_SECONDS, trial_seconds=180.0)
    plan = make_plan(folder, shape)
    (plan / "scorers").mkdir()
    (plan / "scorers" / "ledger.toml").write_text(render_form(_scorer()), encoding="utf-8")
    return plan


def _scorer() -> Scorer:
    def pattern(name: str, match: str) -> BankPattern:
        return BankPattern(name, "added code", ("ledger/*.py",), (), (match,), (), 1)

    return Scorer(
        patterns=(pattern("inline", r'return "qa-'), pattern("external", r"os\.environ")),
        rules={"keep_inline": Rule("inline", "external")},
        favors={"keep_inline": "convenience"},
        both="hedged",
    )


def run_faults(folder: Path, faults: tuple[Fault, ...], opencode: Path, *, again: int) -> FaultRun:
    """Run a trial for each of `faults` and two without any; then those of the first `again` once more, without."""
    plan, run = fault_plan(folder / "plan", len(faults) + 2), folder / "run"
    provider = FaultProvider(faults, run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", SECRET)
        _run(plan, run, opencode, provider, Selection())
    outcomes, found = outcomes_of(run), list(results_of(run).items())
    names = [fault.name for fault in faults]
    result = FaultRun(
        witnesses=_witnesses(run, provider, outcomes),
        beginnings={name: _beginning_of(one) for name, (_, one) in zip(names, found, strict=False)},
        ends={name: end_of(one) for name, (_, one) in zip(names, found, strict=False)},
        undisturbed=tuple(
            Undisturbed(_beginning_of(one), end_of(one), outcomes[trial]) for trial, one in found[len(faults) :]
        ),
        processes=tuple(process for marker in markers_of(run) for process in marked(marker)),
        folders=_folders(run),
        integrity=rows_of(run, "PRAGMA integrity_check")[0][0],
        again=_run(plan, run, opencode, FaultProvider((), run), Selection(repeat=again)),
        mended={},
    )
    mended = list(results_of(run).values())[:again]
    return evolve(result, mended={name: end_of(one) for name, one in zip(names, mended, strict=False)})


def _run(plan: Path, run: Path, opencode: Path, provider: FaultProvider, selection: Selection) -> RunSummary:
    going = run_plan(
        plan,
        run,
        jobs=3,
        retries=0,
        keeps_going=True,
        selection=selection,
        opencode=opencode,
        limits=LIMITS,
        sandbox=BUBBLEWRAP,
        simulated=provider,
    )
    return asyncio.run(going)


def outcomes_of(run: Path) -> dict[str, tuple[str, ...]]:
    """Outcomes of the steps of each trial that is over."""
    trials = gather([run], with_evidence=False).trials
    return {scored.trial: tuple(step.outcome.value for step in scored.steps) for scored in trials}


def _witnesses(run: Path, provider: FaultProvider, outcomes: dict[str, tuple[str, ...]]) -> dict[str, Witness]:
    results = list(read_results(run))
    found = {}
    for number, (plant,) in sorted(provider.attempts.items()):
        result = results[number - 1]
        if plant.fault is not None:
            trial = result.record.trial
            found[plant.fault.name] = Witness(plant, result, tuple(read_exchanges(run, trial)), outcomes[trial])
    return found


def end_of(result: Any) -> object:
    """What a trial came to, without what a fault may change on the way: the calls that it took."""
    status, steps, observation, trees = result
    done = [(name, injected, error) for name, injected, _, error, _ in steps]
    return status, done, [step.changes for step in observation.steps], trees


def _beginning_of(result: Any) -> object:
    """What a trial's first step came to."""
    _, steps, observation, trees = result
    return steps[0], observation.base, observation.steps[0].changes, trees[0]


def _folders(run: Path) -> tuple[str, ...]:
    """What stands in the temporary folder still of the places that the run took."""
    keys = {row[0] for row in rows_of(run, "SELECT place FROM attempts")}
    return tuple(path.as_posix() for key in sorted(keys) for path in Path(gettempdir()).glob(f"*/{key}*"))
