"""From a run's labels, verdicts and outcomes to its calibration.

In: a run's folder and what was gathered of it. Out: `Calibration`.
Refuses to do: statistics; those are in `estimate/calibration.py`.
"""

from collections.abc import Mapping
from pathlib import Path

from driftlang.estimate.calibration import BROKEN, NOT_BROKEN, PATTERNS, Calibration, JudgedStep, calibrate
from driftlang.estimate.forms import CellKey
from driftlang.estimate.rates import LEVEL, estimate
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Label, Labelled, Sample
from driftlang.judge.labelling.store import LabelStore
from driftlang.judge.reading import read_judge_verdicts, read_step_verdicts
from driftlang.report.forms import Gathered
from driftlang.report.notes import declared_contrasts
from driftlang.score.forms import Outcome

#: How the judges are called where several come to one label.
TOGETHER = "judges together"


def calibrate_run(run: Path, gathered: Gathered, level: float = LEVEL) -> Calibration:
    """The calibration of one run, out of the labels in its folder.

    Raises:
        Failure: the labels are damaged.
    """
    store = LabelStore(run)
    sample = store.sample() or Sample(0, {}, ())
    people: dict[StepKey, dict[str, str]] = {}
    for one in store.labelled():
        people.setdefault(one.place, {})[one.labeller] = _side(one)
    steps = _steps(gathered, sample, people, verdicts_of_steps(run))
    found = estimate(gathered.trials, level, declared_contrasts(gathered))
    return calibrate(steps, [(one.cell, one.baseline) for one in found.contrasts], level)


def cell_words(cell: CellKey) -> str:
    """A cell in words, as a stratum is named by."""
    levels = (f"{name}={level}" for name, level in cell.levels)
    return ", ".join((cell.study, cell.model, cell.scenario, cell.direction, cell.arm, *levels))


def verdicts_of_steps(run: Path) -> Mapping[StepKey, Mapping[str, str]]:
    """What each judge says of each step, and where there are several what they come to: a label, or empty.

    Raises:
        Failure: the verdicts are damaged.
    """
    found: dict[StepKey, dict[str, str]] = {}
    for one in read_judge_verdicts(run):
        found.setdefault(StepKey(one.trial, one.branch, one.position), {})[one.judge] = one.label
    if len({judge for said in found.values() for judge in said}) > 1:
        for place, label in said_of_steps(run).items():
            found[place][TOGETHER] = label
    return found


def said_of_steps(run: Path) -> Mapping[StepKey, str]:
    """What the judges come to together, by step; empty for a tie."""
    return {StepKey(one.trial, one.branch, one.position): one.label for one in read_step_verdicts(run)}


def _steps(
    gathered: Gathered,
    sample: Sample,
    people: Mapping[StepKey, Mapping[str, str]],
    verdicts: Mapping[StepKey, Mapping[str, str]],
) -> list[JudgedStep]:
    drawn = set(sample.drawn)
    judges = sorted({judge for said in verdicts.values() for judge in said})
    steps = []
    for trial in gathered.trials:
        for step in () if trial.is_in_error else trial.steps:
            if step.outcome is Outcome.ERROR:
                continue
            place = StepKey(trial.trial, "", step.position)
            said = {PATTERNS: _word(step.outcome.value)}
            said.update({judge: _word(verdicts.get(place, {}).get(judge, "")) for judge in judges})
            stratum = sample.strata.get(place, "")
            steps.append(
                JudgedStep(trial.trial, trial.cell, trial.run, said, people.get(place, {}), stratum, place in drawn)
            )
    return steps


def _side(one: Labelled) -> str:
    if one.label is Label.CANNOT_TELL:
        return ""
    return BROKEN if one.label.is_broken else NOT_BROKEN


def _word(said: str) -> str:
    return said and (BROKEN if said == Outcome.BROKEN.value else NOT_BROKEN)
