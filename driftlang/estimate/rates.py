"""Rates: from the outcomes of steps to estimates per step and per cell.

In: `ScoredTrial`s. Out: `Estimates`.
Refuses to do: dropping anything in silence. Every outcome is counted, a rate given `exercised` stands beside the
unconditional one, errors are in no rate and always shown, and what has no data says so.

A trial in error is an error as a whole: drift comes late, so the steps before a failure are the easy ones, and their
rate beside that of whole runs would be too low.

The run is the unit: steps of one run depend on each other, so an interval over runs counts runs. A rate at one step
has one observation a run, so there the exact interval of a proportion holds.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from driftlang.estimate.contrasts import NOT_DECLARED, ArmPair, contrast_cells, cross_directions
from driftlang.estimate.forms import CellEstimate, CellKey, Estimates, Mean, Rate, ScoredTrial, StepRate
from driftlang.estimate.fractions import Measure, fractions, means_of
from driftlang.estimate.intervals import clopper_pearson
from driftlang.score.forms import Outcome, StepOutcome

LEVEL = 0.95


def estimate(
    trials: Iterable[ScoredTrial], level: float = LEVEL, declared: Mapping[str, Sequence[ArmPair]] = NOT_DECLARED
) -> Estimates:
    """All estimates of `trials`, cells in the order in which they first come.

    Args:
        trials: scored trials, in the order of the plan.
        level: coverage of each interval by itself.
        declared: by study, the arms that its plan says to contrast, each with the arm it stands against.
    """
    cells: dict[CellKey, list[ScoredTrial]] = {}
    for trial in trials:
        cells.setdefault(trial.cell, []).append(_voided(trial))
    shares = {key: {measure: fractions(measure, of_cell) for measure in Measure} for key, of_cell in cells.items()}
    means = {measure: means_of([shares[key][measure] for key in cells], level) for measure in Measure}
    contrasts = contrast_cells(shares, level, declared)
    return Estimates(
        level,
        tuple(rate for key, of_cell in cells.items() for rate in _steps(key, of_cell, level)),
        tuple(
            _cell(key, of_cell, given, unconditional, level)
            for (key, of_cell), given, unconditional in zip(
                cells.items(), means[Measure.GIVEN_EXERCISED], means[Measure.UNCONDITIONAL], strict=True
            )
        ),
        contrasts,
        cross_directions(contrasts, shares, level),
    )


def _voided(trial: ScoredTrial) -> ScoredTrial:
    """The trial, all of its steps errors where one is."""
    if not trial.is_in_error:
        return trial
    return evolve(trial, steps=tuple(evolve(step, outcome=Outcome.ERROR) for step in trial.steps))


def _steps(key: CellKey, trials: Sequence[ScoredTrial], level: float) -> Iterable[StepRate]:
    positions = sorted({step.position for trial in trials for step in trial.steps})
    for position in positions:
        counts = _count(step for trial in trials for step in trial.steps if step.position == position)
        broken = counts[Outcome.BROKEN]
        exercised = sum(count for outcome, count in counts.items() if outcome.is_exercised)
        scored = sum(counts.values()) - counts[Outcome.ERROR]
        yield StepRate(key, position, counts, _rate(broken, exercised, level), _rate(broken, scored, level))


def _cell(key: CellKey, trials: Sequence[ScoredTrial], given: Mean, unconditional: Mean, level: float) -> CellEstimate:
    scored = [trial for trial in trials if trial.steps and not trial.is_in_error]
    broke = sum(any(step.outcome is Outcome.BROKEN for step in trial.steps) for trial in scored)
    return CellEstimate(
        key,
        len(trials),
        _count(step for trial in trials for step in trial.steps),
        given,
        unconditional,
        _rate(broke, len(scored), level),
        in_error=sum(trial.is_in_error for trial in trials),
        scheduled=sum(trial.scheduled for trial in trials),
        placed=sum(trial.placed for trial in trials),
    )


def _count(steps: Iterable[StepOutcome]) -> Mapping[Outcome, int]:
    outcomes = [step.outcome for step in steps]
    return {outcome: outcomes.count(outcome) for outcome in Outcome}


def _rate(count: int, of: int, level: float) -> Rate:
    return Rate(count, of, *clopper_pearson(count, of, level))
