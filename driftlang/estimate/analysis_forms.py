"""Secondary analyses: what each of them says.

In: nothing; this module defines. Out: `Analyses` and all that is in it.
A number stands with its limits, their level and the method they come from. What has no data says why in words
(`reason`), so that nothing is left out in silence; where `reason` is empty, there is a result.
"""

from attrs import field, frozen

from driftlang.estimate.estimated import Estimated, Tested
from driftlang.estimate.forms import CellKey
from driftlang.estimate.regression_forms import Slope, Transition


@frozen
class SurvivalPoint:
    """A Kaplan-Meier curve behind one step.

    Attributes:
        at_risk: runs that had broken nothing before it, and went on.
        broke: those of them that broke there for the first time.
        cut: those that end there without a break: cut off or in error. Whole runs end behind the last step.
        share: estimated share of runs that have broken nothing up to and with this step, between `low` and `high`.
    """

    position: int
    at_risk: int
    broke: int
    cut: int
    share: float
    low: float
    high: float


@frozen
class Survival:
    """Time to the first break in one cell.

    Attributes:
        broke: runs that broke at least once. cut: runs that ended early without a break, at the start for those in
            error. The others broke nothing.
        median: the step by which half of the runs had broken; 0 where it did not come to that.
        unbroken_steps: mean number of steps before the first break, of `horizon`.
        says: what to say in a sentence, also where no run broke.
    """

    cell: CellKey
    runs: int
    broke: int
    cut: int
    horizon: int
    points: tuple[SurvivalPoint, ...]
    median: int
    unbroken_steps: Estimated
    level: float
    method: str
    says: str
    reason: str = ""


@frozen
class SurvivalContrast:
    """Time to the first break in an arm against its baseline, runs paired.

    Attributes:
        earlier, later, alike: pairs in which the cell broke first, in which the baseline did, and all others.
        difference: of unbroken steps, cell less baseline; below zero means that the arm breaks earlier.
        log_rank: stratified by run; where each run is one pair this is the exact sign test of which broke first.
    """

    cell: CellKey
    baseline: CellKey
    earlier: int
    later: int
    alike: int
    difference: Estimated
    log_rank: Tested
    reason: str = ""


@frozen
class Recovery:
    """Breaks that a later step turned back, in one cell.

    Attributes:
        broken, recovered: steps.
        share: mean over the runs that broke anything of the share that they turned back.
        median_steps: steps until half of the breaks were turned back (Kaplan-Meier); 0 where it did not come to that.
        longest: steps until the slowest of those that were turned back.
    """

    cell: CellKey
    broken: int
    recovered: int
    share: Estimated
    median_steps: int
    longest: int
    reason: str = ""


@frozen
class DosePoint:
    """Steps at which between `least` and `most` messages had been read: how many, in how many runs, and their rate."""

    least: int
    most: int
    steps: int
    runs: int
    rate: Estimated


@frozen
class DoseResponse:
    """How breaking goes with what had been read, in one arm of one direction; it describes and proves no cause.

    Attributes:
        slope: log-odds for each doubling of (1 + messages read), with its limits; no data where it cannot be fitted.
        note: why it describes only, in a sentence to print beside it.
    """

    cell: CellKey
    points: tuple[DosePoint, ...]
    slope: Estimated
    note: str
    reason: str = ""


@frozen
class TaskEffect:
    """How much more often than the mean task one task is broken, in points of probability, adjusted for the rest."""

    task: str
    steps: int
    broken: int
    effect: Estimated
    test: Tested


@frozen
class OrderEffects:
    """Step position and tasks of one scenario and model: linear probabilities, cells taken out.

    Attributes:
        per_step: change of the probability of breaking with each step, tasks taken out.
        tasks: which are broken more, positions taken out; the most broken first.
    """

    study: str
    model: str
    scenario: str
    per_step: Estimated
    per_step_test: Tested
    tasks: tuple[TaskEffect, ...] = ()
    reason: str = ""


@frozen
class ForkContrast:
    """Two arms that a fork went on with, paired within the trial: both have the same history and tree.

    Attributes:
        cell: that of the trials which forked.
        fork: position of the first step behind the fork.
        arm, baseline: of the two branches.
        mean, baseline_mean: of the broken share of the exercised steps behind the fork, over the pairs.
        difference: arm less baseline; unconditional: the same of all steps that are no errors.
        test: its null is named.
    """

    cell: CellKey
    fork: int
    arm: str
    baseline: str
    mean: float
    baseline_mean: float
    difference: Estimated
    unconditional: Estimated
    test: Tested
    reason: str = ""


@frozen
class Recoding:
    """One way to count otherwise than the primary analysis, in words.

    Attributes:
        name: short, as in a table; `as declared` is the primary analysis.
        meaning: a sentence.
        changed: steps that count otherwise.
        reason: why it changes nothing here; else empty.
    """

    name: str
    meaning: str
    changed: int
    reason: str = ""


@frozen
class SensitivityRow:
    """One contrast under one recoding.

    Attributes:
        flips: whether the limits stand otherwise to zero than as declared.
    """

    recoding: str
    given_exercised: Estimated
    unconditional: Estimated
    flips: bool


@frozen
class Sensitivity:
    """One primary contrast, or asymmetry of two, under every recoding that a reader may doubt.

    Attributes:
        against: the other direction's cell of an asymmetry; empty for a contrast.
        says: in a sentence how far the answer hangs on what is counted.
    """

    cell: CellKey
    baseline: CellKey
    against: tuple[CellKey, ...]
    rows: tuple[SensitivityRow, ...]
    says: str


@frozen
class Absence:
    """An analysis that has no result at all, with the reason in a sentence."""

    analysis: str
    reason: str


@frozen
class Analyses:
    """All secondary analyses of some rows. `level` is the coverage of every interval by itself."""

    level: float
    slopes: tuple[Slope, ...] = field(factory=tuple)
    transitions: tuple[Transition, ...] = field(factory=tuple)
    survivals: tuple[Survival, ...] = field(factory=tuple)
    survival_contrasts: tuple[SurvivalContrast, ...] = field(factory=tuple)
    recoveries: tuple[Recovery, ...] = field(factory=tuple)
    doses: tuple[DoseResponse, ...] = field(factory=tuple)
    orders: tuple[OrderEffects, ...] = field(factory=tuple)
    forks: tuple[ForkContrast, ...] = field(factory=tuple)
    recodings: tuple[Recoding, ...] = field(factory=tuple)
    sensitivities: tuple[Sensitivity, ...] = field(factory=tuple)
    absent: tuple[Absence, ...] = field(factory=tuple)
