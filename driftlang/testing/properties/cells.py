"""Properties of cells and of the plan that is built of them.

In: an experiment. Out: nothing; `PropertyFailed` where two cells differ in more than they may.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from attrs import evolve, frozen

from driftlang.build.instance import instantiate
from driftlang.build.plan import Plan, PlannedCell, PlannedScript
from driftlang.build.plan_toml import read_plan
from driftlang.cells.control import BANDS, is_question
from driftlang.cells.events import ProbeEvent, RemindEvent, SwitchEvent, TurnEvent
from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell, Turn
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Study
from driftlang.model.paths import AGENTS_FILE
from driftlang.testing.experiment import Experiment, Subject
from driftlang.testing.properties.failed import require

_HOLE = "\N{REPLACEMENT CHARACTER}"


def arms_differ_only_in_injected_text(about: Subject) -> None:
    """Two arms of a built plan share direction, texts, repository, seeds and orders; an arm and its placebo the slots.

    >>> from driftlang import testing
    >>> testing.arms_differ_only_in_injected_text(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for _, plan in _plans(experiment):
        for one, other in _pairs(plan, lambda cell: (cell.scenario, cell.direction, cell.levels)):
            bare = [evolve(cell, id="", arm="") for cell in (one, other)]
            require(bare[0] == bare[1], f"`{one.id}` and `{other.id}` differ in more than what is injected")
            for first, second in _scripts(plan, one, other):
                require(first.seed == second.seed, f"run {first.run} of `{one.id}` and `{other.id}` has two seeds")
                require(
                    _silent(first.turns) == _silent(second.turns),
                    f"run {first.run} of `{one.id}` and `{other.id}` differs in more than what is injected",
                )
                if {one.arm, other.arm} == {"placebo", "opposing"}:
                    slots = [[_slots(turn) for turn in script.turns] for script in (first, second)]
                    require(slots[0] == slots[1], f"run {first.run} of `{one.id}` speaks elsewhere than `{other.id}`")


def directions_differ_only_in_constraint_text(about: Subject) -> None:
    """Two directions of a built plan share all but the constraint's text and what pressure is toward.

    >>> from driftlang import testing
    >>> testing.directions_differ_only_in_constraint_text(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for folder, plan in _plans(experiment):
        trees: dict[str, dict[str, bytes]] = {}
        for one, other in _pairs(plan, lambda cell: (cell.scenario, cell.arm, cell.levels)):
            if {one.favors, one.against} != {other.favors, other.against}:
                continue
            masked = _Masked((one.constraint, other.constraint))
            bare = [masked.cell(cell) for cell in (one, other)]
            require(bare[0] == bare[1], f"`{one.id}` and `{other.id}` differ in more than the constraint's text")
            for scripts in _scripts(plan, one, other):
                said = [[masked.turn(turn) for turn in script.turns] for script in scripts]
                require(said[0] == said[1], f"users of `{one.id}` and `{other.id}` say more than another constraint")
            files = [masked.files(_files(folder, cell, trees)) for cell in (one, other)]
            require(files[0] == files[1], f"repositories of `{one.id}` and `{other.id}` differ beyond the constraint")


def runs_pair_across_cells(about: Subject) -> None:
    """Run *i* has the same seed and the same order of steps in every cell of a scenario.

    >>> from driftlang import testing
    >>> testing.runs_pair_across_cells(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for study in experiment.studies():
        seen: dict[tuple[str, int], tuple[object, str]] = {}
        for cell in experiment.cells(study):
            for script in cell.scripts:
                here = (script.seed, tuple(turn.step for turn in script.turns))
                first, where = seen.setdefault((cell.scenario, script.run), (here, cell.id))
                require(first == here, f"run {script.run} of `{cell.id}` has another seed or order than in `{where}`")


def placebos_are_as_long_as_what_they_stand_for(about: Subject) -> None:
    """A control has the length of its message within a tenth, and asks where that asks.

    >>> from driftlang import testing
    >>> testing.placebos_are_as_long_as_what_they_stand_for(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for study in experiment.studies():
        cells = experiment.cells(study)
        of_place = {(c.scenario, c.direction, c.arm, tuple(c.levels.items())): c for c in cells}
        for (scenario, direction, arm, levels), cell in of_place.items():
            pressed = of_place.get((scenario, direction, "opposing", levels))
            if arm == "placebo" and pressed is not None:
                for control, message in _said_in_both(cell, pressed):
                    slack = int(len(message) * BANDS[-1])
                    require(
                        abs(len(control) - len(message)) <= slack and is_question(control) == is_question(message),
                        f"the control {control!r} does not have the form of {message!r}",
                    )


def expand_is_deterministic(about: Subject) -> None:
    """The same text gives the same cells, read and expanded anew.

    >>> from driftlang import testing
    >>> testing.expand_is_deterministic(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    again = evolve(experiment, origin=f"{experiment.origin} ")  # read anew: it is another key of what is kept
    for one, other in zip(experiment.studies(), again.studies(), strict=True):
        require(experiment.cells(one) == again.cells(other), f"`{one.name}` has other cells when it is expanded again")


def removing_pressure_never_adds_injected_text(about: Subject) -> None:
    """Without one of its pressures, no turn of a scenario gets more, nor a word of the one that is gone.

    >>> from driftlang import testing
    >>> testing.removing_pressure_never_adds_injected_text(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    for study in experiment.studies():
        before = {cell.id: cell for cell in experiment.cells(study)}
        gone = dict.fromkeys(one.name for scenario in study.scenarios for one in scenario.pressures)
        for name in gone:
            for cell in expand(_without_pressure(study, name), Sink()):
                _require_no_more(cell, before[cell.id], name)


def _without_pressure(study: Study, name: str) -> Study:
    return evolve(
        study,
        scenarios=tuple(
            evolve(scenario, pressures=tuple(one for one in scenario.pressures if one.name != name))
            for scenario in study.scenarios
        ),
    )


def _require_no_more(cell: Cell, before: Cell, name: str) -> None:
    new = _toward(cell) - _toward(before)
    require(
        not new, f"`{cell.id}` pushes toward {', '.join(sorted(new))} once `{name}` is gone, which it did not before"
    )
    for now, then in zip(cell.scripts, before.scripts, strict=True):
        for turn, former in zip(now.turns, then.turns, strict=True):
            where = f"step {turn.position} in run {now.run} of `{cell.id}`"
            more = len(turn.injections) > len(former.injections)
            require(not more, f"{where} gets more once `{name}` is gone")
            said = [one for one in turn.injections if one.message.startswith(f"{name}.")]
            require(not said, f"{where} still gets a message of `{name}`, which is gone")


def _toward(cell: Cell) -> set[str]:
    return {one.toward for script in cell.scripts for turn in script.turns for one in turn.injections}


def _plans(experiment: Experiment) -> Iterator[tuple[Path, Plan]]:
    with experiment.built() as folders:
        for folder in folders:
            yield folder, read_plan(folder)


def _pairs(plan: Plan, key: Callable[[PlannedCell], object]) -> Iterator[tuple[PlannedCell, PlannedCell]]:
    """Each two cells that share a key."""
    return ((one, other) for one, other in combinations(plan.cells, 2) if key(one) == key(other))


def _scripts(plan: Plan, *cells: PlannedCell) -> Iterator[tuple[PlannedScript, ...]]:
    """The scripts of cells, run by run."""
    of_cell = [[script for script in plan.scripts if script.cell == cell.id] for cell in cells]
    return zip(*of_cell, strict=True)


def _silent(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns without what is injected."""
    return tuple(evolve(turn, injections=()) for turn in turns)


def _slots(turn: Turn) -> list[object]:
    return [evolve(one, text="", message="", toward="") for one in turn.injections]


@frozen
class _Masked:
    """Forms of a plan without the words of some constraints."""

    constraints: tuple[str, ...]

    def text(self, text: str) -> str:
        # The longest first: one may be a part of the other.
        for constraint in sorted(filter(None, self.constraints), key=len, reverse=True):
            text = text.replace(constraint, _HOLE)
        return text

    def cell(self, cell: PlannedCell) -> PlannedCell:
        return evolve(
            cell,
            id="",
            direction="",
            favors="",
            against="",
            constraint="",
            instructions=self.text(cell.instructions),
            repository="",
            commit="",
        )

    def turn(self, turn: Turn) -> Turn:
        return evolve(turn, injections=(), text=self.text(turn.text), events=tuple(map(self.event, turn.events)))

    def event(self, event: TurnEvent) -> TurnEvent:
        match event:
            case SwitchEvent():
                return evolve(event, text=self.text(event.text), instructions=self.text(event.instructions))
            case RemindEvent() | ProbeEvent():
                return evolve(event, text=self.text(event.text))
            case _:
                return event

    def files(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        own = {path: self.text(files[path].decode()).encode() for path in (AGENTS_FILE,) if path in files}
        return {**files, **own}


def _files(folder: Path, cell: PlannedCell, trees: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """The files of a cell's repository, as an agent finds them."""
    if cell.repository not in trees:
        there = folder.with_name(f"{folder.name}-trees") / f"{cell.repository.rpartition('/')[2]}"
        instantiate(folder, cell, there)
        trees[cell.repository] = {
            path.relative_to(there).as_posix(): path.read_bytes()
            for path in sorted(there.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(there).parts
        }
    return trees[cell.repository]


def _said_in_both(cell: Cell, pressed: Cell) -> Iterator[tuple[str, str]]:
    for one, other in zip(cell.scripts, pressed.scripts, strict=True):
        for turn, loud in zip(one.turns, other.turns, strict=True):
            for control, message in zip(turn.injections, loud.injections, strict=True):
                yield control.text, message.text
