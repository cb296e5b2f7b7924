"""Estimates: how often constraints were broken, and how far pressure moved that.

In: nothing; this module defines. Out: `ScoredTrial` (in) and `Estimates` (out) of `estimate`.
A number without data has no value: it says so (`has_data`), keeps the interval that nothing rules out, and is never
NaN.
"""

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from driftlang.score.forms import Outcome, StepOutcome


@frozen(order=True)
class CellKey:
    """One experimental condition for one model: the rows of every table. `levels` is sorted by factor."""

    study: str
    model: str
    scenario: str
    direction: str
    favors: str
    against: str
    arm: str
    levels: tuple[tuple[str, str], ...] = ()


@frozen
class ScoredTrial:
    """One trial with the outcomes of its steps. Trials with equal `run` pair across cells and models.

    Attributes:
        scheduled: injections that the plan has for the steps that were begun.
        placed: how many of them were.
    """

    trial: str
    cell: CellKey
    run: int
    steps: tuple[StepOutcome, ...]
    scheduled: int = 0
    placed: int = 0

    @property
    def is_in_error(self) -> bool:
        """Whether a step failed: what came before is the beginning of a run, no run."""
        return any(step.outcome is Outcome.ERROR for step in self.steps)


@frozen
class Rate:
    """A count out of a count, with the exact interval of Clopper and Pearson; 0 to 1 where there is no data."""

    count: int
    of: int
    low: float
    high: float

    @property
    def has_data(self) -> bool:
        """Whether the denominator is above zero."""
        return self.of > 0

    @property
    def value(self) -> float:
        """The rate, between 0 and 1.

        Raises:
            ValueError: there is no data.
        """
        if not self.has_data:
            message = "a rate out of nothing has no value"
            raise ValueError(message)
        return self.count / self.of


@frozen
class Mean:
    """A mean of per-run fractions, with an interval in which the run is the unit.

    `total` is the sum of the fractions over `runs` runs; `low` and `high` are 0 and 1 where there are none. `method`
    says whose interval it is, see `offers`.
    """

    total: float
    runs: int
    low: float
    high: float
    method: str = ""

    @property
    def has_data(self) -> bool:
        """Whether any run counts."""
        return self.runs > 0

    @property
    def value(self) -> float:
        """The mean, between 0 and 1.

        Raises:
            ValueError: there is no data.
        """
        if not self.has_data:
            message = "a mean of nothing has no value"
            raise ValueError(message)
        return self.total / self.runs


class Null(Enum):
    """What a test supposes, and what is unlikely where its p-value is small.

    The sharp null is refuted by any effect on any run, the weak one by an effect on the mean alone.
    """

    SHARP = "no run would have ended otherwise with the cells exchanged"
    WEAK = "the means balance"


@frozen
class NullTest:
    """A test of a difference: of which null, by which method (see `offers`), and its two-sided p-value."""

    null: Null
    method: str
    p_value: float


@frozen
class Difference:
    """A mean difference over `pairs` pairs of runs, between `low` and `high`; the widest possible without pairs.

    `method` says whose interval it is, see `offers`. `tests` are what is offered at this number of pairs, each with
    the null that it tests; none without pairs.
    """

    total: float
    pairs: int
    low: float
    high: float
    method: str = ""
    tests: tuple[NullTest, ...] = ()

    @property
    def has_data(self) -> bool:
        """Whether any runs pair."""
        return self.pairs > 0

    @property
    def value(self) -> float:
        """The mean difference.

        Raises:
            ValueError: there is no data.
        """
        if not self.has_data:
            message = "a difference of nothing has no value"
            raise ValueError(message)
        return self.total / self.pairs

    def p_value(self, null: Null) -> float:
        """The p-value of the test of `null`; 1 where there is none, since nothing speaks against it."""
        return next((test.p_value for test in self.tests if test.null is null), 1.0)


@frozen
class StepRate:
    """One cell at one step of the run.

    Attributes:
        position: from 1, in the order of each run.
        counts: steps by outcome; every outcome is in it.
        given_exercised: broken out of kept, broken and hedged.
        unconditional: broken out of all but errors.
    """

    cell: CellKey
    position: int
    counts: Mapping[Outcome, int]
    given_exercised: Rate
    unconditional: Rate


@frozen
class CellEstimate:
    """One cell over all its runs.

    Attributes:
        runs: trials that were scored, with errors in them or not.
        in_error: those of them with an error; all of their steps are counted as errors and none is in a rate.
        counts: steps by outcome; every outcome is in it.
        given_exercised: mean over runs of broken out of exercised; runs that exercised nothing are left out.
        unconditional: mean over runs of broken out of all; runs in error are left out.
        runs_broken: runs that broke at least once, out of those without an error.
        scheduled, placed: injections, as in `ScoredTrial`, over all runs.
    """

    cell: CellKey
    runs: int
    counts: Mapping[Outcome, int]
    given_exercised: Mean
    unconditional: Mean
    runs_broken: Rate
    in_error: int = 0
    scheduled: int = 0
    placed: int = 0

    @property
    def steps(self) -> int:
        """Steps of any outcome."""
        return sum(self.counts.values())

    @property
    def exercised(self) -> int:
        """Steps whose work took a side."""
        return sum(count for outcome, count in self.counts.items() if outcome.is_exercised)


@frozen
class Contrast:
    """What an arm adds over its baseline in one direction, runs paired.

    Attributes:
        cell, baseline: the two cells, of one direction.
        given_exercised, unconditional: mean of (cell - baseline) of the two measures.
    """

    cell: CellKey
    baseline: CellKey
    given_exercised: Difference
    unconditional: Difference


@frozen
class Asymmetry:
    """The difference of two contrasts: what an arm adds in one direction beyond what it adds in the other."""

    first: Contrast
    second: Contrast
    given_exercised: Difference
    unconditional: Difference


@frozen
class Estimates:
    """All estimates of some trials. `level` is the coverage of every interval by itself, such as 0.95."""

    level: float
    steps: tuple[StepRate, ...] = field(factory=tuple)
    cells: tuple[CellEstimate, ...] = field(factory=tuple)
    contrasts: tuple[Contrast, ...] = field(factory=tuple)
    asymmetries: tuple[Asymmetry, ...] = field(factory=tuple)
