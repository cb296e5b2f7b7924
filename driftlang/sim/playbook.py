"""What a simulated agent knows of its trial: the turns, both solutions of each, the pressure to look out for, its law.

In: a plan, a trial of it, the scenario's reference solutions. Out: `Playbook`.
Refuses to do: knowing which arm it is in. It knows every message that any arm of the same run could show, and finds
out from each request which are there.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from attrs import evolve, frozen

from driftlang.build.plan import Plan, PlannedCell, PlannedScript, PlannedTrial
from driftlang.cells.edits import SolutionEdit, Solutions
from driftlang.cells.events import ProbeEvent, SwitchEvent, TurnEvent
from driftlang.cells.forms import Turn
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.sim.law import Law


@frozen
class PressureText:
    """A message of the surroundings; `opposes` when it pushes away from the value that the constraint favours."""

    text: str
    severity: int
    opposes: bool


@frozen
class Playbook:
    """Everything that `respond` needs beside a request.

    Attributes:
        model: `sim/NAME`.
        seed: the run's.
        turns: the turns of the trial, in order.
        solutions: edits by step, then by the value that they serve.
        favors, against: the value that the constraint favours, and the other.
        pressure: messages to look for.
        switches: from which position on which of the two values is favoured instead, in the order of positions.
        probes: what is asked between turns.
        instructions: the prompt of the first turn, and those that a switch puts where it stood.
    """

    model: str
    seed: int
    turns: tuple[Turn, ...]
    solutions: Mapping[str, Mapping[str, tuple[SolutionEdit, ...]]]
    favors: str
    against: str
    pressure: tuple[PressureText, ...]
    law: Law
    switches: tuple[tuple[int, str], ...] = ()
    probes: frozenset[str] = frozenset()
    instructions: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, trial: PlannedTrial, solutions: Solutions, law: Law) -> "Playbook":
        """The playbook of `trial`; where `law` does not say what it leans to, it is the second of the two values.

        Raises:
            Failure: the plan lacks the trial's script or cell, or the law leans to a value that is not of the conflict.
        """
        script = _script_of(plan, trial)
        cell = _cell_of(plan, script)
        edits: dict[str, dict[str, tuple[SolutionEdit, ...]]] = {}
        for solution in solutions.solutions:
            edits.setdefault(solution.step, {})[solution.value] = solution.edits
        return cls(
            model=trial.model,
            seed=script.seed,
            turns=script.turns,
            solutions=edits,
            favors=cell.favors,
            against=cell.against,
            pressure=_pressure(plan, cell, script.run),
            law=_leaning(law, solutions.values),
            switches=tuple((at, event.favors) for at, event in _events(script) if isinstance(event, SwitchEvent)),
            probes=frozenset(event.text for _, event in _events(script) if isinstance(event, ProbeEvent)),
            instructions=(
                cell.instructions,
                *(event.instructions for _, event in _events(script) if isinstance(event, SwitchEvent)),
            ),
        )

    def is_switched(self, position: int) -> bool:
        """Whether the constraint that is in force at a turn favours the other value than the first one did."""
        favoured = [favors for at, favors in self.switches if at <= position]
        return bool(favoured) and favoured[-1] == self.against

    def against_at(self, position: int) -> str:
        """The value that breaking serves at a turn."""
        return self.favors if self.is_switched(position) else self.against

    def side(self, position: int) -> int:
        """Whether breaking serves the value that the law leans to (1), the other (-1), or neither matters (0)."""
        if self.law.leans_to not in (self.favors, self.against):
            return 0
        return 1 if self.law.leans_to == self.against_at(position) else -1

    def locate(self, texts: Sequence[str]) -> tuple[tuple[Turn, ...], ...]:
        """For each user text the turn it is, as one element, or none where it is no turn of the plan.

        A turn's text may have more around it, such as a constraint or a reminder, and a first turn another prompt where
        the constraint was switched. Equal texts are taken in the order of the plan; a text whose turns have all been is
        its last one again.
        """
        used: set[int] = set()
        found = []
        for text in texts:
            alike = [turn for turn in self.turns if text in self._forms(turn)]
            within = [turn for turn in self.turns if turn.text.strip() and turn.text.strip() in text]
            longest = max((len(turn.text.strip()) for turn in within), default=0)
            candidates = alike or [turn for turn in within if len(turn.text.strip()) == longest]
            fresh = [turn for turn in candidates if turn.position not in used]
            chosen = fresh[:1] or candidates[-1:]
            used.update(turn.position for turn in chosen)
            found.append(tuple(chosen))
        return tuple(found)

    def _forms(self, turn: Turn) -> tuple[str, ...]:
        """A turn's text, and as it reads when the constraint in it was switched."""
        first, *others = self.instructions or ("",)
        switched = (turn.text.replace(first, other) for other in others if first and first in turn.text)
        return (turn.text, *switched)


def _events(script: PlannedScript) -> Iterator[tuple[int, TurnEvent]]:
    """What happens before turns, with their positions. A branch has the same events as the turns that it is beside."""
    return ((turn.position, event) for turn in script.turns for event in turn.events)


def _script_of(plan: Plan, trial: PlannedTrial) -> PlannedScript:
    for script in plan.scripts:
        if script.id == trial.script:
            return script
    raise Failure(f"the plan has no script `{trial.script}` for trial {trial.id}", help="build the plan again")


def _cell_of(plan: Plan, script: PlannedScript) -> PlannedCell:
    for cell in plan.cells:
        if cell.id == script.cell:
            return cell
    raise Failure(f"the plan has no cell `{script.cell}` for script `{script.id}`", help="build the plan again")


def _leaning(law: Law, values: tuple[str, ...]) -> Law:
    if not law.leans_to:
        return evolve(law, leans_to=values[1])
    if law.leans_to not in values:
        raise Failure(
            f"a simulated model cannot lean to `{law.leans_to}`, which is no value of the conflict",
            help=f"use `leans_to` with one of {', '.join(values)}",
            status=ExitStatus.MISUSE,
        )
    return law


def _pressure(plan: Plan, cell: PlannedCell, run: int) -> tuple[PressureText, ...]:
    """Every message that a cell of the same scenario, or a branch of one, shows in run `run`; of equals the gravest."""
    cells = {other.id for other in plan.cells if other.scenario == cell.scenario}
    gravest: dict[tuple[str, bool], int] = {}
    for script in plan.scripts:
        if script.run != run or script.cell not in cells:
            continue
        turns = chain(script.turns, *(branch.turns for branch in script.branches))
        for turn in turns:
            for injection in turn.injections:
                if injection.toward in (cell.favors, cell.against):
                    key = (injection.text, injection.toward == cell.against)
                    gravest[key] = max(gravest.get(key, 0), injection.severity)
    return tuple(PressureText(text, severity, opposes) for (text, opposes), severity in sorted(gravest.items()))
