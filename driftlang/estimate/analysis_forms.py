"""Secondary analyses: what each of them says.

In: nothing; this module defines. Out: `Analyses` and all that is in it.
A number stands with its limits, their level and the method they come from. What has no data says why in words
(`reason`), so that nothing is left out in silence; where `reason` is empty, there is a result.
"""

from attrs import field, frozen

from driftlang.estimate.forms import CellKey


@frozen
class Estimated:
    """A number between its limits.

    Attributes:
        units: runs (or pairs of runs) that it rests on; with none there is no value, and the limits rule nothing out.
        level: coverage asked for, such as 0.95.
        method: where the limits come from, in words.
    """

    value: float
    low: float
    high: float
    units: int
    level: float
    method: str

    @property
    def has_data(self) -> bool:
        """Whether it rests on anything."""
        return self.units > 0

    @property
    def excludes_zero(self) -> bool:
        """Whether both limits are on one side of zero."""
        return self.has_data and (self.low > 0 or self.high < 0)


@frozen
class Tested:
    """A test: the null it is of, in words, and how surprising the data would be under it.

    Attributes:
        adjusted: the p value after Holm's correction over `family` tests; equal to `p_value` where it stands alone.
    """

    null: str
    method: str
    p_value: float
    units: int
    family: int = 1
    adjusted: float = 1.0


@frozen
class Effect:
    """One effect of a regression, in log-odds.

    Attributes:
        name: short, as in a table: `dose, opposing`.
        meaning: what one unit of it is, in a sentence.
        p_value: of the null that it is zero, by the same law as the limits.
    """

    name: str
    meaning: str
    estimate: Estimated
    p_value: float


@frozen
class NotEstimated:
    """An effect that was asked for and has no estimate, with the reason in a sentence."""

    name: str
    reason: str


@frozen
class AskedEffect:
    """An effect that a model asks about.

    Attributes:
        inflation: variance inflation factor: by how much what it shares with the others widens its variance; infinite
            where the others say all that it says.
        is_apart: whether it can be told from the others.
    """

    name: str
    meaning: str
    inflation: float
    is_apart: bool


@frozen
class Confounded:
    """Effects that this design cannot tell apart, and what to change so that it could."""

    effects: tuple[str, ...]
    inflation: float
    sentence: str
    advice: str


@frozen
class Identifiability:
    """What the design of one study can tell apart for one model, before anything is fitted.

    Attributes:
        condition: condition number of the effects' columns, scaled to equal length, other columns taken out.
        rank: how many of the effects vary by themselves.
        asked: every effect that the regression asks about.
        confounded: groups of them that cannot be told apart.
        sentences: all of it in plain words, to be printed; never empty.
        reason: why there is nothing to look at; else empty.
    """

    study: str
    model: str
    asked: tuple[AskedEffect, ...] = ()
    confounded: tuple[Confounded, ...] = ()
    condition: float = 1.0
    rank: int = 0
    sentences: tuple[str, ...] = ()
    reason: str = ""


@frozen
class Slope:
    """Logistic regression of breaking, given that the step was exercised, with runs as clusters.

    Attributes:
        steps, broken, runs: what it rests on.
        effects: those that could be told apart, and each group that could not as one effect `A, B, together`.
        not_estimated: the others, each with the reason.
        penalised: whether Firth's penalty was used, because some cell broke always or never.
        method: of the limits.
    """

    study: str
    model: str
    identifiability: Identifiability
    steps: int = 0
    broken: int = 0
    runs: int = 0
    effects: tuple[Effect, ...] = ()
    not_estimated: tuple[NotEstimated, ...] = ()
    penalised: bool = False
    method: str = ""
    reason: str = ""


@frozen
class LawParameter:
    """A parameter of the law with its limits.

    Attributes:
        name: `base`, `pressure`, `severity`, `step`, `lean` or `persistence`.
        scenario: that it is of; empty where all scenarios share it.
        meaning: in a sentence.
        toward: of a lean, the value that it is to; a lean is never below zero.
    """

    name: str
    scenario: str
    meaning: str
    estimate: Estimated
    toward: str = ""


@frozen
class Transition:
    """The law of persistence and fresh choice, fitted: each step repeats the former one or chooses anew.

    Attributes:
        exposure: `scheduled` or `read`: which messages count as in view.
        repeated: share of the steps behind the first that ended as the step before them.
        log_likelihood: at the estimates.
    """

    study: str
    model: str
    exposure: str
    steps: int = 0
    runs: int = 0
    repeated: float = 0.0
    parameters: tuple[LawParameter, ...] = ()
    not_estimated: tuple[NotEstimated, ...] = ()
    log_likelihood: float = 0.0
    method: str = ""
    reason: str = ""


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
