"""Agreement: how far one who labels steps says what another does.

In: labels of the same steps as plain sequences, with weights and runs. Out: `Agreement` of two, `Coefficient` of many.
Refuses to do: a coefficient where nothing could disagree: it says that there is no data.

Sensitivity, specificity and predictive values are shares with the limits of `effective.py`. Cohen's kappa (1960, Educ.
Psychol. Meas. 20) and Krippendorff's alpha for nominal labels (2004, Content Analysis, ch. 11), which takes missing
labels and any number of labellers, are both 1 - observed / expected disagreement. Their limits come from leaving out
each run in turn (jackknife) on the logarithm of that ratio, with Student's quantile for the number of runs; where
nothing disagrees, from the most that may disagree when none of so many runs shows it (Clopper and Pearson).
"""

from collections.abc import Callable, Sequence
from math import exp, log, sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from driftlang.estimate.effective import Runs, Share, Values, share_of, signed_sum, student_quantile
from driftlang.estimate.intervals import clopper_pearson

#: A label by number, `MISSING` where there is none.
Labels = NDArray[np.int64]
MISSING = -1


@frozen
class Coefficient:
    """A coefficient of agreement, 1 for perfect and 0 for chance; `low` and `high` are -1 and 1 without data."""

    estimate: float
    low: float
    high: float
    level: float
    steps: int
    runs: int
    has_data: bool = True
    method: str = "jackknife over runs"

    @property
    def value(self) -> float:
        """The coefficient.

        Raises:
            ValueError: there is no data.
        """
        if not self.has_data:
            message = "agreement on nothing has no value"
            raise ValueError(message)
        return self.estimate


@frozen
class Agreement:
    """How one that says `broken` or not of steps stands to a reference that does.

    Attributes:
        rater, reference: who is compared with whom.
        sensitivity: of the steps that the reference calls broken, the share that the rater does.
        specificity: of the others, the share that the rater does not.
        positive_value, negative_value: of the steps that the rater calls broken, and of the others, the share in which
            the reference says the same (the predictive values).
        youden: sensitivity + specificity - 1 (Youden 1950, Cancer 3); at 0 the rater is no better than chance.
        kappa: Cohen's.
        alpha: Krippendorff's.
        steps: on which both say something.
    """

    rater: str
    reference: str
    sensitivity: Share
    specificity: Share
    positive_value: Share
    negative_value: Share
    youden: Coefficient
    kappa: Coefficient
    alpha: Coefficient
    steps: int


def agree(  # noqa: PLR0913 - two names, and four arrays that belong together
    rater: str, reference: str, *, said: Labels, truth: Labels, weights: Values, runs: Runs, level: float
) -> Agreement:
    """Compare two on the steps on which both say something.

    Args:
        rater: the name of the one.
        reference: the name of the other.
        said: what the one says, one a step: 1 for broken, 0 for not, or `MISSING`.
        truth: what the other says.
        weights: how many steps each stands for.
        runs: the run of each.
        level: coverage of each interval.
    """
    both = (said != MISSING) & (truth != MISSING)
    said, truth, weights, runs = said[both], truth[both], weights[both], runs[both]
    positive, negative = truth == 1, truth == 0
    is_right = (said == truth).astype(float)

    def share(among: NDArray[np.bool_]) -> Share:
        return share_of(is_right[among], weights[among], runs[among], level)

    sensitivity, specificity = share(positive), share(negative)
    return Agreement(
        rater,
        reference,
        sensitivity,
        specificity,
        share(said == 1),
        share(said == 0),
        _youden(sensitivity, specificity, level),
        cohen_kappa(said, truth, weights, runs, level),
        krippendorff_alpha(np.stack([said, truth]), weights, runs, level),
        int(both.sum()),
    )


def cohen_kappa(first: Labels, second: Labels, weights: Values, runs: Runs, level: float) -> Coefficient:
    """Cohen's kappa of two labellers on nominal labels, on the steps that both labelled."""
    both = (first != MISSING) & (second != MISSING)
    first, second, weights, runs = first[both], second[both], weights[both], runs[both]
    kinds, index = np.unique(np.concatenate([first, second]), return_inverse=True)
    size = len(kinds)
    cells = index[: len(first)] * size + index[len(first) :]

    def disagreement(tables: Values) -> tuple[float, float]:
        table = tables.reshape(size, size) / tables.sum()
        return 1 - float(np.trace(table)), 1 - float(table.sum(axis=1) @ table.sum(axis=0))

    tables = _by_run(cells, weights, runs, size * size)
    return _coefficient(tables, disagreement, len(first), level)


def krippendorff_alpha(labels: Labels, weights: Values, runs: Runs, level: float) -> Coefficient:
    """Krippendorff's alpha for nominal labels.

    Args:
        labels: one row a labeller, one column a step; `MISSING` where there is none.
        weights: how many steps each stands for.
        runs: the run of each.
        level: coverage.
    """
    kinds = np.unique(labels[labels != MISSING])
    counts = (
        np.stack([(labels == kind).sum(axis=0) for kind in kinds]) if len(kinds) else np.zeros((1, labels.shape[1]))
    )
    paired = counts.sum(axis=0) >= 2
    counts, weights, runs = counts[:, paired].astype(float), weights[paired], runs[paired]
    size = len(counts)
    # Coincidences of two labels in one step, each step's pairs weighing as many labels as it has.
    pairs = counts[:, None, :] * counts[None, :, :]
    pairs[np.arange(size), np.arange(size)] -= counts
    pairs *= weights / np.maximum(counts.sum(axis=0) - 1, 1)
    cells = np.repeat(np.arange(size * size), len(weights))
    tables = _by_run(cells, pairs.reshape(-1), np.tile(runs, size * size), size * size)
    scale = len(weights) / weights.sum() if len(weights) else 1.0  # so that sizes stay those of what was labelled

    def disagreement(table: Values) -> tuple[float, float]:
        found = table.reshape(size, size) * scale
        of_kind = found.sum(axis=1)
        total = of_kind.sum()
        if total <= 1:
            return 0.0, 0.0
        return 1 - float(np.trace(found)) / total, 1 - float((of_kind * (of_kind - 1)).sum() / (total * (total - 1)))

    return _coefficient(tables, disagreement, len(weights), level)


def _by_run(cells: NDArray[np.int64], weights: Values, runs: Runs, size: int) -> Values:
    """The weight of each cell of a table, one row a run."""
    if not len(runs):
        return np.zeros((0, size))
    _, index = np.unique(runs, return_inverse=True)
    number = int(index.max()) + 1
    table = np.bincount(index * size + cells, weights, number * size).reshape(number, size)
    return np.asarray(table, dtype=np.float64)


def _coefficient(
    tables: Values, disagreement: Callable[[Values], tuple[float, float]], steps: int, level: float
) -> Coefficient:
    """1 - observed / expected disagreement, with limits over runs."""
    number = len(tables)
    whole = tables.sum(axis=0)
    observed, expected = disagreement(whole) if steps else (0.0, 0.0)
    if expected <= 1e-12:
        return Coefficient(0.0, -1.0, 1.0, level, steps, number, has_data=False, method="none: nothing could disagree")
    value = 1 - observed / expected
    if number < 2:
        return Coefficient(value, -1.0, 1.0, level, steps, number, method="none: one run shows no spread")
    _, most = clopper_pearson(0, number, level)
    if observed <= 1e-12:
        return Coefficient(
            value, max(-1.0, 1 - most / expected), 1.0, level, steps, number, method="exact: no run disagrees"
        )
    logs = _leave_out(tables, whole, disagreement)
    variance = (number - 1) / number * float(((logs - logs.mean()) ** 2).sum())
    reach = student_quantile(level, number - 1) * max(sqrt(variance), 1e-9)
    middle = log(observed / expected)
    return Coefficient(
        value, max(-1.0, 1 - exp(min(middle + reach, 2.0))), 1 - exp(middle - reach), level, steps, number
    )


def _leave_out(tables: Values, whole: Values, disagreement: Callable[[Values], tuple[float, float]]) -> Values:
    """The logarithm of observed / expected disagreement without each run; a half step where none disagrees then."""
    logs = []
    for table in tables:
        observed, expected = disagreement(whole - table)
        least = 0.5 / max(float((whole - table).sum()), 1.0)
        logs.append(log(max(observed, least) / max(expected, least)))
    return np.array(logs)


def _youden(sensitivity: Share, specificity: Share, level: float) -> Coefficient:
    steps, runs = sensitivity.steps + specificity.steps, max(sensitivity.runs, specificity.runs)
    if not (sensitivity.has_data and specificity.has_data):
        return Coefficient(0.0, -1.0, 1.0, level, steps, runs, has_data=False, method="none: one side has no step")
    parts = [(1.0, (one.value, one.low, one.high)) for one in (sensitivity, specificity)]
    value, low, high = signed_sum(parts)
    return Coefficient(
        value - 1, max(-1.0, low - 1), min(1.0, high - 1), level, steps, runs, method="MOVER of Wilson limits"
    )


def as_labels(words: Sequence[str], kinds: Sequence[str]) -> Labels:
    """Labels by their number in `kinds`; any other word is missing."""
    numbers = {kind: number for number, kind in enumerate(kinds)}
    return np.array([numbers.get(word, MISSING) for word in words], dtype=np.int64)
