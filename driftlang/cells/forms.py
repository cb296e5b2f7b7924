"""Cells and scripts: what each experimental condition is, and what each run of it says and when.

In: nothing; this module defines. Out: the forms that `build` writes into a plan.
A cell is direction x arm x levels. A script is one run of one cell: run *i* has the same seed, step order and
message draws in every cell, so that runs pair.
"""

from collections.abc import Mapping

from attrs import frozen


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
class Turn:
    """One step of a run: its number (from 1), name, user text, target files and injections."""

    position: int
    step: str
    text: str
    targets: tuple[str, ...]
    injections: tuple[Injection, ...]


@frozen
class Script:
    """One run of a cell. `seed` is that of run `run` in every cell of the study."""

    run: int
    seed: int
    turns: tuple[Turn, ...]


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
