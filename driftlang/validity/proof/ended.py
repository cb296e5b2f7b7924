"""Solutions that were scored, and who is to blame where one is not what it must be.

In: a play, a constraint, a scorer. Out: `Ended`.
Refuses to do: findings; see `misscored`.
"""

from collections import Counter

from attrs import frozen

from driftlang.model.forms import Constraint
from driftlang.score.forms import Outcome, Scorer, StepOutcome
from driftlang.score.outcomes import score_trial
from driftlang.validity.proof.blame import Blame, blame
from driftlang.validity.proof.expectation import is_as_expected
from driftlang.validity.proof.plays import Play


@frozen
class Ended:
    """How a solution ended under a constraint, and how it had to."""

    play: Play
    constraint: Constraint
    expected: str
    ended: StepOutcome

    @property
    def is_right(self) -> bool:
        """Whether it ended as its value implies."""
        return is_as_expected(self.ended.outcome, self.expected)

    @property
    def is_mirrored(self) -> bool:
        """Whether it ended as the solution for the other value had to."""
        return (self.expected, self.ended.outcome.value) in {("kept", "broken"), ("broken", "kept")}


def judge(play: Play, constraint: Constraint, scorer: Scorer) -> Ended:
    """How the solution ends under the constraint."""
    ended = score_trial(play.observation, scorer, constraint.name).steps[-1]
    return Ended(play, constraint, _expected(play, constraint), ended)


def _expected(play: Play, constraint: Constraint) -> str:
    if play.step.is_filler:
        return "not exercised"
    own = play.solution.value.name == constraint.favors.name
    return Outcome.KEPT.value if own else Outcome.BROKEN.value


def blamed(each: Ended) -> Blame:
    """The patterns that are why it ended so."""
    hits = Counter(hit.pattern for hit in each.ended.hits)
    kept = blame(each.constraint.kept, should_hold=each.expected == "kept", hits=hits)
    return kept.and_(blame(each.constraint.broken, should_hold=each.expected == "broken", hits=hits))
