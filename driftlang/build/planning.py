"""Cells and where their repositories stand → the plan.

In: a study, its cells, their homes. Out: `Plan`: every trial, complete.
Refuses to do: writing.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from driftlang import LANGUAGE_VERSION, __version__
from driftlang.build.header import Header
from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedStudy, PlannedTrial, Program, Tool
from driftlang.build.plan_toml import PLAN_FORMAT
from driftlang.build.trial_ids import trial_id
from driftlang.cells.events import Padding
from driftlang.cells.forms import Cell, Script
from driftlang.model.forms import Detect, Primary, Study


@frozen
class Home:
    """Where a cell's trials begin; see `PlannedCell`. `solutions_digest` is the sha256 of the file `solutions`."""

    directory: str
    repository: str
    commit: str
    solutions: str
    solutions_digest: str
    programs: tuple[Program, ...] = ()
    uses: tuple[Tool, ...] = ()
    network: str = ""


def solutions_path(variant: str) -> str:
    """Where the reference solutions of a scenario, or of some of its levels, stand in a plan's folder."""
    return f"solutions/{variant}.toml"


def scorer_path(variant: str) -> str:
    """Where a scenario's scorer stands in a plan's folder."""
    return f"scorers/{variant}.toml"


def make_plan(study: Study, header: Header, cells: Sequence[Cell], homes: Mapping[str, Home]) -> Plan:
    """The plan of a study; `homes` is by cell id.

    Trials come run by run, within a run model by model, within a model cell by cell: a study that is cut short has
    whole runs of every cell.
    """
    settings = _settings(study)
    planned = tuple(_plan_cell(cell, homes[cell.id]) for cell in cells)
    scripts = {(cell.id, script.run): _plan_script(cell, script) for cell in cells for script in cell.scripts}
    return Plan(
        format=PLAN_FORMAT,
        compiler=__version__,
        language=LANGUAGE_VERSION,
        source=header.source,
        source_digest=header.digest,
        study=settings,
        cells=planned,
        scripts=tuple(scripts.values()),
        trials=_trials(study, settings, planned, scripts, homes),
        paddings=_paddings(cells),
    )


def _plan_script(cell: Cell, script: Script) -> PlannedScript:
    return PlannedScript(f"{cell.id}#{script.run}", cell.id, script.run, script.seed, script.turns, script.branches)


def _paddings(cells: Sequence[Cell]) -> tuple[Padding, ...]:
    """The filler texts of all cells, each once."""
    found = {padding.id: padding for cell in cells for padding in cell.paddings}
    return tuple(found[name] for name in sorted(found))


def _trials(
    study: Study,
    settings: PlannedStudy,
    cells: Sequence[PlannedCell],
    scripts: Mapping[tuple[str, int], PlannedScript],
    homes: Mapping[str, Home],
) -> tuple[PlannedTrial, ...]:
    return tuple(
        PlannedTrial(
            id=trial_id(
                settings,
                cell,
                scripts[cell.id, run],
                model=model.id,
                options=model.options,
                solutions_digest=homes[cell.id].solutions_digest,
            ),
            script=scripts[cell.id, run].id,
            model=model.id,
            options=dict(sorted(model.options.items())),
        )
        for run in range(1, study.repeat + 1)
        for model in study.models
        for cell in cells
    )


def _plan_cell(cell: Cell, home: Home) -> PlannedCell:
    return PlannedCell(
        id=cell.id,
        scenario=cell.scenario,
        direction=cell.direction,
        favors=cell.favors,
        against=cell.against,
        arm=cell.arm,
        levels=dict(sorted(cell.levels.items())),
        place=cell.place,
        constraint=cell.constraint,
        instructions=cell.instructions,
        session=cell.session,
        earlier=cell.earlier,
        repository=home.repository,
        directory=home.directory,
        commit=home.commit,
        scorer=scorer_path(cell.variant),
        solutions=home.solutions,
        prefix=cell.prefix,
        programs=home.programs,
        uses=home.uses,
        network=home.network,
    )


def _settings(study: Study) -> PlannedStudy:
    return PlannedStudy(
        name=study.name,
        harness=study.harness,
        repeat=study.repeat,
        turn_seconds=float(study.limits.turn_seconds),
        trial_seconds=float(study.limits.trial_seconds),
        cost_dollars=float(study.limits.cost_dollars),
        judge=study.judge,
        judge_votes=study.judge_votes,
        primary="; ".join(_primary(primary) for primary in study.primary),
        detect="; ".join(_detect(detect) for detect in study.detect),
    )


def _primary(primary: Primary) -> str:
    """The declared analysis as the author wrote it."""
    words = [primary.outcome]
    words += ["given", primary.given] if primary.given else []
    words += ["contrast", " - ".join(primary.contrast)] if primary.contrast else []
    words += ["by", primary.by] if primary.by else []
    return " ".join(words)


def _detect(detect: Detect) -> str:
    """The declared difference as the author wrote it."""
    difference, power, alpha = (f"{100 * part:.6g}%" for part in (detect.difference, detect.power, detect.alpha))
    return f"{difference} power {power} alpha {alpha}"
