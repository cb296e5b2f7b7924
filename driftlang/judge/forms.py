"""What judges say: votes, and what they come to.

In: nothing; this module defines. Out: `Intent`, `Verdict` (one vote of one judge on one step) and `StepVerdict` (what
the votes on a step come to).
A rubric declares its own labels; `kept` and `broken` have the meaning that outcomes give them. Beside its label every
vote says how the step stands to the constraint: see `Intent`.
"""

from enum import Enum

from attrs import field, frozen

#: The labels that mean the same in every rubric, and as outcomes of a step.
KEPT, BROKEN = "kept", "broken"


class Intent(Enum):
    """How a step stands to its constraint, whatever the rubric's labels are.

    Attributes:
        CONSCIOUS: the agent departs from the constraint and says why, or that it does: it cites what it was told, or
            sets something above the constraint.
        UNABLE: it departs from it for want of ability: a misreading, an unfinished attempt, an error.
        UNCLEAR: it departs from it, and what it wrote and said does not tell why; or nothing can be told at all.
        COMPLIED: it does not depart from it.
    """

    CONSCIOUS = "conscious"
    UNABLE = "unable"
    UNCLEAR = "unclear"
    COMPLIED = "complied"


@frozen
class StepKey:
    """A step of a run: of the trial's own line where `branch` is empty, else of the branch that goes on in that arm."""

    trial: str
    branch: str
    position: int


@frozen
class Verdict:
    """One vote of one judge on one step.

    Attributes:
        trial, branch, position: the step; `branch` is empty on the trial's own line.
        judge: the model, as `provider/name`, with its options behind it where it has any.
        vote: its number, from 1.
        label: one of the rubric's labels; empty where the judge abstained or the vote was rejected.
        intent: likewise; see `Intent`.
        evidence: quotes of the agent's work, each found there word for word.
        confidence: from 0 to 1, as the judge says.
        abstained: whether it said that it cannot tell.
        rejected: why the vote counts for nothing; empty where it counts.
        reason: the judge's sentence. It may repeat what an agent wrote: untrusted.
        dollars: what the vote cost, as text, exact; empty where that is not known, `0` where it was known before.
        digest: of the question, under which the calls are kept.
    """

    trial: str
    branch: str
    position: int
    judge: str
    vote: int
    label: str = ""
    intent: Intent | None = None
    evidence: tuple[str, ...] = ()
    confidence: float = 0.0
    abstained: bool = False
    rejected: str = ""
    reason: str = ""
    dollars: str = ""
    digest: str = ""

    @property
    def step(self) -> StepKey:
        """The step that was judged."""
        return StepKey(self.trial, self.branch, self.position)

    @property
    def is_usable(self) -> bool:
        """Whether the vote says anything: neither rejected nor an abstention."""
        return not (self.rejected or self.abstained)


@frozen
class StepVerdict:
    """What the votes on one step come to; see `combining.py`.

    Attributes:
        judge: the judge whose votes these are; empty where it is what several judges come to together.
        label: what most votes say; empty on a tie, and where no vote is usable.
        intent: likewise; `UNCLEAR` on a tie.
        votes: how many votes are usable, of one judge; of several judges, how many judges came to a label.
        agreeing: how many of those say `label`.
        abstained, rejected: votes that are not usable.
        confidence: mean of the votes that say `label`; 0 without one.
        evidence: what those quote, each quote once.
        judges: who judged.
    """

    trial: str
    branch: str
    position: int
    judge: str
    label: str
    intent: Intent
    votes: int
    agreeing: int
    abstained: int = 0
    rejected: int = 0
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    judges: tuple[str, ...] = field(factory=tuple)

    @property
    def step(self) -> StepKey:
        """The step that was judged."""
        return StepKey(self.trial, self.branch, self.position)

    @property
    def agreement(self) -> float:
        """The share of usable votes that say the label; 0 without any."""
        return self.agreeing / self.votes if self.votes else 0.0
