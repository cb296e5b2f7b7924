"""Reference solutions as edits that an agent can make.

In: nothing; this module defines. Out: `Solutions`, which a plan's folder holds as TOML.
"""

from attrs import frozen


@frozen
class SolutionEdit:
    """One edit of a reference solution, rendered.

    Attributes:
        kind: `write` (the file `path` has exactly `text`), `edit` (in `path`, `old` becomes `text`; `old` occurs once
            in the untouched file), `remove`, `command` (`text` is run), `reply` (`text` is the answer).
    """

    kind: str
    path: str
    old: str
    text: str


@frozen
class PlannedSolution:
    """A reference solution of a step that serves `value`."""

    step: str
    value: str
    edits: tuple[SolutionEdit, ...]


@frozen
class Solutions:
    """The reference solutions of one scenario: what simulated agents play."""

    scenario: str
    values: tuple[str, ...]
    solutions: tuple[PlannedSolution, ...]
