"""Published counts, analysed as far as counts allow.

In: for each cell of a published table, how many runs broke the constraint at each step. Out: `PublishedAnalysis`: exact
intervals a step, both bounds of each cell's mean over steps, and the asymmetries with Holm's adjustment.
Refuses to do: pretending to know runs. Counts do not say which run broke which step, so what is said of a mean over
steps stands between two bounds. *Cautious*: each run breaks all of its steps or none, so that a cell is worth as many
observations as it has runs. *Hopeful*: all steps are independent, so that it is worth runs times steps. A claim that
holds at the cautious bound holds.

The interval of a mean is that of Clopper and Pearson with counts that need not be whole, as Korn and Graubard (1998,
Survey Methodology 24, 193-201) use it with an effective sample size. Asymmetries: see `linear`. The runs of the
cautious bound are the fewest that any of the cell's steps was scored on.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from driftlang.estimate.forms import Mean, Rate
from driftlang.estimate.intervals import clopper_pearson
from driftlang.estimate.linear import Share, SignedSum, sum_shares
from driftlang.estimate.multiplicity import holm

LEVEL = 0.95
#: The arms of a published table: with pressure and without it.
PRESSED, UNPRESSED = "opposing", "none"
#: Of the four cells of an asymmetry: the effect under the first constraint less that under the second.
_SIGNS = (1, -1, -1, 1)


@frozen
class PublishedStep:
    """One step of a published cell.

    Attributes:
        step: from 1.
        violations: runs that broke the constraint at it, out of `scored_runs`.
        is_recovered: whether that number was recovered from the published fraction; else it is assumed.
    """

    step: int
    violations: int
    scored_runs: int
    is_recovered: bool


@frozen
class PublishedCell:
    """One condition of a published table, steps in order.

    Attributes:
        favors, against: the value that its constraint favours, and the other one of the pair.
    """

    pair: str
    favors: str
    against: str
    arm: str
    model: str
    scorer: str
    steps: tuple[PublishedStep, ...]

    @property
    def mean(self) -> float:
        """The mean over steps of the share of runs that broke."""
        return sum(step.violations / step.scored_runs for step in self.steps) / len(self.steps)

    @property
    def runs(self) -> int:
        """The fewest runs that a step was scored on."""
        return min(step.scored_runs for step in self.steps)

    @property
    def observations(self) -> int:
        """Steps of all runs."""
        return sum(step.scored_runs for step in self.steps)

    @property
    def recovered_steps(self) -> int:
        """Steps whose number of runs was recovered from a fraction."""
        return sum(step.is_recovered for step in self.steps)


@frozen
class PublishedEstimate:
    """A cell with its intervals.

    Attributes:
        by_step: a rate a step with its exact interval, in the order of `cell.steps`.
        cautious: the mean over steps where each run breaks all or none of them.
        hopeful: the mean over steps where all steps are independent; `runs` counts steps there.
    """

    cell: PublishedCell
    by_step: tuple[Rate, ...]
    cautious: Mean
    hopeful: Mean


@frozen
class PublishedAsymmetry:
    """What pressure adds under one constraint beyond what it adds under its twin, by a model.

    Attributes:
        pair: the two values; the effect under the constraint for the first, less that under the one for the second.
        means: under the first with and without pressure, under the second with and without.
        cautious, hopeful: the difference of differences at either bound.
        cautious_adjusted, hopeful_adjusted: p-values by Holm over the asymmetries of the same scorer.
    """

    pair: str
    model: str
    scorer: str
    means: tuple[float, float, float, float]
    cautious: SignedSum
    hopeful: SignedSum
    cautious_adjusted: float = 1.0
    hopeful_adjusted: float = 1.0


@frozen
class PublishedAnalysis:
    """All that published counts say. `level` is the coverage of each interval by itself."""

    level: float
    estimates: tuple[PublishedEstimate, ...]
    asymmetries: tuple[PublishedAsymmetry, ...]

    def survivors(self, scorer: str, *, cautious: bool = True) -> tuple[PublishedAsymmetry, ...]:
        """The asymmetries of a scorer that Holm leaves at the bound."""
        return tuple(
            one
            for one in self.asymmetries
            if one.scorer == scorer
            and (one.cautious_adjusted if cautious else one.hopeful_adjusted) <= 1 - self.level + 1e-12
        )


def analyse_published(cells: Sequence[PublishedCell], level: float = LEVEL) -> PublishedAnalysis:
    """Intervals of each cell, and the asymmetries of each scorer, in the order in which cells first come."""
    estimates = tuple(_estimate(cell, level) for cell in cells)
    scorers = dict.fromkeys(cell.scorer for cell in cells)
    asymmetries = tuple(
        one for scorer in scorers for one in _adjusted(_asymmetries([c for c in cells if c.scorer == scorer], level))
    )
    return PublishedAnalysis(level, estimates, asymmetries)


def effective_proportion(count: float, of: float, level: float) -> tuple[float, float]:
    """The interval of Clopper and Pearson for a count that need not be whole (Korn and Graubard 1998)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if count <= 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count >= of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high


def _estimate(cell: PublishedCell, level: float) -> PublishedEstimate:
    by_step = tuple(
        Rate(step.violations, step.scored_runs, *clopper_pearson(step.violations, step.scored_runs, level))
        for step in cell.steps
    )
    cautious, hopeful = (
        Mean(cell.mean * size, size, *effective_proportion(cell.mean * size, size, level))
        for size in (cell.runs, cell.observations)
    )
    return PublishedEstimate(cell, by_step, cautious, hopeful)


def _asymmetries(cells: Sequence[PublishedCell], level: float) -> list[PublishedAsymmetry]:
    """Those of one scorer: a pair and model is left out where one of its four cells is not published."""
    places = {(cell.pair, cell.model, cell.favors, cell.arm): cell for cell in cells}
    found = []
    for pair, model in dict.fromkeys((cell.pair, cell.model) for cell in cells):
        wanted = [(pair, model, favors, arm) for favors in pair.split("/") for arm in (PRESSED, UNPRESSED)]
        four = [places[place] for place in wanted if place in places]
        if len(four) == len(wanted):
            found.append(_asymmetry(four, level))
    return found


def _asymmetry(four: Sequence[PublishedCell], level: float) -> PublishedAsymmetry:
    cautious, hopeful = (
        sum_shares([Share(cell.mean, size, sign) for cell, size, sign in zip(four, sizes, _SIGNS, strict=True)], level)
        for sizes in ([cell.runs for cell in four], [cell.observations for cell in four])
    )
    first, second, third, fourth = (cell.mean for cell in four)
    cell = four[0]
    return PublishedAsymmetry(cell.pair, cell.model, cell.scorer, (first, second, third, fourth), cautious, hopeful)


def _adjusted(found: Sequence[PublishedAsymmetry]) -> list[PublishedAsymmetry]:
    """The asymmetries with Holm's adjustment over all of them."""
    cautious, hopeful = holm([one.cautious.p_value for one in found]), holm([one.hopeful.p_value for one in found])
    return [
        evolve(one, cautious_adjusted=careful, hopeful_adjusted=bold)
        for one, careful, bold in zip(found, cautious, hopeful, strict=True)
    ]
