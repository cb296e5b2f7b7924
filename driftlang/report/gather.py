"""Gathering: from run folders to scored trials and what there is to show of them.

In: folders that `driftlang run` wrote. Out: `Gathered`.
Refuses to do: mixing what does not belong together. Two runs of one plan may be read together; where two plans claim
the same run of the same cell for different trials, the report would pair worlds that differ, and that is a `Failure`.

Trials are read one at a time and kept as texts cut to a size, so that memory does not grow with repositories.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang.build.accepted import read_accepted
from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.build.plan_toml import PLAN_FILE, read_plan, read_scorer
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.forms import CellKey, ScoredTrial
from driftlang.estimate.rows import StepRow
from driftlang.report.details import detail_trial
from driftlang.report.forms import Gathered, Incomplete, RunSource, TrialDetail
from driftlang.report.trial_lines import score_lines
from driftlang.report.trial_rows import rows_of
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.injections import is_placed
from driftlang.run.journal import read_results
from driftlang.run.overview import overview
from driftlang.run.reading import read_replayed
from driftlang.run.records import TrialRecord, TrialResult
from driftlang.run.schema import JOURNAL_FILE
from driftlang.score.forms import Scorer

#: Runs that are named to someone who gave the folder above them.
_MOST_NAMED = 5


@frozen
class _Planned:
    """A trial of a plan with all that it refers to."""

    trial: PlannedTrial
    script: PlannedScript
    cell: PlannedCell
    key: CellKey


@frozen
class _Read:
    """One trial as read: what is scored and shown of it."""

    planned: _Planned
    status: str
    reason: str
    scored: ScoredTrial
    detail: tuple[TrialDetail, ...]
    sandbox: str
    rows: tuple[StepRow, ...] = ()


def gather(runs: Sequence[Path], *, with_evidence: bool) -> Gathered:
    """Read and score all trials of `runs`.

    Args:
        runs: run folders.
        with_evidence: whether diffs, replies and the like are kept for the page.

    Raises:
        Failure: a folder is no run or is damaged, or two runs do not go together.
    """
    sources: list[RunSource] = []
    found: dict[str, _Read] = {}
    repeated: dict[str, None] = {}
    for run in runs:
        plan = _read_plan(run)
        sources.append(_source(run, plan))
        for read in _read_run(run, plan, with_evidence=with_evidence):
            trial = read.planned.trial.id
            if trial in found:
                repeated[trial] = None
            if trial not in found or _rank(read) > _rank(found[trial]):
                found[trial] = read
    _refuse_strangers(found.values())
    scored = [read for read in found.values() if read.scored.steps]
    return Gathered(
        tuple(sources),
        tuple(read.scored for read in scored),
        tuple(detail for read in scored for detail in read.detail),
        tuple(_incomplete(read) for read in found.values() if not read.scored.steps),
        tuple(repeated),
        tuple(sorted(Counter(read.sandbox for read in scored).items())),
        tuple(row for read in scored for row in read.rows),
    )


def _rank(read: _Read) -> int:
    """Which of two readings of one trial counts: the higher one, or else the first."""
    if read.status == "finished":
        return 2
    return 1 if read.scored.steps else 0


def _read_plan(run: Path) -> Plan:
    if not (run / JOURNAL_FILE).is_file():
        inner = sorted(found.parent.as_posix() for found in run.glob(f"*/{JOURNAL_FILE}"))[:_MOST_NAMED]
        meant = f", did you mean `{inner[0]}`?" if len(inner) == 1 else ""
        message = f"`{run}` is no run: there is no {JOURNAL_FILE} in it{meant}"
        advice = "give a folder that `driftlang run` wrote"
        if inner:
            advice += f", such as {', '.join(f'`{one}`' for one in inner)}"
        raise Failure(message, help=advice, status=ExitStatus.MISUSE)
    return read_plan(run / PLAN_FOLDER)


def _source(run: Path, plan: Plan) -> RunSource:
    digest = sha256((run / PLAN_FOLDER / PLAN_FILE).read_bytes()).hexdigest()
    seen = overview(run)
    return RunSource(
        folder=run.resolve().name,
        study=plan.study.name,
        source=plan.source,
        source_digest=plan.source_digest,
        plan_digest=digest,
        compiler=plan.compiler,
        language=plan.language,
        harness=plan.study.harness,
        primary=plan.study.primary,
        planned=len(plan.trials),
        cost_dollars=plan.study.cost_dollars,
        severity_tracks_step=_tracks_step(plan),
        accepted=read_accepted(run / PLAN_FOLDER),
        replayed=read_replayed(run),
        models=seen.models,
        runners=seen.runners,
    )


def _tracks_step(plan: Plan) -> bool:
    """Whether severity rises with the step wherever the plan's scripts inject anything."""
    spoken = [[one.severity for turn in script.turns for one in turn.injections] for script in plan.scripts]
    return any(spoken) and all(levels == sorted(levels) and len(set(levels)) > 1 for levels in spoken if levels)


def _read_run(run: Path, plan: Plan, *, with_evidence: bool) -> Iterator[_Read]:
    """Every trial of the plan in its order; those that the journal does not hold are pending."""
    planned = _index(plan)
    scorers: dict[str, Scorer] = {}
    seen = set()
    for result in read_results(run):
        if result.record.trial not in planned:
            message = f"the journal of `{run}` holds a trial `{result.record.trial}` that its plan does not"
            raise Failure(message, help="the folder was changed by hand: run the plan again into a new folder")
        here = planned[result.record.trial]
        if here.cell.scorer not in scorers:
            scorers[here.cell.scorer] = read_scorer(run / PLAN_FOLDER / here.cell.scorer)
        seen.add(here.trial.id)
        yield _read(here, result, scorers[here.cell.scorer], with_evidence=with_evidence)
    for identity, here in planned.items():
        if identity not in seen:
            yield _Read(here, "pending", "", ScoredTrial(identity, here.key, here.script.run, ()), (), "")


def _index(plan: Plan) -> Mapping[str, _Planned]:
    cells = {cell.id: cell for cell in plan.cells}
    scripts = {script.id: script for script in plan.scripts}
    found = {}
    for trial in plan.trials:
        script = scripts[trial.script]
        cell = cells[script.cell]
        found[trial.id] = _Planned(trial, script, cell, _key(plan, cell, trial))
    return found


def _key(plan: Plan, cell: PlannedCell, trial: PlannedTrial) -> CellKey:
    options = ", ".join(f"{name} {value}" for name, value in sorted(trial.options.items()))
    return CellKey(
        study=plan.study.name,
        model=f"{trial.model} ({options})" if options else trial.model,
        scenario=cell.scenario,
        direction=cell.direction,
        favors=cell.favors,
        against=cell.against,
        arm=cell.arm,
        levels=tuple(sorted(cell.levels.items())),
    )


def _read(planned: _Planned, result: TrialResult, scorer: Scorer, *, with_evidence: bool) -> _Read:
    record, script = result.record, planned.script
    lines = score_lines(result, script, planned.cell.direction, scorer)
    outcomes = lines[0].outcomes
    scheduled, placed = _placements(script, record) if outcomes else (0, 0)
    scored = ScoredTrial(planned.trial.id, planned.key, script.run, outcomes, scheduled, placed)
    detail = (detail_trial(result, scored, script),) if with_evidence and outcomes else ()
    rows = rows_of(planned.trial.id, planned.key, script.run, lines)
    return _Read(planned, record.status, record.reason, scored, detail, record.sandbox, rows)


def _placements(script: PlannedScript, record: TrialRecord) -> tuple[int, int]:
    """Injections that the plan has for the steps that were begun, and how many of them were placed."""
    turns = {turn.position: turn for turn in script.turns}
    steps = [(turns[step.position].injections, step.injected) for step in record.steps if step.position in turns]
    scheduled = sum(len(injections) for injections, _ in steps)
    return scheduled, sum(sum(map(is_placed, went[: len(injections)])) for injections, went in steps)


def _refuse_strangers(found: Iterable[_Read]) -> None:
    """Refuse two trials that claim the same run of the same cell."""
    places: dict[tuple[CellKey, int], str] = {}
    for read in found:
        place = (read.scored.cell, read.scored.run)
        if places.setdefault(place, read.scored.trial) != read.scored.trial:
            message = f"the runs hold different plans of the study `{read.scored.cell.study}`"
            raise Failure(message, help="report them apart", status=ExitStatus.MISUSE)


def _incomplete(read: _Read) -> Incomplete:
    scored = read.scored
    return Incomplete(scored.trial, scored.cell, scored.run, read.status, read.reason)
