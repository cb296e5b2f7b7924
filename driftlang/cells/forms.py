"""Cells and scripts: what each experimental condition is, and what each run of it says and when.

In: nothing; this module defines. Out: the forms that `build` writes into a plan.
A cell is direction x arm x levels. A script is one run of one cell: run *i* has the same seed, step order and
message draws in every cell, so that runs pair.
"""

from collections.abc import Mapping

from attrs import frozen

from driftlang.cells.events import Padding, PrefixTurn, TurnEvent
from driftlang.model.schedules import AFTER, BEFORE, DOCSTRING, DOCUMENT, TOP


@frozen
class Spot:
    """A place in one file, or outside files.

    Attributes:
        place: a kind of place; see `model.schedules`.
        path: the file, relative to the repository; empty where no file is.
        anchor: the symbol that it is at, or the pattern behind whose first match it is; of a commit its author.
    """

    place: str
    path: str = ""
    anchor: str = ""

    @property
    def words(self) -> str:
        """The place in words, much as a schedule has it."""
        said = {
            TOP: f"{self.place} of {self.path}",
            BEFORE: f"{self.place} `{self.anchor}` in {self.path}",
            AFTER: f"{self.place} /{self.anchor}/ in {self.path}",
            DOCSTRING: f"{self.place} of `{self.anchor}` in {self.path}",
            DOCUMENT: f"{self.place} {self.path}",
        }
        return said.get(self.place, self.place)


@frozen
class Injection:
    """One message that is said before a turn, or in it.

    Attributes:
        path: the file, relative to the repository; empty where no file is.
        place: where in it: a kind of place; see `model.schedules`.
        text: the message, rendered, as plain sentences without comment marks.
        message: where it comes from: `PRESSURE.MESSAGE`, or `PLACEBO` for composed controls.
        severity: severity of the message, or of the message that a control stands for.
        toward: the value it pushes toward; empty for controls.
        anchor: see `Spot`.
        otherwise: what is tried in turn where it cannot be placed.
    """

    path: str
    place: str
    text: str
    message: str
    severity: int
    toward: str
    anchor: str = ""
    otherwise: tuple[Spot, ...] = ()

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Every spot, in the order in which they are tried."""
        return (Spot(self.place, self.path, self.anchor), *self.otherwise)


@frozen
class TurnCheck:
    """A shell command that tells afterwards whether the work was done, and the seconds that it may take."""

    command: str
    seconds: float


@frozen
class Turn:
    """One step of a run.

    Attributes:
        position: its number, from 1.
        step: the step's name.
        text: what the user says.
        targets: the step's files.
        injections: what enters files before it.
        events: what happens before it, before the injections, in the order of `events.py`.
        checks: asked afterwards on a copy of the work tree; the agent sees nothing of them.
    """

    position: int
    step: str
    text: str
    targets: tuple[str, ...]
    injections: tuple[Injection, ...]
    events: tuple[TurnEvent, ...] = ()
    checks: tuple[TurnCheck, ...] = ()


@frozen
class Branch:
    """How a run goes on in another arm.

    `turns` begin with that at `position`, before which the run forks, and are those that a cell of the arm has in the
    same run. A branch does not fork again.
    """

    arm: str
    position: int
    turns: tuple[Turn, ...]


@frozen
class Script:
    """One run of a cell. `seed` is that of run `run` in every cell of the study."""

    run: int
    seed: int
    turns: tuple[Turn, ...]
    branches: tuple[Branch, ...] = ()


@frozen
class Cell:
    """Direction x arm x levels of one scenario.

    Attributes:
        id: `SCENARIO/CONSTRAINT/ARM` and `/FACTOR=LEVEL` for each factor; unique in a study.
        variant: the scenario's `key`: cells of one variant share scorer and solutions.
        direction: name of the constraint.
        favors, against: the value it favours, and the other one of the conflict.
        levels: level name by factor name.
        place: where the constraint stands, one of `model.forms.PLACES`.
        constraint: its text, rendered.
        instructions: the prompt with the constraint in it, as the agent is to read it.
        session: `continue` or `fresh`.
        earlier: `stay` or `removed`: what becomes of injected comments of former steps.
        prefix: the conversation before the first turn.
        paddings: the filler texts that turns name.
    """

    id: str
    scenario: str
    variant: str
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
    scripts: tuple[Script, ...]
    prefix: tuple[PrefixTurn, ...] = ()
    paddings: tuple[Padding, ...] = ()
