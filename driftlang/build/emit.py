"""Cells → artifacts: a study's folder with everything that a runner, a scorer and a judge need.

In: a study of a model, the source's name, a folder. Out: `FOLDER/STUDY/`.
Refuses to do: half of it. With an error in the sink nothing is written; a folder is replaced whole or left alone.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from driftlang.build.accepted import accepted_of, as_tables
from driftlang.build.cell_card import render_cell_card
from driftlang.build.header import Header
from driftlang.build.manifest import MANIFEST_FILE, render_manifest
from driftlang.build.plan import Program, Tool
from driftlang.build.plan_toml import PLAN_FILE, render_form
from driftlang.build.planned_rubric import rubrics_path
from driftlang.build.planning import Home, make_plan, scorer_path
from driftlang.build.renewal import REPOSITORIES, Artifacts, Progress, Renewal, renew
from driftlang.build.rubric_files import planned_rubrics, rubric_files
from driftlang.build.solution_files import solution_files
from driftlang.build.tree import History, Known, write_history
from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Scenario, Study
from driftlang.score.scorer import make_scorer
from driftlang.validity.proof.absent_files import check_absent_files
from driftlang.validity.proof.anchors import check_anchors
from driftlang.validity.proof.contents import check_contents
from driftlang.validity.proof.forms import Proof
from driftlang.validity.proof.speech import check_speech

#: What a study that was not proved has.
NO_PROOF = Proof()
#: Digits of a repository's folder name, of its commit's id.
_NAME_DIGITS = 16


@frozen
class Built:
    """A study that was built.

    Attributes:
        study: its name.
        folder: where it stands.
        cells, runs, trials, repositories: how many it has.
        renewal: what of the folder was written.
    """

    study: str
    folder: Path
    cells: int
    runs: int
    trials: int
    repositories: int
    renewal: Renewal


@frozen
class Engine:
    """How a build works: how many artifacts are written at a time, and who is told how far it has come."""

    jobs: int = 1
    progress: Progress = lambda _, __: None


_ONE_BY_ONE = Engine()


def build_study(  # noqa: PLR0913 - a study, and all that is known of it
    study: Study, model: Model, source_name: str, out: Path, sink: Sink, *, proof: Proof = NO_PROOF
) -> Path:
    """Write `out/STUDY/` and return it; with an error in the sink, return it unwritten; see `emit_study`."""
    emit_study(study, model, source_name, out, sink, proof=proof)
    return out / study.name


def emit_study(  # noqa: PLR0913 - a study, and all that is known of it
    study: Study,
    model: Model,
    source_name: str,
    out: Path,
    sink: Sink,
    *,
    proof: Proof = NO_PROOF,
    engine: Engine = _ONE_BY_ONE,
) -> Built | None:
    """Write what has changed of `out/STUDY/`; nothing, with an error in the sink.

    Args:
        study: what to build.
        model: the model that it is of.
        source_name: base name of the source file, for the headers.
        out: the folder that the study's folder is put in; made if need be.
        sink: gets what is wrong with the study.
        proof: what its proofs came to, for the cell card.
        engine: how to go about it.

    Raises:
        Failure: status 2, when the study's folder holds what no build has written; status 4, when it cannot be written.
    """
    sound = [check_contents(repo, sink) for repo in {scenario.repo for scenario in study.scenarios}]
    cells = expand(study, sink)
    check_speech(study.scenarios, cells, sink)
    check_anchors(study.scenarios, cells, sink)
    if all(sound):  # a repository that is refused has not the files that it would have
        check_absent_files(study.scenarios, cells, sink)
    if not all(sound) or sink.has_errors:
        return None
    artifacts = _contents(study, model, Header(source_name, model.source_digest), cells, proof=proof, sink=sink)
    return None if _is_refused(sink) else _renew(study, cells, artifacts, out / study.name, engine)


def _is_refused(sink: Sink) -> bool:
    return sink.has_errors


def _renew(study: Study, cells: Sequence[Cell], artifacts: Artifacts, folder: Path, engine: Engine) -> Built:
    return Built(
        study=study.name,
        folder=folder,
        cells=len(cells),
        runs=study.repeat,
        trials=len(cells) * study.repeat * len(study.models),
        repositories=len(artifacts.repositories),
        renewal=renew(folder, artifacts, jobs=engine.jobs, progress=engine.progress),
    )


def _contents(  # noqa: PLR0913 - a study, and all that is known of it
    study: Study, model: Model, header: Header, cells: Sequence[Cell], *, proof: Proof, sink: Sink
) -> Artifacts:
    scenarios = {scenario.key: scenario for scenario in study.scenarios}
    histories = _histories(scenarios, cells)
    solutions = solution_files(scenarios, cells, sink)
    files = {file.path: header.toml(file.text) for file in solutions.values()}
    files |= {scorer_path(key): header.toml(render_form(make_scorer(scenario))) for key, scenario in scenarios.items()}
    files |= {path: header.markdown(text) for path, text in rubric_files(scenarios, cells, sink).items()}
    files |= {
        rubrics_path(scorer_path(key)): header.toml(render_form(rubrics))
        for key, scenario in scenarios.items()
        if (rubrics := planned_rubrics(scenario)).constraints
    }
    homes = {
        cell.id: Home(
            directory=scenarios[cell.variant].repo.name,
            repository=_repository_path(histories[cell.id]),
            commit=histories[cell.id].head.hex(),
            solutions=solutions[cell.id].path,
            solutions_digest=sha256(files[solutions[cell.id].path].encode()).hexdigest(),
            programs=tuple(Program(one.name, one.text) for one in scenarios[cell.variant].repo.programs),
            uses=tuple(Tool(one.name, one.version) for one in scenarios[cell.variant].repo.uses),
            network=scenarios[cell.variant].repo.network,
        )
        for cell in cells
    }
    plan = make_plan(study, header, cells, homes)
    files[PLAN_FILE] = header.toml(render_form(plan))
    files["cells.md"] = header.markdown(render_cell_card(study, cells, plan, proof))
    encoded = {path: text.encode() for path, text in sorted(files.items())}
    repositories = {_repository_path(history): history for history in histories.values()}
    accepted = as_tables(accepted_of(study, model, sink))
    manifest = header.toml(render_manifest(encoded, repositories, model.about, accepted)).encode()
    return Artifacts({**encoded, MANIFEST_FILE: manifest}, repositories)


def _histories(scenarios: Mapping[str, Scenario], cells: Sequence[Cell]) -> Mapping[str, History]:
    """The repository of each cell, by cell id; cells with the same content share one, others most of their objects."""
    repos = {repo: number for number, repo in enumerate({scenario.repo: None for scenario in scenarios.values()})}
    numbers = {variant: repos[scenario.repo] for variant, scenario in scenarios.items()}
    made: dict[tuple[int, str], History] = {}
    known: Known = {}
    histories = {}
    for cell in cells:
        instructions = cell.instructions if cell.place == "agents_file" else ""
        key = (numbers[cell.variant], instructions)
        if key not in made:
            made[key] = write_history(scenarios[cell.variant].repo.commits, instructions, known)
        histories[cell.id] = made[key]
    return histories


def _repository_path(history: History) -> str:
    return f"{REPOSITORIES}/{history.head.hex()[:_NAME_DIGITS]}"
