"""The plan: every trial of a study, complete. What a plan's folder holds is all that a runner needs.

In: nothing; this module defines, and reads and writes the form's TOML (`read_plan`, `render_plan` in `plan_toml.py`).
Out: `Plan`.
"""

from collections.abc import Mapping

from attrs import frozen

from driftlang.cells.events import Padding, PrefixTurn, SwitchEvent
from driftlang.cells.forms import Branch, Turn


@frozen
class PlannedStudy:
    """The study's settings that a runner, scorer and report need; see `model.forms.Study`."""

    name: str
    harness: str
    repeat: int
    turn_seconds: float
    trial_seconds: float
    cost_dollars: float
    judge: str
    judge_votes: int
    primary: str
    detect: str


#: The program that a runner puts on the agent's PATH itself, since OpenCode searches with it.
RIPGREP = "rg"


@frozen
class Program:
    """A program that stands on the agent's PATH, outside the repository: its name and its text."""

    name: str
    text: str


@frozen
class Tool:
    """A program that the machine must have on the agent's PATH, in a version."""

    name: str
    version: str


@frozen
class PlannedCell:
    """A cell; see `cells.forms.Cell`. Paths are relative to the plan's folder, with `/`.

    Attributes:
        repository: `repos/DIGEST`: the folder of the concrete git repository; its base name is not the project's.
        directory: the name that the agent's work tree has (the repository's name in the source).
        commit: id of its HEAD.
        scorer: `scorers/SCENARIO.toml`.
        solutions: `solutions/SCENARIO.toml`.
        prefix: the conversation that stands before the first turn.
        programs: what is put on the agent's PATH.
        uses: what must be there already.
        network: `none` where the agent must have none, else empty.
    """

    id: str
    scenario: str
    direction: str
    favors: str
    against: str
    arm: str
    levels: Mapping[str, str]
    place: str
    constraint: str
    instructions: str
    session: str
    earlier: str
    repository: str
    directory: str
    commit: str
    scorer: str
    solutions: str
    prefix: tuple[PrefixTurn, ...] = ()
    programs: tuple[Program, ...] = ()
    uses: tuple[Tool, ...] = ()
    network: str = ""


@frozen
class PlannedScript:
    """One run of a cell; `id` is `CELL#RUN`, `branches` are what its turns fork into."""

    id: str
    cell: str
    run: int
    seed: int
    turns: tuple[Turn, ...]
    branches: tuple[Branch, ...] = ()

    def constraint_at(self, position: int, first: str) -> str:
        """Name of the constraint that is in force at a turn; `first` is that of the cell. Branches have the same."""
        switches = (event for turn in self.turns if turn.position <= position for event in turn.events)
        return [first, *(event.constraint for event in switches if isinstance(event, SwitchEvent))][-1]


@frozen
class PlannedTrial:
    """One model on one script.

    Attributes:
        id: 16 hex digits of the sha256 of all that defines the trial, so that equal ids mean equal trials.
        script: id of the script.
        model: `provider/name`.
        options: the model's options.
    """

    id: str
    script: str
    model: str
    options: Mapping[str, str]


@frozen
class Plan:
    """Everything that a runner needs, beside the files that it names.

    Attributes:
        format: version of this form.
        compiler, language: versions that wrote it.
        source: the source file's base name.
        source_digest: sha256 over the sources.
        paddings: the filler texts that turns name by id, in the order of ids.
    """

    format: int
    compiler: str
    language: int
    source: str
    source_digest: str
    study: PlannedStudy
    cells: tuple[PlannedCell, ...]
    scripts: tuple[PlannedScript, ...]
    trials: tuple[PlannedTrial, ...]
    paddings: tuple[Padding, ...] = ()

    def harness_of(self, cell: PlannedCell) -> str:
        """The harness of a cell: its own where the scenario varies it, else the study's."""
        return cell.levels.get("harness", self.study.harness)
