"""The index of a run's plan: of each trial its cell, its run and its scorer, without what is said in it.

In: a run's folder. Out: `PlanIndex`, kept in the run's store under the digest of the plan, since a plan of a large
study takes longer to read than all outcomes of its run.
Refuses to do: replacing the plan. Whoever scores a trial or shows it reads the plan itself.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from driftlang.build.accepted import Accepted, read_accepted
from driftlang.build.manifest import MANIFEST_FILE
from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.build.plan_toml import PLAN_FILE, read_plan
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.estimate.forms import CellKey
from driftlang.report.forms import RunSource
from driftlang.report.kept_store import KeptStore
from driftlang.report.scoring_version import scoring_version
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.reading import read_replayed
from driftlang.run.schema import JOURNAL_FILE

#: Runs that are named to someone who gave the folder above them.
_MOST_NAMED = 5
_KIND = "plan"


@frozen
class IndexedTrial:
    """A trial of the plan: its cell, its run, and the scorer's path in the plan's folder."""

    trial: str
    cell: CellKey
    run: int
    scorer: str


@frozen
class PlanIndex:
    """All trials of a plan, in its order, and what a report says of the run."""

    source: RunSource
    trials: tuple[IndexedTrial, ...]


@frozen(slots=False)
class PlannedTrials:
    """The plan in a run's folder, read when it is first asked for."""

    folder: Path

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return read_plan(self.folder)

    @cached_property
    def _places(self) -> tuple[Mapping[str, PlannedTrial], Mapping[str, PlannedScript], Mapping[str, PlannedCell]]:
        plan = self.plan
        scripts = {script.id: script for script in plan.scripts}
        return {trial.id: trial for trial in plan.trials}, scripts, {cell.id: cell for cell in plan.cells}

    def script_of(self, trial: str) -> PlannedScript:
        """The script of a trial."""
        trials, scripts, _ = self._places
        return scripts[trials[trial].script]

    def cell_of(self, trial: str) -> PlannedCell:
        """The cell of a trial."""
        return self._places[2][self.script_of(trial).cell]


def read_index(run: Path, store: KeptStore, planned: PlannedTrials) -> PlanIndex:
    """The index of the plan in `run`.

    Raises:
        Failure: the folder is no run, or its plan is damaged.
    """
    _refuse_other_folders(run)
    try:
        text = (run / PLAN_FOLDER / PLAN_FILE).read_bytes()
    except OSError:
        text = b""  # `read_plan` says what is wrong
    digest = sha256(text).hexdigest()
    key = sha256(f"{digest}\n{_manifest_digest(run)}\n{scoring_version()}".encode()).hexdigest()
    stored = store.find(_KIND).get(key)
    if stored is not None:
        try:
            return _loaded(run, json.loads(stored))
        except (ValueError, TypeError, KeyError, IndexError):
            pass  # of another shape: made anew
    index = _index_of(run, planned.plan, digest)
    store.keep(_KIND, {key: _dumped(index)})
    return index


def _refuse_other_folders(run: Path) -> None:
    if (run / JOURNAL_FILE).is_file():
        return
    inner = sorted(found.parent.as_posix() for found in run.glob(f"*/{JOURNAL_FILE}"))[:_MOST_NAMED]
    meant = f", did you mean `{inner[0]}`?" if len(inner) == 1 else ""
    message = f"`{run}` is no run: there is no {JOURNAL_FILE} in it{meant}"
    advice = "give a folder that `driftlang run` wrote"
    if inner:
        advice += f", such as {', '.join(f'`{one}`' for one in inner)}"
    raise Failure(message, help=advice, status=ExitStatus.MISUSE)


def _manifest_digest(run: Path) -> str:
    try:
        return sha256((run / PLAN_FOLDER / MANIFEST_FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def _index_of(run: Path, plan: Plan, digest: str) -> PlanIndex:
    scripts = {script.id: script for script in plan.scripts}
    cells = {cell.id: cell for cell in plan.cells}
    trials = []
    for trial in plan.trials:
        script = scripts[trial.script]
        cell = cells[script.cell]
        trials.append(IndexedTrial(trial.id, _key(plan, cell, trial), script.run, cell.scorer))
    return PlanIndex(_source(run, plan, digest), tuple(trials))


def _source(run: Path, plan: Plan, digest: str) -> RunSource:
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
    )


def _tracks_step(plan: Plan) -> bool:
    """Whether severity rises with the step wherever the plan's scripts inject anything."""
    spoken = [[one.severity for turn in script.turns for one in turn.injections] for script in plan.scripts]
    return any(spoken) and all(levels == sorted(levels) and len(set(levels)) > 1 for levels in spoken if levels)


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


def _dumped(index: PlanIndex) -> bytes:
    cells = {cell: number for number, cell in enumerate(dict.fromkeys(one.cell for one in index.trials))}
    stated = {
        "source": asdict(index.source),
        "cells": [asdict(cell) for cell in cells],
        "trials": [[one.trial, cells[one.cell], one.run, one.scorer] for one in index.trials],
    }
    return json.dumps(stated).encode()


def _loaded(run: Path, stated: Mapping[str, Any]) -> PlanIndex:
    # The folder may have another name now, and what is replayed stands in the journal.
    known = dict(stated["source"]) | {"folder": run.resolve().name, "replayed": read_replayed(run)}
    known["accepted"] = tuple(
        Accepted(one["id"], one["path"], one["reason"], tuple(one["findings"])) for one in known["accepted"]
    )
    cells = [_loaded_cell(cell) for cell in stated["cells"]]
    return PlanIndex(RunSource(**known), tuple(_loaded_trials(stated["trials"], cells)))


def _loaded_cell(stated: Mapping[str, Any]) -> CellKey:
    levels = tuple((factor, level) for factor, level in stated["levels"])
    return CellKey(**(dict(stated) | {"levels": levels}))


def _loaded_trials(stated: Sequence[Any], cells: Sequence[CellKey]) -> list[IndexedTrial]:
    return [IndexedTrial(trial, cells[number], run, scorer) for trial, number, run, scorer in stated]
