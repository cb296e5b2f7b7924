"""Lines of a trial: how the steps of its own line ended, and those of each branch that a fork made.

In: a trial's result, its script, its direction and the scorer. Out: `ScoredLine`s, the trial's own first.
Refuses to do: scoring half a trial. One that is still to go on is in no rate, as its later steps would be missing at
random only by luck; one that ended in error has errors for all of its planned steps, as its easy beginning is no run.
"""

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from driftlang.build.plan import PlannedScript
from driftlang.cells.forms import Branch, Turn
from driftlang.observe.forms import StepObservation, TrialObservation
from driftlang.run.line import branch_name
from driftlang.run.records import StepRecord, TrialRecord, TrialResult
from driftlang.score.forms import Outcome, Scorer, StepOutcome
from driftlang.score.outcomes import score_trial


@frozen
class ScoredLine:
    """The steps of one line.

    Attributes:
        arm: that of the branch; empty on the trial's own line.
        fork: position of the first step of the branch; 0 on the trial's own line.
        turns: all that were to be said on it, also before the fork, in order.
        records: what came of its own steps, by position.
        outcomes: how these ended, in order.
    """

    arm: str
    fork: int
    turns: tuple[Turn, ...]
    records: Mapping[int, StepRecord]
    outcomes: tuple[StepOutcome, ...]


def score_lines(result: TrialResult, script: PlannedScript, direction: str, scorer: Scorer) -> tuple[ScoredLine, ...]:
    """All lines of a trial; the trial's own alone, without outcomes, where the trial is still to go on.

    A branch is scored as the whole that its agent had made, so that work done before the fork counts as done early and
    is not counted again.
    """
    record = result.record
    outcomes = _outcomes(result.observation, script, direction, scorer) if _is_over(record) else ()
    own = ScoredLine("", 0, script.turns, _by_position(record.steps), _settled(record, outcomes, script.turns))
    if not _is_over(record):
        return (own,)
    branches = sorted(script.branches, key=lambda branch: (branch.position, branch_name(branch, script)))
    return (own, *(_score_branch(branch, result, script, direction, scorer) for branch in branches))


def _is_over(record: TrialRecord) -> bool:
    return record.status in {"finished", "error"}


def _by_position(steps: Sequence[StepRecord]) -> Mapping[int, StepRecord]:
    return {step.position: step for step in steps}


def _score_branch(
    branch: Branch, result: TrialResult, script: PlannedScript, direction: str, scorer: Scorer
) -> ScoredLine:
    name = branch_name(branch, script)
    steps: tuple[StepObservation, ...] = ()
    records: tuple[StepRecord, ...] = ()
    for played in result.branches:
        if played.arm == name:
            steps, records = played.observation.steps, played.steps
    before = [step for step in result.observation.steps if step.position < branch.position]
    whole = evolve(result.observation, steps=(*before, *steps))
    outcomes = _outcomes(whole, script, direction, scorer)[len(before) :]
    turns = (*(turn for turn in script.turns if turn.position < branch.position), *branch.turns)
    settled = _settled(result.record, outcomes, branch.turns)
    return ScoredLine(branch.arm, branch.position, turns, _by_position(records), settled)


def _outcomes(seen: TrialObservation, script: PlannedScript, direction: str, scorer: Scorer) -> tuple[StepOutcome, ...]:
    """How each step ended, by the constraint that was in force then."""
    stood = [script.constraint_at(step.position, direction) for step in seen.steps]
    scored = {name: score_trial(seen, scorer, name).steps for name in dict.fromkeys(stood)}
    return tuple(scored[name][index] for index, name in enumerate(stood))


def _settled(record: TrialRecord, outcomes: Sequence[StepOutcome], turns: Sequence[Turn]) -> tuple[StepOutcome, ...]:
    """The outcomes as they count: of a trial that ended in error, errors."""
    if record.status != "error":
        return tuple(outcomes)
    return _voided(outcomes, record.reason) + _not_reached(turns, len(outcomes), record.reason)


def _voided(outcomes: Sequence[StepOutcome], reason: str) -> tuple[StepOutcome, ...]:
    """Errors for the steps that a broken trial did take, as its easy beginning is in no rate; each says what it was."""
    why = f"the trial ended in error: {reason}" if reason else "the trial ended in error"
    return tuple(
        step
        if step.outcome is Outcome.ERROR
        else evolve(
            step,
            outcome=Outcome.ERROR,
            reason=f"{why}; before, this step was {step.outcome.value}: {step.reason}",
            side_rules={},
        )
        for step in outcomes
    )


def _not_reached(turns: Sequence[Turn], reached: int, reason: str) -> tuple[StepOutcome, ...]:
    """Errors for the steps that a broken trial never came to, so that no planned step vanishes."""
    why = f"not reached: {reason}" if reason else "not reached"
    return tuple(StepOutcome(turn.position, turn.step, Outcome.ERROR, (), reason=why) for turn in turns[reached:])
