"""One line of a trial: the trial's own, or a branch that a fork made.

In: where the line stands; what is said on it. Out: what the next step of the same line needs to know.
Refuses to do: sharing. A branch goes on from what was known at its fork and tells the trial's own line nothing.
"""

from collections.abc import Sequence
from itertools import chain

from driftlang.build.plan import PlannedScript
from driftlang.cells.forms import Branch, Spot, Turn
from driftlang.exposure.watch import ExposureWatch
from driftlang.inject.forms import GONE
from driftlang.run.injections import spot_in_file
from driftlang.run.records import EarlierText


class Line:
    """What one line of a trial has come to.

    Attributes:
        branch: its name, see `branch_name`; empty for the trial's own line.
        instructions: the prompt with the constraint that is in force.
        session: the agent's session; empty before the first.
        paths: the paths that have ever been in the work tree, as snapshots spell them.
        turns: those that were begun, also before it branched off.
        watch: measures what its steps' calls showed.
    """

    def __init__(self, branch: str, instructions: str) -> None:
        self.branch = branch
        self.instructions = instructions
        self.session = ""
        self.paths: set[str] = set()
        self.turns: list[Turn] = []
        self.watch = ExposureWatch()
        self._said: list[list[tuple[Spot, str]]] = []

    def branch_off(self, branch: str) -> "Line":
        """A line that has come as far, and is to go on in a session of its own."""
        made = Line(branch, self.instructions)
        made.paths = set(self.paths)
        made.turns = list(self.turns)
        made.watch = self.watch.fork()
        made._said = list(self._said)
        return made

    @property
    def said(self) -> tuple[tuple[Spot, str], ...]:
        """All that was said in files so far, oldest first."""
        return tuple(chain.from_iterable(self._said))

    def note_injected(self, turn: Turn, went: Sequence[str]) -> None:
        """The injections of a step have been placed; `went` is what `place_injections` gave."""
        spots = [(spot_in_file(one, how), one.text) for one, how in zip(turn.injections, went, strict=True)]
        self._said.append([(spot, text) for spot, text in spots if spot])

    def tell_earlier(self, found: Sequence[EarlierText]) -> tuple[EarlierText, ...]:
        """Of the fates of all that was said, those that are told; see `StepRecord.earlier`."""
        former = len(found) - sum(map(len, self._said[-1:]))
        return tuple(one for at, one in enumerate(found) if at >= former or one.fate != GONE)


def branch_name(branch: Branch, script: PlannedScript) -> str:
    """The arm of the branch; `ARM@POSITION` where the script forks into that arm more than once."""
    alike = [other for other in script.branches if other.arm == branch.arm]
    return branch.arm if len(alike) == 1 else f"{branch.arm}@{branch.position}"
