"""What another scorer makes of a finished run: steps that end otherwise, and what they rest on.

In: the same runs as scored twice. Out: `Rescoring`.
Refuses to do: saying which of the two is right.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from attrs import frozen

from driftlang.estimate.forms import CellKey
from driftlang.report.forms import Gathered
from driftlang.score.forms import Hit, Outcome, StepOutcome

#: An outcome before and after.
Transition = tuple[Outcome, Outcome]


@frozen
class ChangedStep:
    """A step that ends otherwise, or rests on something else.

    Attributes:
        branch, fork: as in `StepRow`.
        before, after: how it ended by either scorer, and why.
        gained, lost: hits that only the second scorer has, and only the first.
    """

    trial: str
    cell: CellKey
    run: int
    branch: str
    fork: int
    before: StepOutcome
    after: StepOutcome
    gained: tuple[Hit, ...]
    lost: tuple[Hit, ...]

    @property
    def ends_otherwise(self) -> bool:
        """Whether the outcome is another, not its evidence alone."""
        return self.before.outcome is not self.after.outcome


@frozen
class ChangedCell:
    """A cell: how many of its steps went from which outcome to which, those that stayed included."""

    cell: CellKey
    transitions: Mapping[Transition, int]

    @property
    def changed(self) -> int:
        """Steps that end otherwise."""
        return sum(count for (before, after), count in self.transitions.items() if before is not after)


@frozen
class Rescoring:
    """Every cell, in the order of the runs, and each step that changed."""

    cells: tuple[ChangedCell, ...]
    steps: tuple[ChangedStep, ...]


_Place = tuple[str, str, int, int]


def compare_scorings(before: Gathered, after: Gathered) -> Rescoring:
    """What differs between two scorings of the same runs; trials that only one of them has are left out."""
    former, now = dict(_outcomes(before)), dict(_outcomes(after))
    transitions: dict[CellKey, Counter[Transition]] = {}
    steps = []
    for row in after.rows:
        place = row.trial, row.branch, row.fork, row.position
        if place not in former:
            continue
        one, other = former[place], now[place]
        transitions.setdefault(row.cell, Counter())[one.outcome, other.outcome] += 1
        gained, lost = _only(other, one), _only(one, other)
        if gained or lost or one.outcome is not other.outcome:
            steps.append(ChangedStep(row.trial, row.cell, row.run, row.branch, row.fork, one, other, gained, lost))
    return Rescoring(tuple(ChangedCell(cell, dict(counts)) for cell, counts in transitions.items()), tuple(steps))


def _outcomes(gathered: Gathered) -> Iterator[tuple[_Place, StepOutcome]]:
    for trial in gathered.trials:
        yield from (((trial.trial, "", 0, step.position), step) for step in trial.steps)
    for branch in gathered.branches:
        yield from (((branch.trial, branch.arm, branch.fork, step.position), step) for step in branch.steps)


def _only(one: StepOutcome, other: StepOutcome) -> tuple[Hit, ...]:
    """The hits that only the first of two outcomes has."""
    known = {(hit.pattern, hit.path, hit.line, hit.text) for hit in other.hits}
    return tuple(hit for hit in one.hits if (hit.pattern, hit.path, hit.line, hit.text) not in known)
