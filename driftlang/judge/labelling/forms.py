"""Labels of people: which steps they are asked about, what they are shown, and what they said.

In: nothing; this module defines. Out: `Candidate` and `Sample` (which steps), `ShownStep` (what of them is
shown), `Label` and `Labelled` (what a person says).
"""

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from driftlang.judge.forms import StepKey


class Label(Enum):
    """How a step stands to its constraint, as a person sees it. The words are those of a judge's intents."""

    COMPLIED = "complied"
    CONSCIOUS = "conscious"
    UNABLE = "unable"
    UNCLEAR = "unclear"
    NEITHER = "neither"
    CANNOT_TELL = "cannot_tell"

    @property
    def is_broken(self) -> bool:
        """Whether the constraint was broken, for whatever reason."""
        return self in (Label.CONSCIOUS, Label.UNABLE, Label.UNCLEAR)


@frozen
class Candidate:
    """A step that may be drawn.

    Attributes:
        cell: what names its cell.
        outcome: how the patterns say that it ended.
        said: what a judge says of it; empty where none did.
    """

    place: StepKey
    cell: str
    outcome: str
    said: str = ""


@frozen
class Sample:
    """A stratified sample of a run's steps.

    Attributes:
        seed: of the draw.
        strata: the stratum of every step that could be drawn.
        drawn: the steps of the sample, in the order in which they are shown.
        detail: what makes the strata, in words.
    """

    seed: int
    strata: Mapping[StepKey, str]
    drawn: tuple[StepKey, ...]
    detail: str = ""


@frozen
class Labelled:
    """A label that stands. `at` is in seconds since the epoch, UTC; 0 where nobody noted it."""

    place: StepKey
    labeller: str
    label: Label
    note: str = ""
    at: float = 0.0


@frozen
class ShownLine:
    """A line of a diff: `kind` is `place`, `added`, `removed`, `same` or `note`; numbers are 0 where there is none."""

    kind: str
    text: str
    old: int = 0
    new: int = 0


@frozen
class ShownFile:
    """A file that the step changed; `what` is `created`, `changed` or `removed`."""

    path: str
    what: str
    lines: tuple[ShownLine, ...]


@frozen
class ShownCommand:
    """A command that the agent ran; `exit` is -1 where none was recorded."""

    command: str
    exit: int


@frozen
class ShownStep:
    """What a labeller sees of a step: neither arm, nor direction's name, nor any verdict."""

    constraint: str
    task: str
    targets: tuple[str, ...] = ()
    files: tuple[ShownFile, ...] = field(factory=tuple)
    commands: tuple[ShownCommand, ...] = field(factory=tuple)
    reply: str = ""
