"""The steps of a run as they are put before judges.

In: a run's folder. Out: `JudgedStep`s: every step of every finished trial that a rubric is asked about, flagged or not.
Refuses to do: judging what did not come to its end. Steps of trials that are still to go on, or that ended in an error,
are no outcome, and those whose turn failed tell of the machine, not of the agent.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.build.plan_toml import read_plan, read_rubrics, read_scorer
from driftlang.build.planned_rubric import PlannedRubric, PlannedRubrics, rubrics_path
from driftlang.cells.events import SwitchEvent
from driftlang.cells.forms import Turn
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.judge.forms import StepKey
from driftlang.judge.shown import Placed, ShownStep, show_step
from driftlang.observe.forms import TrialObservation
from driftlang.run.folder import PLAN_FOLDER
from driftlang.run.injections import spot_in_file
from driftlang.run.line import branch_name
from driftlang.run.reading import read_results
from driftlang.run.records import StepRecord, TrialResult
from driftlang.score.forms import Scorer
from driftlang.score.outcomes import score_trial


@frozen
class JudgedStep:
    """A step with all that a question about it is made from.

    Attributes:
        subject: the model that took it.
        constraint: text of the constraint that was in force.
        direction: its name; no judge is told it.
        outcome: how the patterns had it end; none but a simulated judge is told it.
    """

    key: StepKey
    subject: str
    rubric: PlannedRubric
    constraint: str
    direction: str
    shown: ShownStep
    outcome: str


@frozen
class _Line:
    """The trial's own line, or a branch: what was planned, recorded and observed."""

    branch: str
    turns: Mapping[int, Turn]
    records: Sequence[StepRecord]
    observed: TrialObservation
    before: tuple[Placed, ...] = ()


@frozen
class RunSteps:
    """The steps of the run in a folder; see `open_steps`."""

    folder: Path
    plan: Plan
    _cells: Mapping[str, PlannedCell]
    _scripts: Mapping[str, PlannedScript]
    _trials: Mapping[str, PlannedTrial]
    _rubrics: Mapping[str, PlannedRubrics]
    _scorers: dict[str, Scorer] = field(factory=dict)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The models whose work there is, each once."""
        return tuple(dict.fromkeys(trial.model for trial in self.plan.trials))

    def __iter__(self) -> Iterator[JudgedStep]:
        """Every step that can be judged, in the order of the plan."""
        for result in read_results(self.folder):
            if result.record.status == "finished" and result.record.trial in self._trials:
                yield from self._of_trial(result)

    def _of_trial(self, result: TrialResult) -> Iterator[JudgedStep]:
        trial = self._trials[result.record.trial]
        script = self._scripts[trial.script]
        cell = self._cells[script.cell]
        turns = {turn.position: turn for turn in script.turns}
        own = _Line("", turns, result.record.steps, result.observation)
        yield from self._of_line(trial, script, cell, own)
        for branch in result.branches:
            planned = [one for one in script.branches if branch_name(one, script) == branch.arm]
            begun = branch.steps[0].position
            of_branch = {turn.position: turn for one in planned for turn in one.turns}
            before = [record for record in result.record.steps if record.position < begun]
            line = _Line(branch.arm, of_branch, branch.steps, branch.observation, _placed(turns, before))
            yield from self._of_line(trial, script, cell, line)

    def _of_line(
        self, trial: PlannedTrial, script: PlannedScript, cell: PlannedCell, line: _Line
    ) -> Iterator[JudgedStep]:
        outcomes: dict[str, Sequence[str]] = {}
        rubrics = self._rubrics.get(cell.scorer, PlannedRubrics()).constraints
        for index, observed in enumerate(line.observed.steps):
            turn = line.turns.get(observed.position)
            direction, constraint = _in_force(script, cell, observed.position)
            if turn is None or observed.error or direction not in rubrics:
                continue
            if direction not in outcomes:
                outcomes[direction] = self._outcomes(cell, direction, line.observed)
            placed = (*line.before, *_placed(line.turns, line.records[: index + 1]))
            yield JudgedStep(
                key=StepKey(trial.id, line.branch, observed.position),
                subject=trial.model,
                rubric=rubrics[direction],
                constraint=constraint,
                direction=direction,
                shown=show_step(observed, turn.text, placed, rubrics[direction].shows),
                outcome=outcomes[direction][index],
            )

    def _outcomes(self, cell: PlannedCell, direction: str, observed: TrialObservation) -> Sequence[str]:
        if cell.scorer not in self._scorers:
            self._scorers[cell.scorer] = read_scorer(self.folder / PLAN_FOLDER / cell.scorer)
        return [step.outcome.value for step in score_trial(observed, self._scorers[cell.scorer], direction).steps]


def open_steps(run_folder: Path) -> RunSteps:
    """The steps of a run.

    Raises:
        Failure: the folder holds no run, or a run whose plan has no question for a judge.
    """
    plan = read_plan(run_folder / PLAN_FOLDER)
    rubrics = {
        scorer: read_rubrics(path)
        for scorer in dict.fromkeys(cell.scorer for cell in plan.cells)
        if (path := run_folder / PLAN_FOLDER / rubrics_path(scorer)).is_file()
    }
    if not rubrics:
        raise Failure(
            f"the plan of `{run_folder}` has no question for a judge",
            help="give its constraints `judge RUBRIC`, build and run it again",
            status=ExitStatus.MISUSE,
        )
    return RunSteps(
        run_folder,
        plan,
        {cell.id: cell for cell in plan.cells},
        {script.id: script for script in plan.scripts},
        {trial.id: trial for trial in plan.trials},
        rubrics,
    )


def _placed(turns: Mapping[int, Turn], records: Sequence[StepRecord]) -> tuple[Placed, ...]:
    """The messages that were put into files before these steps, in their order."""
    found: list[Placed] = []
    for record in records:
        injections = turns[record.position].injections if record.position in turns else ()
        for injection, went in zip(injections, record.injected, strict=False):
            spot = spot_in_file(injection, went)
            if spot is not None:
                found.append(Placed.of(injection, spot))
    return tuple(found)


def _in_force(script: PlannedScript, cell: PlannedCell, position: int) -> tuple[str, str]:
    """Name and text of the constraint that was in force at a step."""
    switches = [
        event
        for turn in script.turns
        if turn.position <= position
        for event in turn.events
        if isinstance(event, SwitchEvent)
    ]
    return (switches[-1].constraint, switches[-1].text) if switches else (cell.direction, cell.constraint)
