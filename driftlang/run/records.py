"""What a journal holds of a trial, as readers see it.

In: nothing; this module defines. Out: the forms that `journal.py` reads back for `score` and `report`.
"""

from attrs import frozen

from driftlang.inject.forms import ALTERED, GONE
from driftlang.observe.forms import TrialObservation


@frozen
class EarlierText:
    """A text that a former step had said in a file, and what had become of it.

    Attributes:
        fate: one of the five of `inject.forms`. Where the cell takes earlier texts out, those that were found are out.
        path: where it was found, or else had been put.
    """

    fate: str
    path: str
    text: str

    @property
    def is_out(self) -> bool:
        """Whether it was found."""
        return self.fate not in {ALTERED, GONE}


@frozen
class StepRecord:
    """One turn as it went.

    Attributes:
        started: seconds since the epoch, UTC.
        seconds: wall time of the turn, from the prompt to idle.
        injected: for each injection of the plan, `placed`, or `placed: PLACE` where it took another than its first, or
            the reason why it was not.
        finish: finish reason of the last assistant message.
        error: what failed; empty otherwise.
        prompt_tokens, completion_tokens: summed over the turn's model calls.
        model_calls: how many there were.
        earlier: what had become of the texts that former steps had said in files: of all of the step before, of others
            where they stood there still, or again.
        branch: the arm of the branch that the step is of; empty on the trial's own line.
    """

    position: int
    step: str
    started: float
    seconds: float
    injected: tuple[str, ...]
    finish: str
    error: str
    prompt_tokens: int
    completion_tokens: int
    model_calls: int
    earlier: tuple[EarlierText, ...] = ()
    branch: str = ""


@frozen
class TrialRecord:
    """The last attempt at a trial.

    Attributes:
        status: `finished`, `error`, `running` (cut off) or `pending` (never begun).
        reason: for `error`, why.
        attempts: how many were begun.
        steps: the turns of the last attempt, in order, on the trial's own line.
        opencode, sandbox: version and confinement that it was made under; empty where nobody said.
    """

    trial: str
    status: str
    reason: str
    attempts: int
    started: float
    seconds: float
    steps: tuple[StepRecord, ...]
    opencode: str = ""
    sandbox: str = ""


@frozen
class BranchResult:
    """What became of a trial in another arm, from the step at which it forked.

    Attributes:
        arm: the branch's name.
        steps: its turns, in order.
        observation: what it did; `base` is the work tree at the fork, as the trial's own line had left it.
    """

    arm: str
    steps: tuple[StepRecord, ...]
    observation: TrialObservation


@frozen
class TrialResult:
    """A trial's record beside what it did, also on its branches, in the order in which they were played."""

    record: TrialRecord
    observation: TrialObservation
    branches: tuple[BranchResult, ...] = ()


@frozen
class RunnerStamp:
    """What a runner was: all that shapes its trials beside the plan.

    Attributes:
        driftlang, opencode, python: versions.
        sandbox: how agents were confined.
        system: the machine's system, such as `Linux x86_64`.
        jobs: trials at a time.
    """

    driftlang: str = ""
    opencode: str = ""
    sandbox: str = ""
    python: str = ""
    system: str = ""
    jobs: int = 0
